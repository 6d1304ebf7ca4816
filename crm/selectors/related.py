"""What tasks refer to, loaded for many tasks at once: people, categories, contacts and records."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import cast
from uuid import UUID

from django.db.models import Count, F, FilteredRelation, Q, QuerySet, prefetch_related_objects

from accounts.models import Organization, User
from core.actor import Actor
from crm.models import Case, Contact, Opportunity, ShareType, Task, TaskCategory
from crm.models.records import EntityType
from crm.models.tasks import NOBODY
from crm.selectors.rights import RECORDS

EntityKey = tuple[int | None, int]


@dataclass
class Related:
    """Rows by the values that tasks hold; what a task names and is missing here does not exist (any more).

    entities: title by (type, id), "" where the caller may not see the record.
    category_tasks: number of tasks by category, only where it was asked for.
    """

    users: dict[UUID, User] = field(default_factory=dict)
    creators: dict[int, User] = field(default_factory=dict)
    categories: dict[int, TaskCategory] = field(default_factory=dict)
    contacts: dict[int, Contact] = field(default_factory=dict)
    entities: dict[EntityKey, str] = field(default_factory=dict)
    category_tasks: dict[int, int] = field(default_factory=dict)


def related_load(actor: Actor, tasks: Iterable[Task], *, category: TaskCategory | None = None) -> Related:
    """Everything that printing these tasks needs: at most one query per table, none for what is known.

    category: the category of all of them, where the caller has read it already.
    """
    tasks = list(tasks)
    organization = actor.organization
    related = Related()
    _users_load(actor, tasks, related)
    if category is not None:
        related.categories[category.pk] = category
    else:
        related.categories = TaskCategory.objects.of(organization).in_bulk({task.category_id for task in tasks})
    related.contacts = contacts_load(actor, {task.contact_id for task in tasks} - {0})
    for entity_type in EntityType:
        ids = {task.entity_id for task in tasks if task.entity_type == entity_type}
        related.entities |= _entities_load(actor, entity_type, ids) if ids else {}
    return related


def _users_load(actor: Actor, tasks: list[Task], related: Related) -> None:
    guids = {task.responsible_id for task in tasks} - {NOBODY}
    creators = {task.created_by_id for task in tasks if task.created_by_id is not None}
    if actor.user is not None:
        related.users[actor.user.guid] = related.creators[actor.user.pk] = actor.user
    users = User.objects.of(actor.organization)
    guids, creators = guids - related.users.keys(), creators - related.creators.keys()
    if not guids and not creators:
        return
    for user in users.filter(Q(guid__in=guids) | Q(pk__in=creators)):
        related.users[user.guid] = related.creators[user.pk] = user


def contacts_load(actor: Actor, ids: set[int]) -> dict[int, Contact]:
    """Contacts by id, each with its primary e-mail (`email_id`, `email_category`, `email_address`; None without one).

    Managers are loaded where they decide or are shown.
    """
    if not ids:
        return {}
    contacts = Contact.objects.of(actor.organization).annotate(
        primary_email=FilteredRelation("emails", condition=Q(emails__is_primary=True)),
        email_id=F("primary_email__id"),
        email_category=F("primary_email__category"),
        email_address=F("primary_email__address"),
    )
    found = cast(dict[int, Contact], contacts.in_bulk(ids))
    managed = {ShareType.NONE} if actor.is_administrator else {ShareType.NONE, ShareType.READ}
    prefetch_related_objects([contact for contact in found.values() if contact.share_type in managed], "managers")
    return found


def _entities_load(actor: Actor, entity_type: EntityType, ids: set[int]) -> dict[EntityKey, str]:
    model, seen = RECORDS[entity_type]
    records: QuerySet[Opportunity | Case] = model.objects.of(actor.organization).filter(pk__in=ids)  # type: ignore[assignment]
    titles = dict(records.values_list("pk", "title"))
    visible = titles.keys() if actor.is_administrator else set(records.filter(seen(actor)).values_list("pk", flat=True))
    return {(entity_type, pk): title if pk in visible else "" for pk, title in titles.items()}


def category_tasks_count(organization: Organization, categories: Iterable[int]) -> dict[int, int]:
    """Number of tasks, open and closed, by category."""
    counted = Task.objects.of(organization).filter(category__in=list(categories)).order_by()
    return dict(counted.values_list("category").annotate(Count("pk")))
