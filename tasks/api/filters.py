"""Query parameters of task lists: what they choose, in which order, and how many there are."""

import re
from collections.abc import Iterable
from datetime import datetime
from typing import Any

import django_filters as filters
from django.core.validators import RegexValidator
from django.db.models import QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.functional import cached_property

from core.actor import Actor
from core.api.errors import Invalid
from flows.models import Flow
from hubs.api.dialect import BAD_REQUEST, comma, flag
from hubs.api.filters import CommaChoiceFilter, CommaFilter, FlagFilter, MileAppFilterSet
from hubs.formats import datetime_read
from tasks.counts import counts_of, overview
from tasks.lifecycle import Status
from tasks.models import Task, TaskAssignee
from tasks.selectors import COUNT_LIMIT, counts_bounded, first_ids, page_ids, tasks_visible, users_named

# `timeBy` → column; the first is the default.
_TIMES = {"createdTime": "created_time", "startTime": "start_time", "doneTime": "done_time"}
# `sortBy` → ascending order. DONE comes first in the alphabet of statuses: so tasks that are not done, which have no
# time to sort by, stand together at one end on every database.
_SORTS = {
    "createdTime": ("created_time", "id"),
    "orderIndex": ("order_index", "id"),
    "startTime": ("start_time", "id"),
    "doneTime": ("-status", "done_time", "id"),
}
# Filters that the counters know; with any other one the rows themselves are counted.
_COUNTED = {"hubId", "flow", "flowId", "status"}
_ID = re.compile(r"[0-9a-f]{24}")
_is_id = RegexValidator(rf"\A{_ID.pattern}\Z")


