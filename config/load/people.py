"""Who the loaded work belongs to."""

from accounts.models import Organization, User
from accounts.services import user_create

AGENTS = 100


def agents_of(organization: Organization) -> list[User]:
    """A hundred agents of the organization, made where they are missing; they have no password."""
    stem = f"{organization.pk}.load.example"
    found = {user.email: user for user in User.objects.of(organization).filter(email__endswith=stem)}
    agents = []
    for number in range(1, AGENTS + 1):
        email = f"agent{number:03}@{stem}"
        agents.append(
            found.get(email)
            or user_create(organization=organization, email=email, name=f"Agent {number:03}", groups=["Agent"])
        )
    return agents
