"""Typed factories of the foundation's rows; every app's tests add their own beside them."""

from typing import Any

import factory
from django.contrib.auth.models import Group
from factory.django import DjangoModelFactory

from accounts.models import AccessToken, Organization, User
from accounts.services import token_issue


class OrganizationFactory(DjangoModelFactory[Organization]):
    class Meta:
        model = Organization

    name = factory.Sequence(lambda n: f"Organization {n}")
    time_zone = "Asia/Singapore"


class UserFactory(DjangoModelFactory[User]):
    """A user; `group="Planner"` puts him into that group. The password is `secret`."""

    class Meta:
        model = User
        skip_postgeneration_save = True

    organization = factory.SubFactory(OrganizationFactory)
    email = factory.Sequence(lambda n: f"user{n}@example.com")
    name = factory.Sequence(lambda n: f"User {n}")

    @factory.post_generation
    def group(self: Any, create: bool, extracted: str | None, **_: Any) -> None:
        if extracted:
            self.groups.add(Group.objects.get(name=extracted))


def token_for(user: User, **kwargs: Any) -> str:
    """The text of a token that has been used already, so that its first use writes nothing."""
    from django.utils import timezone

    token, raw = token_issue(user=user, name="test", **kwargs)
    AccessToken.objects.filter(pk=token.pk).update(last_used_at=timezone.now())
    return raw
