"""The fixture world: an organization with one user of each group, and an outsider who administers another one."""

from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core.cache import cache
from django.test import Client

from accounts import groups
from accounts.models import Organization, User
from core.actor import Actor
from tests.factories import OrganizationFactory, UserFactory, token_for


class World:
    """Everybody that a test needs; users are made when they are first asked for."""

    def __init__(self) -> None:
        # Read the groups' rights before the test counts queries.
        groups.forget()
        for group_id in Group.objects.values_list("pk", flat=True):
            groups.permissions_of(group_id)
        self.organization: Organization = OrganizationFactory(name="Home")
        self.other_organization: Organization = OrganizationFactory(name="Elsewhere")
        self._users: dict[str, User] = {}
        self._tokens: dict[int, str] = {}

    def _user(self, key: str, group: str, organization: Organization, **fields: Any) -> User:
        if key not in self._users:
            user = UserFactory(
                email=f"{key}@example.com", name=key.capitalize(), organization=organization, group=group, **fields
            )
            # As a request would load him: the organization joined, nothing cached about his rights.
            self._users[key] = User.objects.select_related("organization").get(pk=user.pk)
        return self._users[key]

    @property
    def owner(self) -> User:
        return self._user("owner", "Administrator", self.organization, is_staff=True)

    @property
    def planner(self) -> User:
        return self._user("planner", "Planner", self.organization, is_staff=True)

    @property
    def agent(self) -> User:
        return self._user("agent", "Agent", self.organization)

    @property
    def viewer(self) -> User:
        return self._user("viewer", "Viewer", self.organization, is_staff=True)

    @property
    def outsider(self) -> User:
        return self._user("outsider", "Administrator", self.other_organization, is_staff=True)

    def token(self, user: User) -> str:
        if user.pk not in self._tokens:
            self._tokens[user.pk] = token_for(user)
        return self._tokens[user.pk]

    def actor(self, user: User | None = None, source: str = "mileapp") -> Actor:
        user = user or self.owner
        return Actor(user, user.organization, source, "test-request")


@pytest.fixture
def world(db: None) -> World:
    return World()


@pytest.fixture
def client_for(world: World) -> Callable[[User], Client]:
    """client_for(user) → a client that sends the user's token as Bearer."""

    def make(user: User, **headers: str) -> Client:
        client = Client(headers={"authorization": f"Bearer {world.token(user)}", **headers})
        client.raise_request_exception = True
        return client

    return make


@pytest.fixture
def console_for(client_for: Any) -> Callable[[User], Client]:
    """console_for(user) → a client that is logged in to the admin console."""

    def make(user: User) -> Client:
        client = Client()
        client.force_login(user, backend="accounts.backends.GroupBackend")
        return client

    return make


@pytest.fixture(autouse=True)
def _settings(settings: Any, tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Uploads go to a folder of the test; limits are off unless a test is about them; hashing is quick."""
    settings.MEDIA_ROOT = str(tmp_path / "media")
    settings.RATE_LIMITS = dict.fromkeys(settings.RATE_LIMITS, 0)
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    # Rights are read at the start of a test (see World), never in the middle of it.
    monkeypatch.setattr(groups, "_CACHE_SECONDS", 3600)
    cache.clear()
