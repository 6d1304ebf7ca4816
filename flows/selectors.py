"""Reads of flows and their logs, always of one organization. Deleted flows are not there."""

from typing import Any

from django.db.models import QuerySet

from accounts.models import Organization
from core.api.errors import NotFound
from flows.models import Flow, FlowLog


def flows(*, organization: Organization) -> QuerySet[Flow]:
    return Flow.objects.of(organization).filter(deleted_at=None)


def flow_get(*, organization: Organization, **lookup: Any) -> Flow:
    """A flow by `id` or `name`; NotFound for unknown and deleted ones, and for those of other organizations."""
    flow = flows(organization=organization).filter(**lookup).first()
    if flow is None:
        raise NotFound
    return flow


def flow_logs(*, organization: Organization) -> QuerySet[FlowLog]:
    return FlowLog.objects.of(organization)


def flow_log_get(*, flow: Flow, log_id: str) -> FlowLog:
    log = flow.logs.filter(pk=log_id).first()
    if log is None:
        raise NotFound
    return log


def flows_outdated(*, organization: Organization, known: list[dict[str, Any]], everything: bool) -> list[Flow]:
    """The flows that a client lacks or holds at another version; all of them if `everything`.

    known: `[{name, version}]`, each with an optional `id` that identifies the flow after a change of its name.
    """
    held = {(str(row.get("id") or row.get("name")), row.get("version")) for row in known}
    return [
        flow
        for flow in flows(organization=organization)
        if everything or not {(flow.pk, flow.version), (flow.name, flow.version)} & held
    ]


def flow_state(flow: Flow) -> dict[str, Any]:
    """The whole flow as JSON values: what logs keep and answers are made of."""
    return {
        "id": flow.pk,
        "name": flow.name,
        "pages": flow.pages,
        "configurations": flow.configurations,
        "version": flow.version,
        "order_index": flow.order_index,
        "is_default": flow.is_default,
        "created_by": flow.created_by,
        "updated_by": flow.updated_by,
        "created_at": flow.created_at.isoformat(),
        "updated_at": flow.updated_at.isoformat(),
        "deleted_at": flow.deleted_at and flow.deleted_at.isoformat(),
    }
