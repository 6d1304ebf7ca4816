"""What tasks refer to, loaded for many tasks at once: people, categories, contacts and records."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import Exists, FilteredRelation, OuterRef, Q, QuerySet

from accounts.models import User
from core.actor import Actor
from core.statements import Given, PreparedIn
from crm.counts import category_counted
from crm.models import Contact, ShareType, Task, TaskCategory
from crm.models.records import EntityType
from crm.models.tasks import NOBODY
from crm.selectors.rights import RECORDS

EntityKey = tuple[int | None, int]


class Person(NamedTuple):
    """What is shown of a user."""

    pk: int
    guid: UUID
    name: str
    first_name: str
    last_name: str
    title: str
    email: str


class CategoryRow(NamedTuple):
    """What is shown of a category."""

    pk: int
    title: str
    description: str
    color: str
    image: str
    sort_order: int


class TaskRow(NamedTuple):
    """What lists show of a task."""

    pk: int
    title: str
    description: str
    deadline: Any
    responsible_id: UUID
    contact_id: int
    entity_type: int | None
    entity_id: int
    category_id: int
    is_closed: bool
    alert_value: int
    created_by_id: int | None
    created_at: Any


@dataclass(slots=True)
class TaskContact:
    """What tasks show of a contact, with its primary e-mail (None without one).

    managed_by: loaded where the managers decide or are shown.
    """

    pk: int
    is_company: bool
    display_name: str
    name_key: str
    share_type: int
    email_id: int | None
    email_category: int
    email_address: str
    managed_by: list[Person] = field(default_factory=list)

    @property
    def is_private(self) -> bool:
        return self.share_type == ShareType.NONE


@dataclass
class Related:
    """Rows by the values that tasks hold; what a task names and is missing here does not exist (any more).

    entities: title by (type, id), "" where the caller may not see the record.
    category_tasks: number of tasks by category, only where it was asked for.
    """

    users: dict[UUID, User | Person] = field(default_factory=dict)
    creators: dict[int, User | Person] = field(default_factory=dict)
    categories: dict[int, TaskCategory | CategoryRow] = field(default_factory=dict)
    contacts: dict[int, TaskContact] = field(default_factory=dict)
    entities: dict[EntityKey, str] = field(default_factory=dict)
    category_tasks: dict[int, int] = field(default_factory=dict)


def related_load(actor: Actor, tasks: Iterable[Task | TaskRow], *, category: TaskCategory | None = None) -> Related:
    """Everything that printing these tasks needs: at most one query per table, none for what is known.

    category: the category of all of them, where the caller has read it already.
    """
    tasks = list(tasks)
    organization = actor.organization.pk
    related = Related()
    _users_load(actor, tasks, related)
    if category is not None:
        related.categories[category.pk] = category
    else:
        categories = _CATEGORIES.all(list({task.category_id for task in tasks}), organization=organization)
        related.categories = {row[0]: CategoryRow(*row) for row in categories}
    related.contacts = _contacts_load(actor, {task.contact_id for task in tasks} - {0})
    for entity_type in EntityType:
        ids = {task.entity_id for task in tasks if task.entity_type == entity_type}
        related.entities |= _entities_load(actor, entity_type, ids) if ids else {}
    return related


def related_counted(actor: Actor, task: Task) -> Related:
    """Everything that printing a single task needs, with the number of tasks of its category."""
    category = category_counted(actor.organization, task.category_id)
    related = related_load(actor, [task], category=category)
    if category is not None:
        related.category_tasks[category.pk] = category.tasks_count
    return related


def _users_load(actor: Actor, tasks: list[Task | TaskRow], related: Related) -> None:
    guids = {task.responsible_id for task in tasks} - {NOBODY}
    creators = {task.created_by_id for task in tasks if task.created_by_id is not None}
    if actor.user is not None:
        related.users[actor.user.guid] = related.creators[actor.user.pk] = actor.user
    organization = actor.organization.pk
    unknown = [_GUID.get_db_prep_value(guid, connection) for guid in guids - related.users.keys()]
    for user in map(Person._make, _BY_GUID.all(unknown, organization=organization)):
        related.users[user.guid] = related.creators[user.pk] = user
    for user in map(Person._make, _BY_ID.all(list(creators - related.creators.keys()), organization=organization)):
        related.users[user.guid] = related.creators[user.pk] = user


def _contacts_load(actor: Actor, ids: set[int]) -> dict[int, TaskContact]:
    rows = _CONTACTS.all(list(ids), organization=actor.organization.pk)
    contacts = {row[0]: TaskContact(*row[:-1]) for row in rows}
    managed = {ShareType.NONE} if actor.is_administrator else {ShareType.NONE, ShareType.READ}
    decided = [pk for pk, *_, is_managed in rows if is_managed and contacts[pk].share_type in managed]
    for contact_id, *manager in _MANAGERS.all(decided, organization=actor.organization.pk):
        contacts[contact_id].managed_by.append(Person(*manager))
    return contacts


def _entities_load(actor: Actor, entity_type: EntityType, ids: set[int]) -> dict[EntityKey, str]:
    titles = dict(_TITLES[entity_type].all(list(ids), organization=actor.organization.pk))
    visible = titles.keys() if actor.is_administrator else _records_visible(actor, entity_type, ids)
    return {(entity_type, pk): title if pk in visible else "" for pk, title in titles.items()}


def _records_visible(actor: Actor, entity_type: EntityType, ids: set[int]) -> set[int]:
    model, seen = RECORDS[entity_type]
    return set(model.objects.of(actor.organization).filter(seen(actor), pk__in=ids).values_list("pk", flat=True))


def _people(**wanted: Any) -> QuerySet:
    return User.objects.of(Given("organization")).filter(**wanted).order_by().values_list(*Person._fields)


def _categories(ids: Any) -> QuerySet:
    categories = TaskCategory.objects.of(Given("organization")).filter(pk__in=ids).order_by()
    return categories.values_list(*CategoryRow._fields)


def _contacts(ids: Any) -> QuerySet:
    contacts = Contact.objects.of(Given("organization")).filter(pk__in=ids).order_by()
    emails = FilteredRelation("emails", condition=Q(emails__is_primary=True))
    managers = Contact.managers.through.objects.filter(contact=OuterRef("pk"))
    return contacts.annotate(primary_email=emails, is_managed=Exists(managers)).values_list(
        "pk", "is_company", "display_name", "name_key", "share_type",
        "primary_email__id", "primary_email__category", "primary_email__address", "is_managed",
    )  # fmt: skip


def _managers(ids: Any) -> QuerySet:
    contacts = Contact.objects.of(Given("organization")).filter(pk__in=ids, managers__isnull=False)
    columns = (f"managers__{name}" for name in Person._fields)
    return contacts.order_by("managers__name", "managers__id").values_list("pk", *columns)


def _titles(entity_type: EntityType) -> PreparedIn:
    def make(ids: Any) -> QuerySet:
        records = RECORDS[entity_type][0].objects.of(Given("organization"))
        return records.filter(pk__in=ids).order_by().values_list("pk", "title")

    return PreparedIn(make)


_GUID = User._meta.get_field("guid")
_BY_GUID = PreparedIn(lambda guids: _people(guid__in=guids))
_BY_ID = PreparedIn(lambda ids: _people(pk__in=ids))
_CATEGORIES = PreparedIn(_categories)
_CONTACTS = PreparedIn(_contacts)
_MANAGERS = PreparedIn(_managers)
_TITLES = {entity_type: _titles(entity_type) for entity_type in EntityType}
