"""Query parameters of flow logs."""

from flows.models import FlowLog
from hubs.api.filters import CommaFilter, MileAppFilterSet


class FlowLogFilter(MileAppFilterSet):
    action = CommaFilter(field_name="action")
    flowId = CommaFilter(field_name="flow")

    class Meta:
        model = FlowLog
        fields: list[str] = []
