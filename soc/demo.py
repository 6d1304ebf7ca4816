"""Demo data: the to-do of the vendor's page with its ids, so that the page's requests work as they are printed."""

from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.core.files.base import ContentFile
from django.db import transaction

from accounts.models import Organization
from core.actor import Actor
from soc.models import Attachment, BusinessType, Comment, DueHandle, Project, Status, Todo, TodoAttachment, Workspace
from soc.services.base import actor_id, now

PROJECT = "15645222e8744afa985c93dab6341da6"
WORKSPACE = "75645d0a-93b8-4a7f-a77c-e97009389445"
TASK = "3e4c170e-7cc9-11f0-9216-fa163e209978"
COMMENT = "909494e3-558e-46b6-a9eb-07a8e18ca62f"
ATTACHMENT = "909494e3-558e-46b6-a9eb-07a8e1XXXX"
REPORT = b"Alert 4711: outbound traffic of web-03 to an address on the watch list.\n"

SINGAPORE = ZoneInfo("Asia/Singapore")
# Name, related object, business type, hours until due, what happens then.
MORE = (
    ("Isolate host web-03", "Contain a compromised host", BusinessType.PLAYBOOK_NODE, -26, ""),
    ("Block 203.0.113.7 at the edge", "Block an address", BusinessType.PLAYBOOK_NODE, 4, DueHandle.CONTINUE),
    ("Disable the account j.tan", "Lock a leaked account", BusinessType.WORKFLOW_NODE, 30, DueHandle.INTERRUPT),
    ("Publish version 4 of phishing triage", "Phishing triage", BusinessType.PLAYBOOK_PUBLISH, 200, ""),
    ("Publish version 2 of log enrichment", "Log enrichment", BusinessType.WORKFLOW_PUBLISH, 330, ""),
)


@transaction.atomic
def demo_load(*, actor: Actor) -> dict[str, Any]:
    """Load or reset the demo workspace; the ids as a part of `seed_demo`'s answer.

    The page's to-do waits again with the page's values, and with the comment and the attachment that the page's
    requests name, so that each of the six works first after a reset. With both deleted, the answer is the page's.
    """
    organization = actor.organization
    project, _ = Project.objects.update_or_create(
        id=PROJECT, defaults={"organization": organization, "name": "cn-north-4"}
    )
    workspace, _ = Workspace.objects.update_or_create(
        id=WORKSPACE, defaults={"organization": organization, "project": project, "name": "Security operations"}
    )
    todo = _page_todo(organization, workspace)
    _page_comment(actor, todo)
    _page_attachment(actor, todo)
    _more_todos(actor, workspace)
    return {"secmaster": {"project_id": PROJECT, "workspace_id": WORKSPACE, "task_id": TASK}}


def _page_todo(organization: Organization, workspace: Workspace) -> Todo:
    values = {
        "organization": organization,
        "workspace": workspace,
        "aopengine_task_id": TASK,
        "name": "test task",
        "description": "",
        "create_time": datetime(2025, 8, 19, 14, 53, 42, 424000, tzinfo=SINGAPORE),
        "creator_id": "",
        "creator_name": "XXXX",
        "modifier_id": "",
        "modifier_name": "",
        "update_time": datetime(2025, 8, 19, 16, 50, 23, 743000, tzinfo=SINGAPORE),
        "approve_user": None,
        "approve_group": None,
        "handled_by": None,
        "handled_at": None,
        "approver": "",
        "definition_key": "Activity_1xkg6ju",
        "notes": "006",
        "due_date": datetime(2025, 9, 3, 14, 53, 42, 398000, tzinfo=SINGAPORE),
        "action_id": "e1426fd5-bf48-3b71-8f8e-d5ca1047f68b",
        "action_version_id": "0696648d-9d20-4e21-b1fd-24f9a6f4918c",
        "action_instance_id": "xxxxx",
        "view_parameters": "",
        "handle_parameters": "",
        "review_comments": "",
        "business_type": BusinessType.PLAYBOOK_NODE,
        "related_object": "test",
        "due_handle": "",
        "status": Status.WAITING,
    }
    todo, _ = Todo.objects.update_or_create(id=TASK, defaults=values)
    Comment.objects.filter(todo=todo).delete()
    TodoAttachment.objects.filter(todo=todo).delete()
    return todo


def _page_comment(actor: Actor, todo: Todo) -> None:
    Comment.objects.create(
        id=COMMENT,
        organization=todo.organization,
        todo=todo,
        message="comment content",
        user_id=actor_id(actor),
        user_name=actor.name,
        time=todo.create_time,
    )


def _page_attachment(actor: Actor, todo: Todo) -> None:
    workspace = todo.workspace
    attachment = Attachment.objects.filter(pk=ATTACHMENT).first()
    if attachment is None:
        attachment = Attachment(id=ATTACHMENT, organization=workspace.organization, workspace=workspace)
        attachment.create_time = now()
    if not attachment.file.name or not attachment.file.storage.exists(attachment.file.name):
        attachment.file.save("report.txt", ContentFile(REPORT), save=False)
    who = actor_id(actor)
    attachment.file_name, attachment.size, attachment.is_deleted = "report.txt", len(REPORT), False
    attachment.creator_id = attachment.modifier_id = who
    attachment.creator_name = attachment.modifier_name = actor.name
    attachment.update_time = now()
    attachment.save()
    TodoAttachment.objects.create(organization=todo.organization, todo=todo, attachment=attachment)


def _more_todos(actor: Actor, workspace: Workspace) -> None:
    """A queue to look at; what somebody has settled since stays settled."""
    moment = now()
    for number, (name, related, business_type, hours, due_handle) in enumerate(MORE, start=1):
        Todo.objects.get_or_create(
            workspace=workspace,
            aopengine_task_id=f"demo-{number}",
            defaults={
                "organization": workspace.organization,
                "name": name,
                "related_object": related,
                "business_type": business_type,
                "definition_key": f"Activity_demo{number}",
                "create_time": moment - timedelta(days=1),
                "update_time": moment - timedelta(days=1),
                "due_date": moment + timedelta(hours=hours),
                "due_handle": due_handle,
                "creator_id": "system",
                "creator_name": "playbook engine",
            },
        )
