from hubs.api.dialect import route
from tasks.api.views import TaskBulkViewSet, TaskPhotoViewSet, TaskReportViewSet, TaskViewSet

urlpatterns = [
    route("tasks", TaskViewSet, get="list"),
    route("tasks/bulk", TaskBulkViewSet, post="create", put="replace", patch="update", delete="destroy"),
    route("tasks/bulk/assign", TaskBulkViewSet, put="assign"),
    route("tasks/bulk/move", TaskBulkViewSet, put="move"),
    route("tasks/tracking", TaskReportViewSet, get="tracking"),
    route("tasks-gallery", TaskReportViewSet, get="gallery"),
    route("task", TaskViewSet, post="create"),
    route("task/public/(?P<task_id>[^/]+)", TaskReportViewSet, get="public"),
    route("task/photo/(?P<name>[^/]+)", TaskPhotoViewSet, post="create"),
    route("task/(?P<task_id>[^/]+)", TaskViewSet, get="retrieve", put="replace", patch="update", delete="destroy"),
    route("task/(?P<task_id>[^/]+)/assign", TaskViewSet, put="assign"),
    route("task/(?P<task_id>[^/]+)/move", TaskViewSet, put="move"),
]
