from flows.api.views import FlowViewSet
from hubs.api.dialect import route

# A flow's name is written into the path as it is: it may hold spaces, any script, and slashes.
urlpatterns = [
    route("flows", FlowViewSet, get="list"),
    route("flows/check-version", FlowViewSet, post="check_version"),
    route("flow", FlowViewSet, post="create"),
    route("flow-reorder", FlowViewSet, put="reorder"),
    route("flow-logs", FlowViewSet, get="logs"),
    route("flow-fields", FlowViewSet, get="all_fields"),
    route("flow-components", FlowViewSet, get="all_fields"),
    route("flow/(?P<flow_id>[^/]+)", FlowViewSet, get="retrieve", put="update", delete="destroy"),
    route("flow/(?P<flow_id>[^/]+)/restore/(?P<log_id>[^/]+)", FlowViewSet, put="restore"),
    route("flow/(?P<name>.+)/fields", FlowViewSet, get="fields"),
    route("flow/(?P<name>.+)/task", FlowViewSet, get="example"),
]