class TaskFilter(MileAppFilterSet):
    """The filters of GET /tasks; `rows` are the tasks of the actor that pass all of them. Raises Invalid."""

    flow = CommaFilter(method="of_flows")
    flowId = CommaFilter(field_name="flow", validators=[_is_id])
    hubId = CommaFilter(field_name="hub", validators=[_is_id])
    status = CommaChoiceFilter(field_name="status", choices=Status.choices)
    assignee = CommaFilter(method="of_assignees")
    doneBy = CommaFilter(method="of_finishers")
    active = FlagFilter(method="now_active")
    isVisit = FlagFilter(method="still_ahead")
    routingResultId = filters.CharFilter(field_name="routing_result_id")
    timeBy = filters.ChoiceFilter(method="as_it_is", choices=[(name, name) for name in _TIMES])
    timeFrom = filters.CharFilter(method="since")
    timeTo = filters.CharFilter(method="until")

    class Meta:
        model = Task
        fields: list[str] = []

    def __init__(self, params: dict[str, str], *, actor: Actor) -> None:
        # A filterset copies its filters and makes a form of them, half the time of a short list: only those asked for.
        self.base_filters: dict[str, filters.Filter] = {
            name: made for name, made in type(self).base_filters.items() if params.get(name)
        }
        super().__init__(params, tasks_visible(actor), actor=actor)
        # What is asked for, read; nothing needs no form.
        self.asked: dict[str, Any] = self._read() if self.base_filters else {}

    def _read(self) -> dict[str, Any]:
        if not self.is_valid():
            raise Invalid(BAD_REQUEST, field=next(iter(self.errors)))
        return self.form.cleaned_data

    @property
    def rows(self) -> QuerySet[Task]:
        return super().rows if self.base_filters else self.queryset

    def ids(self, order: list[str], *, offset: int, limit: int) -> list[str]:
        """The ids of `limit` rows after the first `offset`, in this order."""
        if not offset and not self.asked and self.actor.can("tasks.view_task"):
            return first_ids(tuple(order), limit).all(organization=self.actor.organization.pk)
        return page_ids(self.ordered(order), offset=offset, limit=limit)

    def ordered(self, order: list[str]) -> QuerySet[Task]:
        """The rows in this order: straight from an index that has it, else by sorting the few that there are."""
        if self._indexed(order) or self.total() >= COUNT_LIMIT:
            return self.rows.order_by(*order)
        # The database would rather walk the index of the order and hope to meet matches soon; when they all lie at the
        # far end it walks over every task. No index has this expression.
        column = order[0].lstrip("-")
        unindexed = Coalesce(column, column)
        return self.rows.order_by(unindexed.desc() if order[0].startswith("-") else unindexed.asc(), *order[1:])

    def total(self) -> int:
        """How many tasks pass all filters; from COUNT_LIMIT on perhaps more."""
        return sum(self.counts[status] for status in self.statuses())

    @cached_property
    def counts(self) -> dict[str, int]:
        """{status: number} of the tasks that pass every filter but `status`."""
        if self._given <= {"status"} and self.actor.can("tasks.view_task"):
            return self.overview[0]
        if self._given <= _COUNTED and self.actor.can("tasks.view_task"):
            return counts_of(self.actor.organization, hubs=self._ids("hubId"), flows=self._flow_ids())
        return counts_bounded(type(self)({**self.data, "status": ""}, actor=self.actor).rows)

    @cached_property
    def overview(self) -> tuple[dict[str, int], datetime | None]:
        """({status: number of all tasks of the organization}, when any of them changed last)."""
        return overview(self.actor.organization)

    @property
    def _given(self) -> set[str]:
        return {name for name, value in self.asked.items() if value}

    def _indexed(self, order: list[str]) -> bool:
        """Whether an index of Task holds the filtered rows in this order, or the organization has few tasks anyway."""
        given = self._given
        if given <= {"status"} and len(self.statuses()) in {1, len(Status)}:
            return True
        if order[0].lstrip("-") == "created_time":
            if given in ({"hubId"}, {"flow"}, {"flowId"}):
                return True
            if given == {"hubId", "status"} and len(self._ids("hubId") or ()) == len(self.statuses()) == 1:
                return True
        return sum(self.overview[0].values()) < COUNT_LIMIT

    def statuses(self) -> list[str]:
        """The statuses that are asked for, all by default."""
        return self.asked.get("status") or list(Status)

    def of_flows(self, queryset: QuerySet, _: str, names: Iterable[str]) -> QuerySet:
        return queryset.filter(flow__in=self._flows_named(names))

    def of_assignees(self, queryset: QuerySet, _: str, emails: Iterable[str]) -> QuerySet:
        users = list(users_named(self.actor.organization, emails).values_list("pk", flat=True))
        return queryset.filter(pk__in=TaskAssignee.objects.filter(user__in=users).values("task"))

    def of_finishers(self, queryset: QuerySet, _: str, names: Iterable[str]) -> QuerySet:
        users = list(users_named(self.actor.organization, names).values_list("pk", flat=True))
        return queryset.filter(status=Status.DONE, done_by_user__in=users)

    def now_active(self, queryset: QuerySet, _: str, value: str) -> QuerySet:
        now = timezone.now()
        return queryset.filter(start_time__lte=now, end_time__gte=now) if flag(value) else queryset

    def still_ahead(self, queryset: QuerySet, _: str, value: str) -> QuerySet:
        return queryset.filter(end_time__gt=timezone.now()) if flag(value) else queryset

    def since(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        return self._timed(queryset, "gte", datetime_read(value, name))

    def until(self, queryset: QuerySet, name: str, value: str) -> QuerySet:
        # Tasks show whole seconds: the last one of the span counts to its end.
        return self._timed(queryset, "lte", datetime_read(value, name).replace(microsecond=999_999))

    def as_it_is(self, queryset: QuerySet, _: str, value: str) -> QuerySet:
        """`timeBy` says which time `timeFrom` and `timeTo` mean, and chooses nothing itself."""
        return queryset

    def _timed(self, queryset: QuerySet, lookup: str, moment: datetime) -> QuerySet:
        column = _TIMES[self.asked.get("timeBy") or "createdTime"]
        if column == "done_time":
            # Says what is so in any case, and lets the index on finished tasks serve.
            queryset = queryset.filter(status=Status.DONE)
        return queryset.filter(**{f"{column}__{lookup}": moment})

    def _flows_named(self, names: Iterable[str]) -> list[str]:
        """Ids of the flows of these names; deleted ones still have their tasks."""
        flows = Flow.objects.of(self.actor.organization).filter(name__in=names)
        return list(flows.values_list("pk", flat=True))

    def _flow_ids(self) -> list[str] | None:
        named, ids = self.asked.get("flow"), self._ids("flowId")
        if not named:
            return ids
        found = self._flows_named(named)
        return found if ids is None else [key for key in found if key in ids]

    def _ids(self, name: str) -> list[str] | None:
        return self.asked.get(name) or None


class GalleryFilter(TaskFilter):
    """The filters of GET /tasks-gallery. Without `status` only finished tasks show their photos."""

    batchId = filters.CharFilter(field_name="values__batchId")

    def __init__(self, params: dict[str, str], *, actor: Actor) -> None:
        super().__init__({**params, "status": params.get("status") or Status.DONE}, actor=actor)
        self.queryset: QuerySet[Task] = tasks_visible(actor).filter(has_photos=True)


def tracking_rows(params: dict[str, str], *, actor: Actor) -> QuerySet[Task]:
    """The tasks of GET /tasks/tracking, which needs a hub and a span of time. Raises Invalid."""
    for name in ("hubId", "timeFrom", "timeTo"):
        if not params.get(name):
            raise Invalid(f"The {name} field is required.", field=name)
    known = ("hubId", "timeFrom", "timeTo", "timeBy")
    asked = {name: params[name] for name in known if name in params}
    return TaskFilter({**asked, "assignee": ",".join(comma(params.get("email")))}, actor=actor).rows


def order_read(params: dict[str, str]) -> list[str]:
    """The order_by for `sortBy` (createdTime) and `sortOrder` (desc), ties by id. Raises Invalid."""
    columns = _SORTS.get(params.get("sortBy") or "createdTime")
    direction = (params.get("sortOrder") or "desc").lower()
    if columns is None or direction not in {"asc", "desc"}:
        raise Invalid(BAD_REQUEST, field="sortBy" if columns is None else "sortOrder")
    return list(columns if direction == "asc" else map(_reversed, columns))


def cursor_read(params: dict[str, str]) -> str | None:
    """The id that a page of `lazyLoad` mode begins after, None for the first page. Raises Invalid."""
    cursor = params.get("cursor") or None
    if cursor and not _ID.fullmatch(cursor):
        raise Invalid(BAD_REQUEST, field="cursor")
    return cursor


def _reversed(column: str) -> str:
    return column[1:] if column.startswith("-") else f"-{column}"
