"""Schedule and baselines of a project: our own routes beside the widget's protocol, which the free widget lacks."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework.request import Request

from core.api.views import Answer
from gantt.api import schema
from gantt.api.dialect import json_response
from gantt.api.schema import REAL_ID, WALL_TIME, Schema, answers, array, record
from gantt.api.serializers import path_id, read_word
from gantt.api.views import GanttView
from gantt.baselines.selectors import baseline_compare, baseline_find, baselines_of
from gantt.baselines.services import baseline_delete, baseline_set
from gantt.dates import wall_parse, whole_days
from gantt.fields import wall_text
from gantt.models import Baseline
from gantt.scheduling import Placed, Schedule
from gantt.scheduling.selectors import project_schedule
from gantt.scheduling.services import schedule_apply

DAYS: Schema = {"type": "number", "description": "Working days of the project's calendar."}
FLAG: Schema = {"type": "boolean"}
MAYBE_TIME: Schema = {**WALL_TIME, "nullable": True}
SHIFT: Schema = {"type": "number", "nullable": True, "description": "Calendar days; positive: later than the baseline."}
FIGURES: Schema = {
    **record(["start", "end", "progress"], start=MAYBE_TIME, end=MAYBE_TIME, progress={"type": "number"}),
    "nullable": True,
}
SCHEDULED = record(
    ["id", "start", "end", "duration", "total_slack", "free_slack", "critical", "moved"],
    id=REAL_ID,
    start=WALL_TIME,
    end=WALL_TIME,
    duration={"type": "integer", "description": "Whole days from start to end, as in GET tasks."},
    total_slack=DAYS,
    free_slack=DAYS,
    critical=FLAG,
    moved={**FLAG, "description": "The schedule gives it other dates than it has."},
)
CONFLICT = record(["link", "source", "target", "days"], link=REAL_ID, source=REAL_ID, target=REAL_ID, days=DAYS)
SCHEDULE = record(
    ["start", "end", "moved", "critical", "critical_links", "conflicts", "tasks"],
    start=MAYBE_TIME,
    end=MAYBE_TIME,
    moved={"type": "integer", "description": "How many tasks get other dates."},
    critical={**array(REAL_ID), "description": "Tasks without slack, summaries above them included."},
    critical_links={**array(REAL_ID), "description": "Links between critical tasks that leave no play."},
    conflicts={**array(CONFLICT), "description": "Links that a task with fixed dates breaks, and by how much."},
    tasks=array(SCHEDULED),
)
BASELINE = record(
    ["id", "name", "created_at", "tasks", "start", "end"],
    id=REAL_ID,
    name={"type": "string"},
    created_at={"type": "string", "format": "date-time"},
    tasks={"type": "integer", "description": "How many tasks it holds."},
    start=MAYBE_TIME,
    end=MAYBE_TIME,
)
COMPARED = record(
    ["id", "text", "state", "baseline", "current", "start_shift", "end_shift"],
    id=REAL_ID,
    text={"type": "string"},
    state={"type": "string", "enum": ["same", "changed", "added", "removed"]},
    baseline=FIGURES,
    current=FIGURES,
    start_shift=SHIFT,
    end_shift=SHIFT,
)
COMPARISON = record([*BASELINE["required"]], **{**BASELINE["properties"], "tasks": array(COMPARED)})
START = OpenApiParameter("start", OpenApiTypes.DATE, description="No task may begin before it.")


def described(summary: str, answer: Schema, text: str, **more: Any) -> Any:
    return extend_schema(summary=summary, responses=answers(answer, text), **more)


@extend_schema_view(
    get=described(
        "What auto-scheduling would do, slack and critical path", SCHEDULE, "Not written", parameters=[START]
    ),
    post=described("Schedule the project", SCHEDULE, "Written", parameters=[START], request=None),
)
class ScheduleView(GanttView):
    """Dates along the links in working time."""

    permissions = {"get": "gantt.view_task", "post": "gantt.change_task"}

    def get(self, request: Request, **kwargs: Any) -> Answer:
        return self.read(lambda: schedule_json(project_schedule(self.project, start=self.start)))

    def post(self, request: Request, **kwargs: Any) -> Answer:
        result = schedule_apply(actor=self.actor, project=self.project, start=self.start)
        return json_response(schedule_json(result))

    @property
    def start(self) -> datetime | None:
        text = self.request.query_params.get("start")
        return wall_parse(text, field="start", zone=self.project.zone) if text else None


@extend_schema_view(
    get=described("All baselines", array(BASELINE), "Newest first"),
    post=described(
        "Set a baseline",
        record(["id"], id=REAL_ID),
        "The id of the new baseline",
        request={"application/json": record(["name"], name={"type": "string", "maxLength": 200})},
    ),
)
class BaselinesView(GanttView):
    """The plan as it stood at some moments."""

    permissions = {"get": "gantt.view_baseline", "post": "gantt.add_baseline"}

    def get(self, request: Request, **kwargs: Any) -> Answer:
        return self.read(lambda: [baseline_json(each) for each in baselines_of(self.project)])

    def post(self, request: Request, **kwargs: Any) -> Answer:
        baseline = baseline_set(actor=self.actor, project=self.project, name=read_word(self.body, "name"))
        return json_response({"id": baseline.pk})


@extend_schema_view(
    get=described("Compare a baseline with the plan of today", COMPARISON, "Every task of either, by id"),
    delete=described("Delete a baseline", schema.NOTHING, "Deleted"),
)
class BaselineView(GanttView):
    """One baseline."""

    permissions = {"get": "gantt.view_baseline", "delete": "gantt.delete_baseline"}

    @property
    def baseline(self) -> Baseline:
        return baseline_find(self.project, path_id(self.call, self.kwargs["row"]))

    def get(self, request: Request, **kwargs: Any) -> Answer:
        return self.read(self._compared)

    def delete(self, request: Request, **kwargs: Any) -> Answer:
        baseline_delete(actor=self.actor, baseline=self.baseline)
        return json_response({})

    def _compared(self) -> dict[str, Any]:
        baseline = self.baseline
        return {**baseline_json(baseline), "tasks": baseline_compare(baseline)}


def schedule_json(result: Schedule) -> dict[str, Any]:
    return {
        "start": result.start and wall_text(result.start),
        "end": result.end and wall_text(result.end),
        "moved": sum(placed.moved for placed in result.tasks),
        "critical": [placed.id for placed in result.tasks if placed.critical],
        "critical_links": result.driving_links,
        "conflicts": [
            {"link": each.link, "source": each.source, "target": each.target, "days": each.days}
            for each in result.conflicts
        ],
        "tasks": [_placed_json(placed) for placed in result.tasks],
    }


def _placed_json(placed: Placed) -> dict[str, Any]:
    return {
        "id": placed.id,
        "start": wall_text(placed.start),
        "end": wall_text(placed.end),
        "duration": whole_days(placed.start, placed.end),
        "total_slack": placed.total_slack,
        "free_slack": placed.free_slack,
        "critical": placed.critical,
        "moved": placed.moved,
    }


def baseline_json(baseline: Baseline) -> dict[str, Any]:
    """A baseline of `baselines_of`, whose dates come from an aggregate: as text."""
    return {
        "id": baseline.pk,
        "name": baseline.name,
        "created_at": baseline.created_at.isoformat(timespec="seconds"),
        "tasks": baseline.task_count,  # type: ignore[attr-defined]
        "start": _text(baseline.first_start),  # type: ignore[attr-defined]
        "end": _text(baseline.last_end),  # type: ignore[attr-defined]
    }


def _text(moment: datetime | None) -> str | None:
    return None if moment is None else wall_text(moment)


ROUTES: list[tuple[str, Callable[..., Any]]] = [
    ("schedule", ScheduleView.as_view()),
    ("baselines", BaselinesView.as_view()),
    ("baselines/<str:row>", BaselineView.as_view()),
]
