from typing import Any

import factory
from factory.django import DjangoModelFactory

from hubs.models import Hub, Team
from tests.factories import OrganizationFactory


class HubFactory(DjangoModelFactory[Hub]):
    """A hub; `users=[...]` puts them in."""

    class Meta:
        model = Hub
        skip_postgeneration_save = True

    organization = factory.SubFactory(OrganizationFactory)
    name = factory.Sequence(lambda n: f"Hub {n}")
    address = "Jl. Kenanga 1, Jakarta"
    lat = -6.2
    lng = 106.8

    @factory.post_generation
    def users(self: Any, create: bool, extracted: list | None, **_: Any) -> None:
        self.users.add(*(extracted or []))


class TeamFactory(DjangoModelFactory[Team]):
    class Meta:
        model = Team
        skip_postgeneration_save = True

    organization = factory.SelfAttribute("hub.organization")
    hub = factory.SubFactory(HubFactory)
    name = factory.Sequence(lambda n: f"Team {n}")

    @factory.post_generation
    def users(self: Any, create: bool, extracted: list | None, **_: Any) -> None:
        self.users.add(*(extracted or []))
