"""Projects, and the lock that every write below one takes."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date
from typing import Any
from zoneinfo import available_timezones

from django.db import transaction
from django.utils.text import slugify

from accounts.models import Organization
from core import journal
from core.actor import Actor
from core.api.errors import Conflict, Invalid, NotFound
from core.statements import cursor
from gantt.models import Assignment, Baseline, CopyGroup, Link, Project, Resource, ShareLink, Task, TempId
from gantt.services.rollup import summaries_roll_up

FIELDS = (
    "name", "slug", "is_default", "start", "time_zone", "summaries", "lazy", "allowed_origins",
    "working_days", "working_hours", "holidays",
)  # fmt: skip

# `/gantt/s/…` are the share links.
RESERVED_SLUGS = frozenset({"s"})
ORIGIN = re.compile(r"https?://[A-Za-z0-9.-]+(:\d{1,5})?|https?://\[[0-9a-fA-F:]+\](:\d{1,5})?", re.ASCII)

CLOCK = re.compile(r"([01]\d|2[0-3]):[0-5]\d", re.ASCII)

LOCK = "UPDATE gantt_project SET version = version + 1 WHERE id = %s AND organization_id = %s"

# The project whose lock this thread holds.
_held: ContextVar[int] = ContextVar("_held", default=0)


@contextmanager
def writing(actor: Actor, project: Project, permission: str) -> Iterator[None]:
    """
    A transaction in which nobody else writes to the project.

    Counting up the version takes the row's lock and changes the ETag. Every write below a project
    takes this lock first, so that writers queue up here instead of dead-locking further down. Inside
    of another one (a batch) it only checks the right. Raises Forbidden, or NotFound when the project
    is gone.
    """
    actor.require(permission)
    if _held.get() == project.pk:
        yield
        return
    with transaction.atomic():
        with cursor() as rows:
            rows.execute(LOCK, [project.pk, actor.organization.pk])
            if rows.rowcount != 1:
                raise NotFound(f"project {project.slug} not found")
        mark = _held.set(project.pk)
        try:
            yield
        finally:
            _held.reset(mark)


@contextmanager
def _naming(actor: Actor) -> Iterator[None]:
    """One at a time decides about the names and the default project of an organization."""
    with transaction.atomic():
        # No key changes: rows that refer to the organization may come in meanwhile.
        Organization.objects.select_for_update(no_key=True).get(pk=actor.organization.pk)
        yield


def project_create(*, actor: Actor, name: str, **values: Any) -> Project:
    """
    A new project; the organization's first one answers at /tasks.

    values: any of FIELDS; without a slug one is made of the name. Raises Forbidden, Invalid, Conflict.
    """
    actor.require("gantt.add_project")
    with _naming(actor):
        others = Project.objects.of(actor.organization)
        project = Project(organization=actor.organization, name=name, is_default=not others.exists())
        project.slug = values.pop("slug", "") or _free_slug(actor, name)
        _assign(project, values)
        _one_default(project)
        project.save(force_insert=True)
        journal.record(actor=actor, verb="create", obj=project, changes=journal.diff({}, project_values(project)))
    return project


def project_update(*, actor: Actor, project: Project, **values: Any) -> Project:
    """Change settings of a project (FIELDS). Raises Forbidden, Invalid, Conflict."""
    with _naming(actor), writing(actor, project, "gantt.change_project"):
        project = Project.objects.of(actor.organization).get(pk=project.pk)
        before = project_values(project)
        _assign(project, values)
        _one_default(project)
        project.save(update_fields=[*FIELDS, "updated_at"])
        if changes := journal.diff(before, project_values(project)):
            journal.record(actor=actor, verb="update", obj=project, changes=changes)
        if "summaries" in changes:
            summaries_roll_up(project)
    return project


def project_delete(*, actor: Actor, project: Project) -> None:
    """Delete a project with everything in it, table by table."""
    with writing(actor, project, "gantt.delete_project"):
        journal.record(actor=actor, verb="delete", obj=project, snapshot=project_values(project))
        for model in (TempId, CopyGroup, Link, Assignment, ShareLink):
            model.objects.filter(project=project).delete()
        for baseline in Baseline.objects.filter(project=project):
            baseline.delete()
        Resource.objects.filter(project=project).update(parent=None)
        Resource.objects.filter(project=project).delete()
        Task.objects.filter(project=project).update(parent=None)
        Task.objects.filter(project=project).delete()
        project.delete()


def project_values(project: Project) -> dict[str, Any]:
    """The settings as JSON values, for the journal."""
    values = {name: getattr(project, name) for name in FIELDS}
    values["start"] = project.start.isoformat()
    return values


def _assign(project: Project, values: dict[str, Any]) -> None:
    for name, value in values.items():
        if name not in FIELDS:
            raise Invalid(f"unknown field {name}", field=name)
        setattr(project, name, value)
    _check(project)


def _check(project: Project) -> None:
    if not project.name.strip():
        raise Invalid("name must not be empty", field="name")
    if not re.fullmatch(r"[A-Za-z0-9_-]{1,80}", project.slug, re.ASCII) or project.slug in RESERVED_SLUGS:
        raise Invalid("slug must be 1 to 80 letters, digits, - or _, and not the word s", field="slug")
    if project.time_zone and project.time_zone not in available_timezones():
        raise Invalid(f"unknown time_zone {project.time_zone}", field="time_zone")
    if project.summaries not in Project.Summaries.values:
        raise Invalid("summaries must be as-sent or auto", field="summaries")
    for origin in project.origins:
        if not ORIGIN.fullmatch(origin):
            raise Invalid(f"{origin} is no origin such as https://plan.example", field="allowed_origins")
    _check_calendar(project)
    same = Project.objects.filter(organization=project.organization_id, slug=project.slug).exclude(pk=project.pk)
    if same.exists():
        raise Conflict(f"there is a project {project.slug} already", field="slug")


def _check_calendar(project: Project) -> None:
    days = project.working_days
    if not isinstance(days, list) or not days or not all(type(day) is int and 1 <= day <= 7 for day in days):
        raise Invalid("working_days must be a list of weekdays, 1 (Monday) to 7", field="working_days")
    _check_hours(project.working_hours)
    if not isinstance(project.holidays, list):
        raise Invalid("holidays must be a list of dates", field="holidays")
    for day in project.holidays:
        try:
            date.fromisoformat(day)
        except (TypeError, ValueError):
            raise Invalid(f"holidays: {day} is no date such as 2026-12-25", field="holidays") from None


def _check_hours(hours: Any) -> None:
    """Pairs of times in order; an end of 00:00 means midnight."""
    wrong = Invalid(
        'working_hours must be pairs such as [["09:00", "12:00"], ["13:00", "18:00"]]', field="working_hours"
    )
    clock = "00:00"
    for pair in hours if isinstance(hours, list) else [None]:
        if not isinstance(pair, list) or len(pair) != 2 or not all(CLOCK.fullmatch(str(text)) for text in pair):
            raise wrong
        start, end = pair[0], "24:00" if pair[1] == "00:00" else pair[1]
        if not clock <= start < end:
            raise wrong
        clock = end


def _one_default(project: Project) -> None:
    """The constraint allows one default project: a new one takes over from the old one."""
    if project.is_default:
        Project.objects.filter(organization=project.organization_id, is_default=True).exclude(pk=project.pk).update(
            is_default=False
        )


def _free_slug(actor: Actor, name: str) -> str:
    base = slugify(name)[:70] or "project"
    taken = set(Project.objects.of(actor.organization).filter(slug__startswith=base).values_list("slug", flat=True))
    taken |= RESERVED_SLUGS
    return base if base not in taken else next(s for n in range(2, 10_000) if (s := f"{base}-{n}") not in taken)
