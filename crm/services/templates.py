"""Writes of task templates and their containers."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from core import journal
from core.actor import Actor
from core.api.errors import Invalid, NotFound
from crm.models import Task, TaskCategory, TaskTemplate, TaskTemplateContainer
from crm.models.records import EntityType
from crm.models.tasks import NOBODY
from crm.services.records import title_checked
from crm.services.states import state_of
from crm.services.tasks import TaskData, task_create
from crm.text import text_checked


@dataclass(frozen=True)
class TemplateData:
    """offset_ticks: from the making of the task to its deadline, in units of 100 ns."""

    title: str | None
    category_id: int
    description: str | None = None
    responsible_id: UUID = NOBODY
    is_notify: bool = False
    offset_ticks: int = 0
    deadline_is_fixed: bool = False


@transaction.atomic
def container_create(*, actor: Actor, title: str | None, entity_type: int) -> TaskTemplateContainer:
    """A new, empty set of templates for one kind of record; Invalid without a title."""
    actor.require("crm.add_tasktemplatecontainer")
    container = TaskTemplateContainer(
        organization=actor.organization, title=title_checked(title), entity_type=entity_type
    )
    container.save(force_insert=True)
    journal.record(actor=actor, verb="create", obj=container, changes=journal.diff({}, state_of(container)))
    return container


@transaction.atomic
def container_update(*, actor: Actor, container_id: int, title: str | None) -> TaskTemplateContainer:
    """Rename the set; Invalid without a title, NotFound for an unknown set."""
    actor.require("crm.change_tasktemplatecontainer")
    title = title_checked(title)
    container = _container(actor, container_id)
    before = state_of(container)
    container.title = title
    container.save(update_fields=["title"])
    journal.record(actor=actor, verb="update", obj=container, changes=journal.diff(before, state_of(container)))
    return container


@transaction.atomic
def container_delete(*, actor: Actor, container_id: int) -> tuple[TaskTemplateContainer, list[TaskTemplate]]:
    """Delete the set with its templates; both are returned as they were."""
    actor.require("crm.delete_tasktemplatecontainer")
    container = _container(actor, container_id)
    templates = list(container.templates.select_related("category"))
    journal.record(actor=actor, verb="delete", obj=container, snapshot=state_of(container))
    container.delete()
    container.pk = container_id
    return container, templates


@transaction.atomic
def template_create(*, actor: Actor, container_id: int, data: TemplateData) -> TaskTemplate:
    """A new template; Invalid without title or category, NotFound for an unknown container or category."""
    actor.require("crm.add_tasktemplate")
    container = _container(actor, container_id)
    template = _filled(TaskTemplate(organization=actor.organization, container=container), actor, data)
    template.save(force_insert=True)
    journal.record(actor=actor, verb="create", obj=template, changes=journal.diff({}, state_of(template)))
    return template


@transaction.atomic
def template_update(*, actor: Actor, container_id: int, template_id: int, data: TemplateData) -> TaskTemplate:
    """Replace the template, which also moves it into this container."""
    actor.require("crm.change_tasktemplate")
    template = _template(actor, template_id)
    before = state_of(template)
    template.container = _container(actor, container_id)
    _filled(template, actor, data).save(force_update=True)
    journal.record(actor=actor, verb="update", obj=template, changes=journal.diff(before, state_of(template)))
    return template


@transaction.atomic
def template_delete(*, actor: Actor, template_id: int) -> TaskTemplate:
    """Delete the template; returned as it was."""
    actor.require("crm.delete_tasktemplate")
    template = _template(actor, template_id)
    TaskTemplate.objects.filter(pk=template.pk).delete()
    journal.record(actor=actor, verb="delete", obj=template, snapshot=state_of(template))
    return template


@transaction.atomic
def container_apply(
    *, actor: Actor, container_id: int, contact_id: int = 0, entity_type: EntityType | None = None, entity_id: int = 0
) -> list[Task]:
    """Make the tasks of all templates of the set for one contact, opportunity or case: all of them or none.

    A fixed deadline counts from the beginning of today in the organization's zone, any other one from now.
    """
    container, now = _container(actor, container_id), timezone.now()
    midnight = now.astimezone(actor.organization.zone).replace(hour=0, minute=0, second=0, microsecond=0)
    tasks = []
    for template in container.templates.all():
        start = midnight if template.deadline_is_fixed else now
        data = TaskData(
            title=template.title,
            description=template.description,
            deadline=_later(start, template.offset_ticks),
            category_id=template.category_id,
            responsible_id=template.responsible_id,
            contact_id=contact_id,
            entity_type=entity_type,
            entity_id=entity_id,
            notify=template.is_notify,
        )
        tasks.append(task_create(actor=actor, data=data)[0])
    return tasks


def _later(start: datetime, ticks: int) -> datetime:
    try:
        return (start + timedelta(microseconds=ticks // 10)).astimezone(UTC)
    except OverflowError as error:
        raise Invalid("The deadline of a template is out of reach.") from error


def _container(actor: Actor, container_id: int) -> TaskTemplateContainer:
    container = TaskTemplateContainer.objects.of(actor.organization).select_for_update().filter(pk=container_id).first()
    if container is None:
        raise NotFound
    return container


def _template(actor: Actor, template_id: int) -> TaskTemplate:
    templates = TaskTemplate.objects.of(actor.organization).select_related("category").select_for_update(of=("self",))
    template = templates.filter(pk=template_id).first()
    if template is None:
        raise NotFound
    return template


def _filled(template: TaskTemplate, actor: Actor, data: TemplateData) -> TaskTemplate:
    template.title = title_checked(data.title)
    if data.category_id <= 0:
        raise Invalid("Choose a category.", field="category")
    category = TaskCategory.objects.of(actor.organization).filter(pk=data.category_id).first()
    if category is None:
        raise NotFound("Category is not found")
    template.category = category
    template.description = data.description  # type: ignore[assignment]
    text_checked(data.description or "", field="description")
    template.responsible_id, template.is_notify = data.responsible_id, data.is_notify
    template.offset_ticks, template.deadline_is_fixed = data.offset_ticks, data.deadline_is_fixed
    return template
