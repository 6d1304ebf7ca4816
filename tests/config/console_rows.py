"""One row more of every table that the console shows."""

from itertools import count
from typing import Any

from django.utils import timezone

from accounts.models import AccessKey
from core.models import Job
from crm.models import Case, Contact, Opportunity, Stage, TaskCategory, TaskTemplate, TaskTemplateContainer
from crm.models import Task as CrmTask
from crm.models.records import EntityType
from flows.models import Flow
from flows.services import flow_create, flow_update
from gantt import services as gantt
from gantt.baselines.services import baseline_set
from gantt.models import CopyGroup, TempId
from gantt.models import Project as Plan
from gantt.models import Task as Bar
from hubs.models import Hub, Team
from soc.models import Approver, Attachment, Todo, TodoAttachment, Workspace
from soc.models import Project as Region
from tasks.models import BulkRequest, Task, TaskImport, TaskPhoto
from tasks.services import task_update
from tests.conftest import World
from tests.factories import UserFactory, token_for
from tests.flows.factories import component, pages
from tests.hubs.factories import HubFactory, TeamFactory
from tests.soc.factories import CommentFactory, ProjectFactory, TodoFactory, WorkspaceFactory
from tests.tasks.factories import task_make

_numbers = count()


def rows_more(world: World) -> None:
    """A row of each table; where it hangs on another row, one on the first such row, too."""
    number = next(_numbers)
    user = UserFactory(organization=world.organization, group="Agent", is_staff=True)
    token_for(user)
    AccessKey.objects.create(
        organization=world.organization, user=user, name="key", access_key=f"AK{number}", secret_encrypted=b"x"
    )
    Job.objects.create(organization=world.organization, name="tests.none", run_at=timezone.now())
    _mileapp_more(world, user, number)
    _crm_more(world, user, number)
    _soc_more(world, user, number)
    _gantt_more(world, number)


def _mileapp_more(world: World, user: Any, number: int) -> None:
    actor, organization = world.actor(), world.organization
    hub = HubFactory(organization=organization, users=[user])
    _first(Hub).users.add(user)
    for each in (hub, _first(Hub)):
        TeamFactory(hub=each, users=[user])
    _first(Team).users.add(user)
    flow = flow_create(actor=actor, name=f"Flow {number}", pages=pages(component(showAs="title")))
    first = _first(Flow)
    flow_update(actor=actor, flow=first, name=first.name, pages=pages(component(), component(f"field{number + 2}")))
    task_make(actor, _first(Hub), flow, assignee=[user.email])
    task_make(actor, hub, _first(Flow))
    task = _first(Task)
    task_update(actor=actor, task_id=task.pk, body={"field1": str(number)})
    TaskPhoto.objects.create(
        organization=organization, path=f"2026/01/01/{number}.jpg", file="x.jpg", size=1, task_id=task.pk,
        created_time=timezone.now(),
    )  # fmt: skip
    BulkRequest.objects.create(organization=organization, user=user, source="mileapp", operation="put", rows=[])
    TaskImport.objects.create(organization=organization, key=str(number), filename="tasks.csv")


def _crm_more(world: World, user: Any, number: int) -> None:
    owned = {"organization": world.organization}
    title = f"Title {number}"
    company = Contact.objects.create(
        is_company=True, company_name=title, display_name=title, name_key=title, created_by=user, **owned
    )
    for employer in (company, _first(Contact)):
        person = Contact.objects.create(
            first_name=title, company=employer, display_name=title, name_key=title, created_by=user, **owned
        )
        person.managers.add(user)
    _first(Contact).managers.add(user)
    category = TaskCategory.objects.create(title=title, **owned)
    stage = Stage.objects.create(title=title, **owned)
    deal = {"responsible_id": user.guid, "bid_currency": "USD", "contact": person, "stage": stage}
    for record, kind in (
        (Opportunity.objects.create(title=title, created_by=user, **deal, **owned), EntityType.OPPORTUNITY),
        (Case.objects.create(title=title, created_by=user, **owned), EntityType.CASE),
    ):
        for each in (record, _first(type(record))):
            each.members.add(person)
            each.access_list.add(user)
            CrmTask.objects.create(
                title=title, title_key=title, deadline=timezone.now(), category=category, responsible_id=user.guid,
                contact_id=_first(Contact).pk, entity_type=kind, entity_id=each.pk, created_by=user, **owned,
            )  # fmt: skip
    container = TaskTemplateContainer.objects.create(title=title, entity_type=0, **owned)
    for each in (container, _first(TaskTemplateContainer)):
        TaskTemplate.objects.create(container=each, title=title, category=category, responsible_id=user.guid, **owned)


def _soc_more(world: World, user: Any, number: int) -> None:
    region = ProjectFactory(organization=world.organization)
    WorkspaceFactory(project=_first(Region))
    workspace = WorkspaceFactory(project=region)
    Approver.objects.create(organization=world.organization, workspace=_first(Workspace), user=user)
    for each in (workspace, _first(Workspace)):
        TodoFactory(workspace=each, approve_user=user)
    CommentFactory(todo=_first(Todo))
    attachment = Attachment.objects.create(
        organization=world.organization, workspace=_first(Workspace), file_name=f"{number}.txt", file="x.txt", size=1,
        create_time=timezone.now(), update_time=timezone.now(),
    )  # fmt: skip
    TodoAttachment.objects.create(organization=world.organization, todo=_first(Todo), attachment=attachment)


def _gantt_more(world: World, number: int) -> None:
    actor = world.actor()
    plan = gantt.project_create(actor=actor, name=f"Plan {number}", slug=f"plan-{number}")
    for each in (plan, _first(Plan)):
        bar = gantt.task_create(actor=actor, project=each, values={"text": "bar"})
        person = gantt.resource_create(actor=actor, project=each, name=f"Person {number}")
        gantt.assignment_create(actor=actor, project=each, task=bar.pk, resource=person.pk)
        baseline_set(actor=actor, project=each, name=f"Baseline {number}")
        gantt.share_create(actor=actor, project=each, name="Builders", access="edit")
    if bar != _first(Bar):
        gantt.assignment_create(actor=actor, project=each, task=_first(Bar).pk, resource=person.pk)
        gantt.link_create(actor=actor, project=each, source=_first(Bar).pk, target=bar.pk)
    group = CopyGroup.objects.create(organization=world.organization, project=_first(Plan), client="x", number=number)
    for each in (group, _first(CopyGroup)):
        TempId.objects.create(
            organization=world.organization, project=_first(Plan), client="x", number=number, kind="copy", object_id=1,
            group=each,
        )  # fmt: skip


def _first(model: Any) -> Any:
    return model.objects.order_by("pk")[0]
