"""Every write to flows. Each checks the permission and the definition, is atomic, and writes log and journal."""

from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from core.actor import Actor
from core.api.errors import AppError, Invalid
from core.journal import diff, record
from flows import selectors
from flows.fields import RESERVED_NAMES, configurations_clean, pages_clean
from flows.models import Flow, FlowLog
from hubs.formats import name_read
from hubs.services import locked, unique

_JOURNALED = ("name", "pages", "configurations", "version", "order_index", "is_default", "deleted_at")
# What an integer column holds on every database.
_LARGEST = 2**31 - 1


@transaction.atomic
def flow_create(
    *,
    actor: Actor,
    name: Any,
    pages: Any,
    configurations: Any = None,
    is_default: bool = False,
    version: int = 1,
    order_index: int | None = None,
) -> Flow:
    """A new flow, last in the order unless `order_index` says otherwise. Invalid names the first bad part."""
    actor.require("flows.add_flow")
    flow = Flow(
        organization=actor.organization,
        name=_name(name),
        pages=pages_clean(pages),
        configurations=configurations_clean(configurations),
        is_default=is_default,
        version=_whole(version, "version", low=1),
        order_index=_order_next(actor) if order_index is None else _whole(order_index, "orderIndex"),
        created_by=_email(actor),
        updated_by=_email(actor),
    )
    with unique(flow.name):
        flow.save(force_insert=True)
    state = selectors.flow_state(flow)
    _log(actor, flow, FlowLog.Action.CREATE, before=state)
    record(actor=actor, verb="create", obj=flow, changes=diff({}, _journaled(state)))
    return flow


@transaction.atomic
def flow_update(
    *,
    actor: Actor,
    flow: Flow,
    name: Any,
    pages: Any,
    configurations: Any = None,
    is_default: bool = False,
    order_index: int | None = None,
) -> Flow:
    """Replace the definition; the version rises by one. Invalid names the first bad part."""
    actor.require("flows.change_flow")
    return _change(
        actor,
        flow,
        FlowLog.Action.PUT,
        name=_name(name),
        pages=pages_clean(pages),
        configurations=configurations_clean(configurations),
        is_default=is_default,
        order_index=flow.order_index if order_index is None else _whole(order_index, "orderIndex"),
    )


@transaction.atomic
def flow_restore(*, actor: Actor, flow: Flow, log: FlowLog) -> Flow:
    """Bring back the flow as it was at the log's version, which is before that change; the version rises by one."""
    actor.require("flows.change_flow")
    kept = {key: log.before[key] for key in ("name", "pages", "configurations", "is_default")}
    return _change(actor, flow, FlowLog.Action.PUT, **kept)


@transaction.atomic
def flow_delete(*, actor: Actor, flow: Flow) -> Flow:
    """Take a flow out of use. Its tasks stay, and its name is free again."""
    actor.require("flows.delete_flow")
    flow = _fresh(flow)
    before = selectors.flow_state(flow)
    flow.deleted_at = timezone.now()
    flow.updated_by = _email(actor)
    flow.save(update_fields=["deleted_at", "updated_by", "updated_at"])
    record(actor=actor, verb="delete", obj=flow, changes=_changes(before, flow))
    return flow


@transaction.atomic
def flows_reorder(*, actor: Actor, rows: list[Any]) -> list[tuple[str, Flow | AppError]]:
    """Put flows in order, and duplicate or delete some on the way.

    rows: `[{flowId, flowName, doDuplicate, doDelete}]` in the order wanted. Answers ("moved" | "duplicated" |
    "deleted", flow) or ("failed", error) for each; a failing row stops no other.
    """
    actor.require("flows.change_flow")
    results: list[tuple[str, Flow | AppError]] = []
    position = 1
    for row in rows:
        try:
            with transaction.atomic():
                results.append(_reorder(actor, row, position))
            position += results[-1][0] != "deleted"
        except AppError as error:
            results.append(("failed", error))
    return results


def _reorder(actor: Actor, row: Any, position: int) -> tuple[str, Flow]:
    if not isinstance(row, dict):
        raise Invalid("The flowId field is required.", field="flowId")
    flow = selectors.flow_get(organization=actor.organization, id=name_read(row.get("flowId"), "flowId"))
    if row.get("doDelete"):
        return "deleted", flow_delete(actor=actor, flow=flow)
    if row.get("doDuplicate"):
        name = row.get("flowName") or f"{flow.name} Copy"
        return "duplicated", flow_create(
            actor=actor, name=name, pages=flow.pages, configurations=flow.configurations, order_index=position
        )
    return "moved", _change(actor, flow, FlowLog.Action.REORDER, order_index=position)


def _change(actor: Actor, flow: Flow, action: FlowLog.Action, **changes: Any) -> Flow:
    flow = _fresh(flow)
    before = selectors.flow_state(flow)
    for key, value in changes.items():
        setattr(flow, key, value)
    flow.version += 1
    flow.updated_by = _email(actor)
    with unique(flow.name):
        flow.save(update_fields=[*changes, "version", "updated_by", "updated_at"])
    _log(actor, flow, action, before=before)
    record(actor=actor, verb="update", obj=flow, changes=_changes(before, flow))
    return flow


def _fresh(flow: Flow) -> Flow:
    """The row again, locked; NotFound when somebody deleted it meanwhile."""
    locked(Flow, flow)
    return selectors.flow_get(organization=flow.organization, id=flow.pk)


def _log(actor: Actor, flow: Flow, action: FlowLog.Action, *, before: dict[str, Any]) -> None:
    FlowLog.objects.create(
        organization=actor.organization,
        flow=flow,
        action=action,
        changed_by=actor.name[:200],
        version=before["version"],
        before=before,
        after=selectors.flow_state(flow),
    )


def _changes(before: dict[str, Any], flow: Flow) -> dict[str, list[Any]]:
    return diff(_journaled(before), _journaled(selectors.flow_state(flow)))


def _journaled(state: dict[str, Any]) -> dict[str, Any]:
    return {key: state[key] for key in _JOURNALED}


def _name(value: Any) -> str:
    """Names stand in URLs: one that a client would resolve as a path step could not be asked for."""
    name = name_read(value)
    if name in RESERVED_NAMES or name in {".", ".."}:
        raise Invalid(f"The name {name} is reserved.", field="name")
    return name


def _order_next(actor: Actor) -> int:
    last = selectors.flows(organization=actor.organization).aggregate(last=Max("order_index"))["last"]
    return min((last or 0) + 1, _LARGEST)


def _whole(value: Any, field: str, *, low: int = -_LARGEST) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not low <= value <= _LARGEST:
        raise Invalid(f"The {field} must be an integer.", field=field)
    return value


def _email(actor: Actor) -> str:
    return actor.user.email if actor.user else ""
