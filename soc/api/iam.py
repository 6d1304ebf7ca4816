"""The two IAM routes that SecMaster's clients need: a token for a password, and the look-up of a project."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from django.utils import timezone
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.errors import LoginFailed
from accounts.models import User
from accounts.services import login_check, token_issue
from core.api.errors import Invalid, Unauthenticated
from soc.api import schema
from soc.api.base import SecMasterView
from soc.models import Project
from soc.selectors import project_find, project_list

LIFETIME = timedelta(hours=24)


class TokenView(SecMasterView):
    """POST /v3/auth/tokens: the token is the answer's header X-Subject-Token."""

    open_to_all = frozenset({"post"})

    @schema.TOKEN
    def post(self, request: Request) -> Response:
        auth = member(self.body, "auth")
        user = self._user(request, auth)
        project = self._project(user, auth)
        issued_at = timezone.now()
        _, raw = token_issue(user=user, name="IAM", expires_at=issued_at + LIFETIME, kind="session")
        body = {"token": token_info(user, project, issued_at)}
        return Response(body, status=201, headers={"X-Subject-Token": raw})

    def _user(self, request: Request, auth: Mapping[str, Any]) -> User:
        identity = member(auth, "identity")
        if identity.get("methods") != ["password"]:
            raise Invalid('auth.identity.methods: must be ["password"]')
        user = member(member(identity, "password"), "user")
        name, password = user.get("name"), user.get("password")
        if not isinstance(name, str) or not isinstance(password, str):
            raise Invalid("auth.identity.password.user: needs name and password")
        try:
            return login_check(request=request._request, email=name, password=password)
        except LoginFailed:
            raise Unauthenticated("The username or password is wrong.") from None

    def _project(self, user: User, auth: Mapping[str, Any]) -> Project | None:
        """The project of the scope; any other scope, or none, gives a token without one."""
        scope = auth.get("scope")
        wanted = scope.get("project") if isinstance(scope, dict) else None
        if wanted is None:
            return None
        lookup = {name: wanted[name] for name in ("id", "name") if name in wanted} if isinstance(wanted, dict) else {}
        if not lookup or not all(isinstance(value, str) for value in lookup.values()):
            raise Invalid("auth.scope.project: needs an id or a name")
        project = project_find(organization=user.organization, lookup=lookup)
        if project is None:
            raise Unauthenticated("The project of the scope does not exist.")
        return project


class ProjectListView(SecMasterView):
    """GET /v3/projects, from which the vendor's SDK learns the project id of a region."""

    permissions = {"get": "soc.view_project"}

    @schema.PROJECTS
    def get(self, request: Request) -> Response:
        name = request.query_params.get("name", "")
        return Response({"projects": project_list(organization=self.actor.organization, name=name)})


def token_info(user: User, project: Project | None, issued_at: datetime) -> dict[str, Any]:
    """The body of a token answer, as Keystone has it."""
    domain = {"id": user.organization.object_id, "name": user.organization.name}
    scope = {"project": {"domain": domain, "id": project.pk, "name": project.name}} if project else {}
    return {
        "catalog": [],
        "expires_at": _date(issued_at + LIFETIME),
        "issued_at": _date(issued_at),
        "methods": ["password"],
        **scope,
        "roles": [{"id": str(group.pk), "name": group.name} for group in user.groups.all()],
        "user": {"domain": domain, "id": str(user.guid), "name": user.email},
    }


def member(body: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    value = body.get(name)
    if not isinstance(value, dict):
        raise Invalid(f"{name}: must be an object")
    return value


def _date(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
