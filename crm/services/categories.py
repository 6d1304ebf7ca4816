"""Writes of task categories; administrators only."""

import time
from dataclasses import dataclass
from itertools import count

from django.db import IntegrityError, OperationalError, transaction
from django.db.models import Max

from accounts.models import Organization
from core import journal
from core.actor import Actor
from core.api.errors import Forbidden, Invalid, NotFound
from crm.counts import counts_add, counts_lock, counts_of
from crm.models import Task, TaskCategory, TaskTemplate
from crm.services.states import state_of
from crm.text import text_checked

_TRIES, _PAUSE_S = 100, 0.02
IN_USE = "There are some tasks with this category."


@dataclass(frozen=True)
class CategoryData:
    """image: file name of the icon; sort_order 0: at the end."""

    title: str
    image: str | None = None
    description: str | None = None
    color: str | None = None
    sort_order: int = 0


def category_create(*, actor: Actor, data: CategoryData) -> TaskCategory:
    """A new category, or what was sent under the id of the category that has this title already (nothing is written).

    The result holds what was sent: a sort order of 0 stays 0 although the category is stored last.
    """
    _administrator_check(actor)
    existing = TaskCategory.objects.of(actor.organization).filter(title=data.title).first()
    if existing is None:
        _check(data)
        if not data.image:
            raise Invalid("Choose an icon.", field="image")
        existing = _inserted(actor, data)
    return _echo(existing.pk, actor, data)


def _inserted(actor: Actor, data: CategoryData) -> TaskCategory:
    categories = TaskCategory.objects.of(actor.organization)
    category = _echo(None, actor, data)
    if not category.sort_order:
        category.sort_order = (categories.aggregate(last=Max("sort_order"))["last"] or 0) + 1
    try:
        with transaction.atomic():
            category.save(force_insert=True)
            journal.record(actor=actor, verb="create", obj=category, changes=journal.diff({}, state_of(category)))
    except IntegrityError:
        # Somebody made one with this title in the meantime.
        return categories.get(title=data.title)
    return category


@transaction.atomic
def category_update(*, actor: Actor, category_id: int, data: CategoryData) -> TaskCategory:
    """Replace what a category that no task uses says; the sort order is only returned, not saved."""
    _administrator_check(actor)
    _check(data)
    category = _locked(actor, category_id)
    if Task.objects.filter(category=category).exists():
        raise Invalid(f"Can't be edited. {IN_USE}")
    if TaskCategory.objects.of(actor.organization).filter(title=data.title).exclude(pk=category.pk).exists():
        raise Invalid("There is a category with this title.", field="title")
    before, sort_order = state_of(category), category.sort_order
    category = _echo(category.pk, actor, data)
    category.sort_order, echoed = sort_order, category.sort_order
    category.save(force_update=True)
    journal.record(actor=actor, verb="update", obj=category, changes=journal.diff(before, state_of(category)))
    category.sort_order = echoed
    return category


@transaction.atomic
def category_icon(*, actor: Actor, category_id: int, image: str) -> TaskCategory:
    """Another icon, also for a category in use."""
    _administrator_check(actor)
    category = _locked(actor, category_id)
    before = category.image
    category.image = _base_name(image)
    category.save(update_fields=["image"])
    journal.record(
        actor=actor, verb="update", obj=category, changes=journal.diff({"image": before}, {"image": category.image})
    )
    return category


@transaction.atomic
def category_place(*, actor: Actor, category_id: int, sort_order: int) -> TaskCategory:
    """Another place in the order, also for a category in use."""
    _administrator_check(actor)
    category = _locked(actor, category_id)
    changes = journal.diff({"sort_order": category.sort_order}, {"sort_order": sort_order})
    category.sort_order = sort_order
    category.save(update_fields=["sort_order"])
    journal.record(actor=actor, verb="reorder", obj=category, changes=changes)
    return category


