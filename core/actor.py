"""Who acts: handed to every service, which checks the rights and writes the journal with it."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.api.errors import Forbidden

if TYPE_CHECKING:
    from accounts.models import Organization, User


@dataclass(frozen=True, slots=True)
class Actor:
    """A user (or the system itself) acting for an organization through one of the doors.

    source: mileapp, onlyoffice, secmaster, gantt (the APIs), admin, command or worker.
    """

    user: "User | None"
    organization: "Organization"
    source: str
    request_id: str = ""

    @classmethod
    def system(cls, organization: "Organization", source: str = "worker") -> "Actor":
        """The worker or an operator at the command line: may do everything, in this one organization."""
        return cls(user=None, organization=organization, source=source)

    @property
    def name(self) -> str:
        return self.user.name if self.user else "System"

    @property
    def is_administrator(self) -> bool:
        """Whether the actor may manage the organization's users, which is what administrators are for."""
        return self.can("accounts.change_user")

    def can(self, permission: str) -> bool:
        """Whether the actor has a model permission such as "tasks.change_task"."""
        return self.user is None or self.user.has_perm(permission)

    def require(self, permission: str) -> None:
        """Forbidden unless the actor has the permission."""
        if not self.can(permission):
            raise Forbidden("You do not have permission to perform this action")
