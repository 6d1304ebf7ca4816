from hubs.api.dialect import route
from hubs.api.views import HubViewSet, MemberViewSet, RoleViewSet, TeamViewSet, UserViewSet

urlpatterns = [
    route("hubs", HubViewSet, get="list"),
    route("hub", HubViewSet, post="create"),
    route("hub/(?P<hub_id>[^/]+)", HubViewSet, get="retrieve", put="update", delete="destroy"),
    route("teams", TeamViewSet, get="list"),
    route("team", TeamViewSet, post="create"),
    route("team/(?P<team_id>[^/]+)", TeamViewSet, get="retrieve", put="update", delete="destroy"),
    route("users", UserViewSet, get="list"),
    route("user", UserViewSet, get="me", patch="me_update"),
    route("user/email/(?P<email>[^/]+)", UserViewSet, get="by_email"),
    route("user/(?P<user_id>[^/]+)", UserViewSet, get="retrieve", put="update", patch="partial_update"),
    route("member/unlock", MemberViewSet, post="unlock"),
    route("member/reset-password", MemberViewSet, post="reset_password"),
    route("member/(?P<user_id>[^/]+)", MemberViewSet, delete="destroy"),
    route("members/locked", MemberViewSet, get="locked"),
    route("roles", RoleViewSet, get="list"),
    route("role/(?P<role_id>[^/]+)", RoleViewSet, get="retrieve"),
]
