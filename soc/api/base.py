"""What every SecMaster route does before its handler runs, in the order that the vendor's errors follow."""

from typing import Any

from rest_framework.request import Request

from core.api.errors import MethodNotAllowed
from core.api.views import DialectView
from soc.api.dialect import SecMaster
from soc.models import Workspace
from soc.selectors import workspace_get


class SecMasterView(DialectView):
    """Unknown methods first, then the credential and the caller's role."""

    dialect = SecMaster
    http_method_names = ["get", "post", "put"]

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        method = str(request.method).lower()
        if method not in self.http_method_names or not hasattr(self, method):
            raise MethodNotAllowed
        super().initial(request, *args, **kwargs)

    def get_authenticators(self) -> list[Any]:
        # Where no credential is needed, a bad one is no reason to refuse.
        return [] if self.open_to_all else super().get_authenticators()

    def perform_content_negotiation(self, request: Request, force: bool = False) -> Any:
        # Answers are JSON whatever Accept says.
        renderer = self.get_renderers()[0]
        return renderer, renderer.media_type

    @property
    def request_id(self) -> str:
        return self.actor.request_id


class WorkspaceView(SecMasterView):
    """A route below a workspace: project and workspace are looked up after the credential, before anything else."""

    workspace: Workspace

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        self.workspace = workspace_get(
            user=request.user, project_id=kwargs["project_id"], workspace_id=kwargs["workspace_id"]
        )
