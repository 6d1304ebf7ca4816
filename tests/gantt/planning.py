"""A small project for the tests of schedule, baselines, exchange and console: a tree, links and somebody at work."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

from gantt.dates import whole_days
from gantt.models import Link, Project, Task
from gantt.ordering import GAP
from tests.conftest import World

MONDAY = datetime(2024, 4, 1)


def day(number: int) -> datetime:
    """The n-th day after Monday, 1 April 2024."""
    return MONDAY + timedelta(days=number)


def wall(number: int) -> str:
    return f"{day(number):%Y-%m-%d} 00:00:00"


def project_of(world: World, **fields: Any) -> Project:
    values = {"name": "Tower", "slug": "tower", "start": date(2024, 4, 1), **fields}
    return Project.objects.create(organization=world.organization, **values)


def task_of(project: Project, text: str, start: int | None = 0, days: int = 1, **fields: Any) -> Task:
    """A task at the end of its parent's children."""
    parent = fields.pop("parent", None)
    begin = None if start is None else day(start)
    end = None if begin is None or fields.get("type") == "milestone" else begin + timedelta(days=days)
    siblings = Task.objects.filter(project=project, parent=parent)
    return Task.objects.create(
        organization=project.organization,
        project=project,
        parent=parent,
        position=siblings.count() * GAP,
        text=text,
        start=begin,
        end=end,
        duration=whole_days(begin, end),
        **fields,
    )


def link_of(source: Task, target: Task, type: str = "e2s", lag: float | None = None) -> Link:
    return Link.objects.create(
        organization=source.organization, project=source.project, source=source, target=target, type=type, lag=lag
    )
