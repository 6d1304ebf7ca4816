"""The vendor's objects as plain dicts, their members in the vendor's order.

Members that the vendor leaves out at null, 0 or false are absent here too; an empty text is sent.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any
from zoneinfo import ZoneInfo

from core.actor import Actor
from crm.api.dialect.dates import moment_text
from crm.models import ShareType
from crm.selectors.rights import contacts_editable, tasks_editable


@dataclass(frozen=True)
class Caller:
    """Who reads the answer, and the address he called, which links in it begin with.

    What a page of rows would ask again and again is answered once.
    """

    actor: Actor
    host: str

    @cached_property
    def zone(self) -> ZoneInfo:
        return self.actor.organization.zone

    def moment(self, moment: datetime) -> str:
        return moment_text(moment, self.zone)

    @cached_property
    def printed(self) -> dict[tuple[str, Any], dict[str, Any]]:
        return {}

    def once(self, kind: str, pk: Any, make: Callable[..., dict[str, Any]], *given: Any) -> dict[str, Any]:
        """What `make` prints of these: the same object for the same kind and id, however many rows show it."""
        key = kind, pk
        if key not in self.printed:
            self.printed[key] = make(*given)
        return self.printed[key]

    @cached_property
    def task_editable(self) -> Callable[[Any], bool]:
        return tasks_editable(self.actor)

    @cached_property
    def contact_editable(self) -> Callable[[Any], bool]:
        return contacts_editable(self.actor)

    def contact_visible(self, contact: Any) -> bool:
        return contact.share_type != ShareType.NONE or self.contact_editable(contact)

    @cached_property
    def changes_contacts(self) -> bool:
        return self.actor.can("crm.change_contact")

    @cached_property
    def deletes_contacts(self) -> bool:
        return self.actor.can("crm.delete_contact")
