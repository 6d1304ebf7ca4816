"""The demo project: a shop opening, with the task ids of the vendor's page (20, 23, 34 and 67)."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from typing import Any

from django.core.management.color import no_style
from django.db import connection, transaction

from core.actor import Actor
from gantt.dates import Span
from gantt.models import Assignment, Link, Project, Resource, Task
from gantt.ordering import GAP
from gantt.services import project_create

SLUG = "demo"
START = date(2024, 6, 3)

# id, parent, text, type, first day, days, progress, details
PLAN: tuple[tuple[int, int | None, str, str, int, int, float, str], ...] = (
    (1, None, "Prepare", "summary", 0, 11, 72, "Everything before the builders come"),
    (10, 1, "Survey the site", "task", 0, 3, 100, "Measure, photograph, check power and water"),
    (11, 1, "Draw the floor plan", "task", 3, 4, 100, ""),
    (12, 1, "Apply for permits", "task", 4, 5, 60, "City office, fire department"),
    (20, 1, "Order furniture", "task", 7, 4, 20, "Counter, shelves, chairs for twelve"),
    (2, None, "Build", "summary", 9, 15, 24, ""),
    (21, 2, "Walls and floor", "task", 9, 5, 80, ""),
    (22, 2, "Electricity and lights", "task", 12, 4, 33.4, ""),
    (23, 2, "Paint", "task", 16, 3, 0, "Colours as in the Surabaya shop"),
    (34, 2, "Set up the counter", "task", 21, 3, 0, ""),
    (3, None, "People", "summary", 7, 15, 30, ""),
    (30, 3, "Hire two baristas", "task", 7, 10, 45, ""),
    (31, 3, "Train the team", "task", 17, 5, 0, ""),
    (4, None, "Open", "summary", 22, 6, 0, ""),
    (40, 4, "Print menus", "task", 22, 2, 0, ""),
    (67, 4, "Trial day with friends", "task", 26, 1, 0, "Free coffee against honest words"),
    (5, None, "Opening day", "milestone", 28, 0, 0, ""),
)
LINKS = (
    (10, 11, "e2s", None), (11, 12, "s2s", 1), (11, 20, "e2s", None), (12, 21, "e2s", None), (21, 22, "s2s", 3),
    (22, 23, "e2s", None), (23, 34, "e2s", 2), (20, 34, "e2s", None), (30, 31, "e2s", None), (31, 67, "e2s", None),
    (34, 67, "e2s", 1), (40, 67, "e2e", None), (67, 5, "e2s", 1),
)  # fmt: skip
PEOPLE = (
    ("Builders", "Contractor", "#7a5195"),
    ("Ayu", "Architect", "#ef5675"),
    ("Budi", "Shop manager", "#2f7ed8"),
)
WORK = (
    ("Ayu", 10, 100), ("Ayu", 11, 100), ("Budi", 12, 50), ("Budi", 20, 25), ("Builders", 21, 100),
    ("Builders", 22, 100), ("Builders", 23, 100), ("Budi", 30, 40), ("Budi", 31, 60), ("Budi", 67, 100),
)  # fmt: skip


@transaction.atomic
def demo_load(*, actor: Actor) -> dict[str, Any]:
    """The facts of `seed_demo` about the demo project, which is made if it is not there."""
    if not Project.objects.of(actor.organization).filter(slug=SLUG).exists():
        project = project_create(
            actor=actor,
            name="Coffee shop Jakarta",
            slug=SLUG,
            start=START,
            is_default=True,
            working_days=[1, 2, 3, 4, 5],
        )
        ids = _tasks_load(project)
        Link.objects.bulk_create(
            Link(
                organization=actor.organization, project=project, source_id=ids[source], target_id=ids[target],
                type=kind, lag=lag,
            )
            for source, target, kind, lag in LINKS
        )  # fmt: skip
        _people_load(project, ids)
    return {"gantt": {"project": SLUG}}


def _tasks_load(project: Project) -> dict[int, int]:
    """{id of the page: id} of the tasks: the same, unless another project has taken them before."""
    wanted = [row[0] for row in PLAN]
    free = not Task.objects.filter(pk__in=wanted).exists()
    ids: dict[int, int] = {}
    for place, (task_id, parent, text, kind, first, days, progress, details) in enumerate(PLAN):
        start = datetime.combine(START + timedelta(days=first), time())
        span = Span(start, None if kind == "milestone" else start + timedelta(days=days))
        task = Task(
            id=task_id if free else None, organization=project.organization, project=project,
            parent_id=ids.get(parent or 0), position=place * GAP, text=text, details=details, type=kind,
            start=span.start, end=span.end, duration=span.duration, progress=progress, open=kind == "summary",
        )  # fmt: skip
        task.save(force_insert=True)
        ids[task_id] = task.pk
    if free:
        _sequence_catch_up()
    return ids


def _sequence_catch_up() -> None:
    """Ids that were given by hand have not moved the database's counter."""
    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), [Task]):
            cursor.execute(statement)


def _people_load(project: Project, ids: dict[int, int]) -> None:
    people = {}
    for name, role, color in PEOPLE:
        people[name] = Resource.objects.create(
            organization=project.organization, project=project, name=name, role=role, color=color
        )
    Assignment.objects.bulk_create(
        Assignment(
            organization=project.organization, project=project, resource=people[name], task_id=ids[task], units=units
        )
        for name, task, units in WORK
    )
