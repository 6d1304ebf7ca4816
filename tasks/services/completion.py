"""Finishing a task: by whom, when, from where, and how long it took him since the one before."""

from datetime import datetime
from math import asin, cos, radians, sin, sqrt
from typing import Any

from core.actor import Actor
from core.api.errors import Invalid
from hubs.formats import coordinate_read, datetime_read
from tasks.lifecycle import Status, status_after
from tasks.models import Task
from tasks.people import author_of

# Actor.source → the vendor's word; an API call stands for the mobile app.
DONE_FROM = {"admin": "WEB", "mileapp": "MOBILE"}
_EARTH_RADIUS_M = 6_371_000


def finish(task: Task, actor: Actor, now: datetime) -> None:
    """ONGOING → DONE. Raises Invalid before its start, after its end, and in any other status."""
    status = status_after("finish", task.status)
    if now < task.start_time:
        raise Invalid("The task cannot be done before its startTime.", field="status")
    if now > task.end_time:
        raise Invalid("The task cannot be done after its endTime.", field="status")
    task.status = status
    task.done_time = now
    task.done_by = author_of(actor)
    task.done_by_user = actor.user
    task.done_from = DONE_FROM.get(actor.source, "System")
    task.duration = _minutes(_moment(task.values.get("page1DoneTime")), now)
    task.done_order, task.is_last_done_order = 1, True
    if actor.user is not None:
        _follow(task, _done_before(task, actor, now))


def _done_before(task: Task, actor: Actor, now: datetime) -> Task | None:
    """The finisher's last finished task of the same day, as the organization's clocks show it."""
    midnight = now.astimezone(actor.organization.zone).replace(hour=0, minute=0, second=0, microsecond=0)
    done = Task.objects.of(actor.organization).filter(done_by_user=actor.user, status=Status.DONE)
    return done.filter(done_time__gte=midnight).exclude(pk=task.pk).order_by("-done_time", "-id").first()


def _follow(task: Task, previous: Task | None) -> None:
    here = _point(task)
    if previous is None:
        task.travel_distance = _metres((task.hub.lat, task.hub.lng), here)
        return
    Task.objects.filter(pk=previous.pk).update(is_last_done_order=False)
    task.done_order = (previous.done_order or 0) + 1
    task.travel_duration = _minutes(previous.done_time, task.done_time)
    task.travel_distance = _metres(_point(previous), here)


def _point(task: Task) -> tuple[float, float] | None:
    """Where the task was done, else where it was to be done."""
    for value in (task.values.get("doneCoordinate"), task.shown.get("expectedCoordinate")):
        try:
            latitude, longitude = coordinate_read(value, "coordinate").split(",")
        except Invalid:
            continue
        return float(latitude), float(longitude)
    return None


def _moment(value: Any) -> datetime | None:
    try:
        return datetime_read(value, "page1DoneTime")
    except Invalid:
        return None


def _minutes(begin: datetime | None, end: datetime | None) -> float | None:
    return None if begin is None or end is None or end < begin else round((end - begin).total_seconds() / 60, 2)


def _metres(here: tuple[float, float] | None, there: tuple[float, float] | None) -> float | None:
    """The distance along the surface, by the haversine formula."""
    if here is None or there is None:
        return None
    (lat1, lng1), (lat2, lng2) = ((radians(lat), radians(lng)) for lat, lng in (here, there))
    half = sin((lat2 - lat1) / 2) ** 2 + cos(lat1) * cos(lat2) * sin((lng2 - lng1) / 2) ** 2
    return round(2 * _EARTH_RADIUS_M * asin(sqrt(min(half, 1))), 1)
