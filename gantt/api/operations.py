"""What each write request means. The routes and the batch share these functions: (call, id in the address, body)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from core.api.errors import Invalid, NotFound
from gantt import services
from gantt.api.serializers import (
    Body,
    Call,
    need_id,
    path_id,
    read_flag,
    read_id,
    read_index,
    read_number,
    read_task,
    read_temp,
    read_word,
)
from gantt.models import TempId
from gantt.services.staging import copied_by, link_stage

Answer = dict[str, Any]

ROOT = (0, "0")
# Resources are made elsewhere, and an assignment's temporary id is never spoken of again.
NO_TEMPS: tuple[str, ...] = ()
ASSIGNED = {"task": TempId.ROWS, "resource": NO_TEMPS}


def task_post(call: Call, row: str, body: Body) -> Answer:
    """A new task, wrapped as {"task", "mode", "target"}, or flat as older providers send it."""
    data = body.get("task", body)
    if not isinstance(data, dict):
        raise Invalid("task must be an object", field="task")
    target = read_id(call, body.get("target"), "target")
    task = services.task_create(
        actor=call.actor,
        project=call.project,
        values=read_task(data, call.project),
        mode=None if body.get("mode") is None else read_word(body, "mode"),
        target=target,
        parent=None if target else read_id(call, data.get("parent"), "parent"),
        index=read_index(body) if "task" in body else None,
        temp=read_temp(call, data),
    )
    return {"id": task.pk}


def task_put(call: Call, row: str, body: Body) -> Answer:
    """Update, move or copy, told apart by `operation`."""
    operation = read_word(body, "operation", "update") or "update"
    if operation not in TASK_OPERATIONS:
        raise Invalid(f"unknown operation {operation!r}: it is move or copy, or absent", field="operation")
    return TASK_OPERATIONS[operation](call, path_id(call, row), body)


def _task_update(call: Call, task_id: int, body: Body) -> Answer:
    values = read_task(body, call.project)
    services.task_update(actor=call.actor, project=call.project, task_id=task_id, values=values)
    return {"id": task_id}


def _task_move(call: Call, task_id: int, body: Body) -> Answer:
    mode = read_word(body, "mode")
    target = read_id(call, body.get("target"), "target")
    if target is None and mode in {"before", "after", "child"} and body.get("target") not in ROOT:
        raise Invalid("target must be the id of a task", field="target")
    if target is None and mode in {"before", "after"}:
        raise NotFound("task with id 0 not found")
    services.task_move(actor=call.actor, project=call.project, task_id=task_id, mode=mode, target=target)
    return {"id": task_id}


def _task_copy(call: Call, task_id: int, body: Body) -> Answer:
    # Taken for no target at all, a copy with a temporary id would wait unseen for a branch that nobody sends.
    if body.get("target") in ROOT:
        raise Invalid("target must be the id of a task", field="target")
    copy = services.task_copy(
        actor=call.actor,
        project=call.project,
        source_id=task_id,
        mode=read_word(body, "mode"),
        target=read_id(call, body.get("target"), "target"),
        lazy=read_flag(body, "lazy"),
        temp=read_temp(call, body),
    )
    return {"id": copy.pk}


TASK_OPERATIONS: dict[str, Callable[[Call, int, Body], Answer]] = {
    "update": _task_update,
    "move": _task_move,
    "copy": _task_copy,
}


def task_delete(call: Call, row: str, body: Body) -> Answer:
    services.task_delete(actor=call.actor, project=call.project, task_id=path_id(call, row))
    return {}


def link_post(call: Call, row: str, body: Body) -> Answer:
    """A new link. Without ends it belongs to a branch that is being copied (see services/staging.py)."""
    source = read_id(call, body.get("source"), "source")
    target = read_id(call, body.get("target"), "target")
    temp = read_temp(call, body)
    kind = read_word(body, "type", "e2s")
    if source and target:
        link = services.link_create(
            actor=call.actor, project=call.project, source=source, target=target, type=kind, lag=_lag(body), temp=temp
        )
        return {"id": link.pk}
    if source is None and target is None and temp:
        return {"id": link_stage(actor=call.actor, project=call.project, type=kind, temp=temp).pk}
    # A copied link that leads out of its branch: the page lost the other end, its user did nothing wrong.
    if temp is None and copied_by(call.project, call.client, source or target):
        return {}
    missing = "target" if source else "source"
    raise Invalid(f"{missing} must be the id of a task", field=missing)


def link_put(call: Call, row: str, body: Body) -> Answer:
    values: dict[str, Any] = {name: need_id(call, body[name], name) for name in ("source", "target") if name in body}
    if "type" in body:
        values["type"] = read_word(body, "type")
    if "lag" in body:
        values["lag"] = _lag(body)
    link_id = path_id(call, row, TempId.LINKS)
    services.link_update(actor=call.actor, project=call.project, link_id=link_id, values=values)
    return {"id": link_id}


def link_delete(call: Call, row: str, body: Body) -> Answer:
    services.link_delete(actor=call.actor, project=call.project, link_id=path_id(call, row, TempId.LINKS))
    return {}


def _lag(body: Body) -> float | None:
    return None if body.get("lag") is None else read_number(body, "lag", low=-36500, high=36500)


def assignment_post(call: Call, row: str, body: Body) -> Answer:
    assignment = services.assignment_create(
        actor=call.actor,
        project=call.project,
        **{name: need_id(call, body.get(name), name, kinds) for name, kinds in ASSIGNED.items()},
        units=100 if body.get("units") is None else read_number(body, "units", low=0, high=100),
    )
    return {"id": assignment.pk}


def assignment_put(call: Call, row: str, body: Body) -> Answer:
    values: dict[str, Any] = {
        name: need_id(call, body[name], name, kinds) for name, kinds in ASSIGNED.items() if name in body
    }
    if body.get("units") is not None:
        values["units"] = read_number(body, "units", low=0, high=100)
    assignment_id = path_id(call, row, NO_TEMPS)
    services.assignment_update(actor=call.actor, project=call.project, assignment_id=assignment_id, values=values)
    return {"id": assignment_id}


def assignment_delete(call: Call, row: str, body: Body) -> Answer:
    services.assignment_delete(actor=call.actor, project=call.project, assignment_id=path_id(call, row, NO_TEMPS))
    return {}


OPERATIONS: dict[tuple[str, str, bool], Callable[[Call, str, Body], Answer]] = {
    # (method, resource, whether an id follows)
    ("POST", "tasks", False): task_post,
    ("PUT", "tasks", True): task_put,
    ("DELETE", "tasks", True): task_delete,
    ("POST", "links", False): link_post,
    ("PUT", "links", True): link_put,
    ("DELETE", "links", True): link_delete,
    ("POST", "assignments", False): assignment_post,
    ("PUT", "assignments", True): assignment_put,
    ("DELETE", "assignments", True): assignment_delete,
}
