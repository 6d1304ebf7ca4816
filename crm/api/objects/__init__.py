"""The vendor's objects as plain dicts, their members in the vendor's order.

Members that the vendor leaves out at null, 0 or false are absent here too; an empty text is sent.
"""

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from zoneinfo import ZoneInfo

from core.actor import Actor
from crm.api.dialect.dates import moment_text


@dataclass(frozen=True)
class Caller:
    """Who reads the answer, and the address he called, which links in it begin with."""

    actor: Actor
    host: str

    @cached_property
    def zone(self) -> ZoneInfo:
        return self.actor.organization.zone

    def moment(self, moment: datetime) -> str:
        return moment_text(moment, self.zone)
