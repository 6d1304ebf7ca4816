"""Tasks, their categories, and task templates."""

from collections.abc import Mapping
from typing import Any

from accounts.models import User
from crm.api.objects import Caller
from crm.api.objects.contacts import contact_in_task
from crm.api.objects.people import employee
from crm.models import ContainerType, Task, TaskCategory, TaskTemplate, TaskTemplateContainer
from crm.models.records import EntityType
from crm.selectors.related import CategoryRow, Person, Related, TaskRow

ICONS = "/Products/CRM/App_Themes/default/images/"
Users = Mapping[Any, User | Person]


def task_object(task: Task | TaskRow, related: Related, caller: Caller) -> dict[str, Any]:
    """A task; its category has `relativeItemsCount` where the numbers were loaded."""
    shown: dict[str, Any] = {
        "createBy": employee(related.creators.get(task.created_by_id or 0), caller),
        "created": caller.moment(task.created_at),
    }
    contact = related.contacts.get(task.contact_id)
    if contact is not None:
        shown["contact"] = caller.once("contact", contact.pk, contact_in_task, contact, caller)
    _base_add(shown, task, related.users, caller)
    category = related.categories.get(task.category_id)
    if category is not None:
        tasks = related.category_tasks.get(category.pk, 0)
        shown["category"] = caller.once("category", category.pk, category_object, category, tasks)
    title = related.entities.get((task.entity_type, task.entity_id))
    if title is not None and task.entity_type is not None:
        kind = EntityType(task.entity_type).name.lower()
        shown["entity"] = {"entityType": kind, "entityId": task.entity_id, "entityTitle": title}
    if caller.task_editable(task):
        shown["canEdit"] = True
    shown["id"] = task.pk
    return shown


def task_in_contact(task: Task, users: Users, caller: Caller) -> dict[str, Any]:
    """The short task in lists of contacts; needs its category loaded."""
    shown: dict[str, Any] = {}
    _base_add(shown, task, users, caller)
    return shown | {"category": category_object(task.category), "id": task.pk}


def _base_add(shown: dict[str, Any], task: Task | TaskRow, users: Users, caller: Caller) -> None:
    """What a task shows wherever it stands, from its title to `isClosed`."""
    shown["title"] = task.title
    if task.description is not None:
        shown["description"] = task.description
    shown["deadLine"] = caller.moment(task.deadline)
    if task.alert_value:
        shown["alertValue"] = task.alert_value
    shown["responsible"] = employee(users.get(task.responsible_id), caller)
    if task.is_closed:
        shown["isClosed"] = True


def category_object(category: TaskCategory | CategoryRow, tasks: int = 0) -> dict[str, Any]:
    shown: dict[str, Any] = {"relativeItemsCount": tasks} if tasks else {}
    shown["imagePath"] = f"{ICONS}{category.image}" if category.image else ""
    shown["title"] = category.title
    if category.description is not None:
        shown["description"] = category.description
    if category.color is not None:
        shown["color"] = category.color
    if category.sort_order:
        shown["sortOrder"] = category.sort_order
    return shown | {"id": category.pk}


def template_object(
    template: TaskTemplate, users: Users, category_tasks: dict[int, int], caller: Caller
) -> dict[str, Any]:
    shown: dict[str, Any] = {"containerID": template.container_id, "title": template.title}
    if template.description is not None:
        shown["description"] = template.description
    return shown | {
        "responsible": employee(users.get(template.responsible_id), caller),
        "category": category_object(template.category, category_tasks.get(template.category_id, 0)),
        "isNotify": template.is_notify,
        "offsetTicks": template.offset_ticks,
        "deadLineIsFixed": template.deadline_is_fixed,
        "id": template.pk,
    }


def container_object(container: TaskTemplateContainer, items: list[dict[str, Any]]) -> dict[str, Any]:
    """`entityType` is the name of the kind here, not its number; no items, no member."""
    shown: dict[str, Any] = {
        "title": container.title,
        "entityType": ContainerType(container.entity_type).label,
    }
    if items:
        shown["items"] = items
    return shown | {"id": container.pk}
