"""Projects, their workspaces, and who settles what waits in them; written by the console."""

import base64
import secrets
from collections.abc import Mapping
from typing import Any

from django.contrib.auth.models import Group
from django.db import IntegrityError, transaction

from accounts import crypto
from accounts.models import User
from core.actor import Actor
from core.api.errors import Conflict, Invalid
from core.journal import diff, record
from soc.models import Approver, Attachment, Project, Todo, Workspace
from soc.services.base import fields_check
from soc.webhooks import TargetRefused, target_parse


def project_create(*, actor: Actor, name: str) -> Project:
    """A project for the region `name`; an organization has one per region."""
    actor.require("soc.add_project")
    project = Project(organization=actor.organization, name=name)
    fields_check(project)
    with transaction.atomic():
        _project_save(project)
        record(actor=actor, verb="create", obj=project, changes={"name": [None, name]})
    return project


def project_update(*, actor: Actor, project: Project, name: str) -> Project:
    actor.require("soc.change_project")
    before, project.name = project.name, name
    fields_check(project)
    with transaction.atomic():
        _project_save(project)
        record(actor=actor, verb="update", obj=project, changes=diff({"name": before}, {"name": name}))
    return project


def project_delete(*, actor: Actor, project: Project) -> None:
    """Conflict while the project has workspaces."""
    actor.require("soc.delete_project")
    with transaction.atomic():
        if Workspace.objects.filter(project=project).exists():
            raise Conflict("The project still has workspaces.")
        record(actor=actor, verb="delete", obj=project, changes={"name": [project.name, None]})
        project.delete()


def workspace_create(
    *, actor: Actor, project: Project, name: str, description: str = "", webhook_url: str = ""
) -> Workspace:
    """A workspace in the organization's own `project`."""
    actor.require("soc.add_workspace")
    workspace = Workspace(organization=actor.organization)
    return _workspace_write(
        actor,
        workspace,
        {"project": project, "name": name, "description": description, "webhook_url": webhook_url},
        verb="create",
    )


def workspace_update(*, actor: Actor, workspace: Workspace, fields: Mapping[str, Any]) -> Workspace:
    """Change name, description, webhook_url or project."""
    actor.require("soc.change_workspace")
    return _workspace_write(actor, workspace, fields, verb="update")


def workspace_delete(*, actor: Actor, workspace: Workspace) -> None:
    """Conflict while the workspace holds to-dos or attachments."""
    actor.require("soc.delete_workspace")
    with transaction.atomic():
        if any(model.objects.filter(workspace=workspace).exists() for model in (Todo, Attachment)):
            raise Conflict("The workspace still holds to-dos or attachments.")
        record(actor=actor, verb="delete", obj=workspace, changes={"name": [workspace.name, None]})
        workspace.delete()


def workspace_secret_issue(*, actor: Actor, workspace: Workspace) -> str:
    """A new secret for the workspace's webhooks, as `whsec_…`; it is stored encrypted and not shown again."""
    actor.require("soc.change_workspace")
    secret = "whsec_" + base64.b64encode(secrets.token_bytes(32)).decode()
    workspace.webhook_secret_encrypted = crypto.encrypt(secret)
    with transaction.atomic():
        workspace.save(update_fields=["webhook_secret_encrypted"])
        record(actor=actor, verb="secret_issue", obj=workspace)
    return secret


def approver_create(
    *, actor: Actor, workspace: Workspace, user: User | None = None, group: Group | None = None
) -> Approver:
    """Let a user of the organization, or a group, settle the workspace's to-dos; exactly one of the two."""
    actor.require("soc.add_approver")
    if (user is None) == (group is None):
        raise Invalid("Name either a user or a group.")
    if user is not None and user.organization_id != actor.organization.pk:
        raise Invalid("user: no such user", field="user")
    approver = Approver(organization=actor.organization, workspace=workspace, user=user, group=group)
    with transaction.atomic():
        try:
            with transaction.atomic():
                approver.save(force_insert=True)
        except IntegrityError:
            raise Conflict("The workspace has this approver already.") from None
        record(actor=actor, verb="approver_add", obj=workspace, changes={"approvers": [None, str(approver)]})
    return approver


def approver_delete(*, actor: Actor, approver: Approver) -> None:
    actor.require("soc.delete_approver")
    with transaction.atomic():
        changes = {"approvers": [str(approver), None]}
        record(actor=actor, verb="approver_remove", obj=approver.workspace, changes=changes)
        approver.delete()


def _project_save(project: Project) -> None:
    try:
        with transaction.atomic():
            project.save()
    except IntegrityError:
        raise Conflict("The organization has a project of this name already.", field="name") from None


def _workspace_write(actor: Actor, workspace: Workspace, fields: Mapping[str, Any], *, verb: str) -> Workspace:
    before = _plain(workspace) if verb == "update" else {}
    for name in ("project", "name", "description", "webhook_url"):
        if name in fields:
            setattr(workspace, name, fields[name])
    if workspace.project.organization_id != actor.organization.pk:
        raise Invalid("project: no such project", field="project")
    if workspace.webhook_url:
        _webhook_check(workspace.webhook_url)
    fields_check(workspace)
    with transaction.atomic():
        workspace.save()
        record(actor=actor, verb=verb, obj=workspace, changes=diff(before, _plain(workspace)))
    return workspace


def _webhook_check(url: str) -> None:
    # Where the name leads is asked at each delivery; a form would only learn where it leads today.
    try:
        target_parse(url)
    except TargetRefused as error:
        raise Invalid(f"webhook_url: {error}", field="webhook_url") from None


def _plain(workspace: Workspace) -> dict[str, str]:
    return {
        "project": str(workspace.project),
        "name": workspace.name,
        "description": workspace.description,
        "webhook_url": workspace.webhook_url,
    }
