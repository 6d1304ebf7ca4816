"""Projects, workspaces and their files, and who settles what names nobody."""

from typing import Any

from django.db.models import Exists, OuterRef, Q

from accounts.models import Organization, User
from core.api.errors import NotFound
from core.statements import Given, Prepared
from soc.models import Attachment, Project, Workspace


def project_list(*, organization: Organization, name: str = "") -> list[dict[str, Any]]:
    """[{id, name}] of the organization's projects, all or the one called `name`."""
    projects = Project.objects.of(organization)
    return list((projects.filter(name=name) if name else projects).values("id", "name"))


def project_find(*, organization: Organization, lookup: dict[str, str]) -> Project | None:
    """The project with this id and/or name."""
    return Project.objects.of(organization).filter(**lookup).first()


def workspace_get(*, user: User, project_id: str, workspace_id: str) -> Workspace:
    """A workspace of the user's organization, with `is_open` (see there) for the user, in one query.

    NotFound with code `project` or `workspace`, whichever is unknown first.
    """
    organization = user.organization
    workspace = _WORKSPACE.first(organization=organization.pk, project=project_id, workspace=workspace_id, user=user.pk)
    if workspace is not None:
        workspace.organization = organization
        return workspace
    if not Project.objects.of(organization).filter(pk=project_id).exists():
        raise NotFound("The project does not exist.", code="project")
    raise NotFound("The workspace does not exist.", code="workspace")


def open_to(user: User | Given) -> Q:
    """Which workspaces let `user` settle what names nobody: those whose approvers he is one of, or that have none."""
    groups = User.groups.through.objects.filter(user=user).values("group")
    return Q(approvers=None) | Q(approvers__user=user) | Q(approvers__group__in=groups)


def is_open_to(*, user: User, workspace_id: str) -> bool:
    return bool(_OPEN.all(user=user.pk, workspace=workspace_id))


def attachment_get(*, workspace: Workspace, attachment_id: str, with_deleted: bool = True) -> Attachment:
    """An attachment; NotFound with code `attachment`."""
    attachment = _ATTACHMENT.first(workspace=workspace.pk, attachment=attachment_id)
    if attachment is None or (attachment.is_deleted and not with_deleted):
        raise NotFound("The attachment does not exist.", code="attachment")
    return attachment


_OPEN = Prepared(
    lambda: Workspace.objects.filter(open_to(Given("user")), pk=Given("workspace")).order_by().values_list("pk")[:1]
)
_WORKSPACE = Prepared(
    lambda: Workspace.objects.filter(
        organization=Given("organization"), project=Given("project"), pk=Given("workspace")
    ).annotate(is_open=Exists(Workspace.objects.filter(open_to(Given("user")), pk=OuterRef("pk"))))  # type: ignore[no-redef]
)
_ATTACHMENT = Prepared(
    lambda: Attachment.objects.filter(workspace=Given("workspace"), pk=Given("attachment")).order_by()
)
