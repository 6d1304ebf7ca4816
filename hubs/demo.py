"""Demo hub: the one of MileApp's own task examples."""

from typing import Any

from accounts.models import User
from core.actor import Actor
from hubs.models import Hub
from hubs.services import hub_create

JAKARTA = "634e98498ce07d29474a7e29"
ASSIGNEE = "leandro@mile.app"


def demo_load(*, actor: Actor) -> dict[str, Any]:
    """Hub Jakarta with its agent, where they are missing."""
    hub = Hub.objects.of(actor.organization).filter(pk=JAKARTA).first() or hub_create(
        actor=actor,
        hub_id=JAKARTA,
        name="Jakarta",
        address="Jl. Jenderal Sudirman, Jakarta",
        lat=-6.205154152722965,
        lng=106.84667067970608,
        country_code="ID",
    )
    hub.users.add(*User.objects.of(actor.organization).filter(email=ASSIGNEE, is_active=True))
    return {"mileapp": {"hub_id": hub.pk, "assignee": ASSIGNEE}}