@transaction.atomic
def categories_reorder(*, actor: Actor, titles: list[str]) -> list[TaskCategory]:
    """Number these categories from 0; returned with their old numbers. Invalid for an unknown title."""
    _administrator_check(actor)
    categories = TaskCategory.objects.of(actor.organization).filter(title__in=titles)
    named = {category.title: category for category in categories.order_by("pk").select_for_update()}
    unknown = next((title for title in titles if title not in named), None)
    if unknown is not None:
        raise Invalid(f"There is no category {unknown}.", field="titles")
    changes = []
    for position, title in enumerate(titles):
        TaskCategory.objects.filter(pk=named[title].pk).update(sort_order=position)
        changes.append((named[title], {"sort_order": [named[title].sort_order, position]}, None))
    journal.record_many(actor=actor, verb="reorder", items=changes)
    return [named[title] for title in titles]


@transaction.atomic
def category_delete(*, actor: Actor, category_id: int, new_category_id: int = 0) -> TaskCategory:
    """Delete a category; its tasks and templates move to another one, which has to be named if there are tasks."""
    _administrator_check(actor)
    categories = _locked_with_counters(actor.organization, category_id)
    category = categories.get(category_id)
    if category is None:
        raise NotFound
    if len(categories) == 1:
        raise Invalid("The last task category cannot be deleted")
    heir = _heir(category, categories, new_category_id)
    if heir is not None:
        Task.objects.filter(category=category).update(category=heir)
        TaskTemplate.objects.filter(category=category).update(category=heir)
        moved = counts_of(actor.organization, category.pk)
        counts_add(actor.organization, {(heir.pk, closed): number for closed, number in moved.items()})
    TaskCategory.objects.filter(pk=category.pk).delete()
    journal.record(actor=actor, verb="delete", obj=category, snapshot=state_of(category))
    return category


def _locked_with_counters(organization: Organization, category_id: int) -> dict[int, TaskCategory]:
    """All categories of the organization by id, locked, and their counters with them.

    Who adds a task holds a counter when he comes for its category: so nobody waits for a counter with the category in
    his hands, but lets go of it and comes again.
    """
    for attempt in count(1):
        try:
            with transaction.atomic():
                # All rows in one order: two deletes at once can neither deadlock nor leave no category.
                rows = TaskCategory.objects.of(organization).order_by("pk")
                categories = {category.pk: category for category in rows.select_for_update(no_key=True)}
                list(rows.filter(pk=category_id).select_for_update())
                counts_lock(organization)
                return categories
        except OperationalError:
            if attempt == _TRIES:
                raise
            time.sleep(_PAUSE_S)
    raise AssertionError("count() has no end")


def _heir(category: TaskCategory, categories: dict[int, TaskCategory], new_category_id: int) -> TaskCategory | None:
    """The category that takes over, None where there is nothing to take over."""
    heir = categories.get(new_category_id)
    if Task.objects.filter(category=category).exists():
        if heir is category:
            raise Invalid(f"Can't be deleted. {IN_USE}")
        if heir is None:
            raise Invalid("Parameter name: toItemID")
    elif (heir is None or heir is category) and TaskTemplate.objects.filter(category=category).exists():
        raise Invalid("Can't be deleted. There are some task templates with this category.")
    return heir


def _administrator_check(actor: Actor) -> None:
    if not actor.is_administrator:
        raise Forbidden


def _locked(actor: Actor, category_id: int) -> TaskCategory:
    category = TaskCategory.objects.of(actor.organization).select_for_update().filter(pk=category_id).first()
    if category is None:
        raise NotFound
    return category


def _check(data: CategoryData) -> None:
    if not data.title:
        raise Invalid("Enter a title.", field="title")
    text_checked(data.title, field="title", longest=255)
    text_checked(_base_name(data.image), field="image", longest=255)


def _echo(pk: int | None, actor: Actor, data: CategoryData) -> TaskCategory:
    return TaskCategory(
        pk=pk,
        organization=actor.organization,
        title=data.title,
        description=data.description,
        color=data.color,
        image=_base_name(data.image),
        sort_order=data.sort_order,
    )


def _base_name(image: str | None) -> str:
    """Only the last part of a path is kept."""
    return (image or "").replace("\\", "/").rpartition("/")[2]
