"""Every write to hubs, teams and memberships. Each checks the permission, is atomic and writes the journal."""

import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Any

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError, QuerySet

from accounts.errors import PasswordUsedBefore
from accounts.models import User
from accounts.services import key_revoke, login_unlock, password_set, token_revoke
from core.actor import Actor
from core.api.errors import Forbidden, Invalid, NotFound
from core.ids import object_id
from core.journal import diff, record
from hubs import selectors, signals
from hubs.models import Hub, Team

_HUB_FIELDS = ("name", "address", "lat", "lng", "country_code")
_STRENGTH = (r"[a-z]", r"[A-Z]", r"[0-9]", r"[^A-Za-z0-9]")


@transaction.atomic
def hub_create(
    *,
    actor: Actor,
    name: str,
    address: str,
    lat: float,
    lng: float,
    country_code: str = "",
    hub_id: str | None = None,
) -> Hub:
    """A new hub with its creator as the first user. Invalid when the name is taken.

    hub_id: the id that it has elsewhere, where rows are brought over.
    """
    actor.require("hubs.add_hub")
    hub = Hub(
        id=hub_id or object_id(),
        organization=actor.organization,
        name=name,
        address=address,
        lat=lat,
        lng=lng,
        country_code=country_code,
    )
    with unique(name):
        hub.save(force_insert=True)
    if actor.user is not None:
        hub.users.add(actor.user)
    record(actor=actor, verb="create", obj=hub, changes=diff({}, _state(hub, _HUB_FIELDS)))
    return hub


@transaction.atomic
def hub_update(
    *, actor: Actor, hub: Hub, name: str, address: str, lat: float, lng: float, country_code: str | None = None
) -> Hub:
    """Replace what a hub is; a country_code of None stays. Invalid when the name is taken."""
    actor.require("hubs.change_hub")
    changes = {"name": name, "address": address, "lat": lat, "lng": lng, "country_code": country_code}
    return _update(actor, locked(Hub, hub), changes)


@transaction.atomic
def hub_delete(*, actor: Actor, hub: Hub) -> None:
    """Delete a hub with its teams and open tasks. Invalid while others belong to it or it has done tasks."""
    actor.require("hubs.delete_hub")
    hub = locked(Hub, hub)
    refusal = Invalid("The hub has users or done tasks and cannot be deleted.")
    if selectors.hubs_kept(actor=actor, hub_ids=[hub.pk]):
        raise refusal
    signals.hub_deleting.send(sender=Hub, actor=actor, hub=hub)
    record(actor=actor, verb="delete", obj=hub, changes=diff(_state(hub, _HUB_FIELDS), {}))
    try:
        hub.delete()
    except ProtectedError:
        raise refusal from None


@transaction.atomic
def team_create(*, actor: Actor, name: str, hub: Hub) -> Team:
    """A new team of a hub; its creator joins. Invalid when the hub has a team of that name."""
    actor.require("hubs.add_team")
    team = Team(organization=actor.organization, name=name, hub=hub)
    with unique(name):
        team.save(force_insert=True)
    if actor.user is not None:
        team.users.add(actor.user)
    record(actor=actor, verb="create", obj=team, changes=diff({}, _state(team, ("name", "hub_id"))))
    return team


@transaction.atomic
def team_update(*, actor: Actor, team: Team, name: str, hub: Hub) -> Team:
    """Rename a team or give it to another hub; users who are not of the new hub leave the team."""
    actor.require("hubs.change_team")
    team = _update(actor, locked(Team, team), {"name": name, "hub_id": hub.pk})
    team.users.remove(*_others(actor, team.users.exclude(hubs=hub)))
    return team


@transaction.atomic
def team_delete(*, actor: Actor, team: Team) -> None:
    """Delete a team. Invalid while it has active users other than the one who deletes it."""
    actor.require("hubs.delete_team")
    team = locked(Team, team)
    if _others(actor, team.users.filter(is_active=True)).exists():
        raise Invalid("The team has active users and cannot be deleted.")
    record(actor=actor, verb="delete", obj=team, changes=diff(_state(team, ("name", "hub_id")), {}))
    team.delete()


@transaction.atomic
def member_update(
    *,
    actor: Actor,
    user: User,
    name: str | None = None,
    email: str | None = None,
    phone_number: str | None = None,
    hubs: Iterable[Hub] | None = None,
    teams: Iterable[Team] | None = None,
) -> User:
    """Change what is given, None stays; an empty phone_number clears it.

    Everybody may change his own profile; other people's needs the right to change users, and an owner's an owner.
    Invalid when the e-mail is taken or a team is not of the user's hubs.
    """
    own = actor.user is not None and actor.user.pk == user.pk
    if not own or hubs is not None or teams is not None:
        actor.require("accounts.change_user")
        _owner_check(actor, user)
    user = locked(User, user)
    changes = {"name": name, "email": None if email is None else _email(email), "phone_number": phone_number}
    _update(actor, user, changes, key="email")
    _memberships_set(actor, user, hubs, teams)
    return user


@transaction.atomic
def memberships_set(*, actor: Actor, user: User, hubs: Iterable[Hub], teams: Iterable[Team]) -> User:
    """Say which hubs and teams a user belongs to. Invalid when a team is not of his hubs."""
    actor.require("hubs.change_member")
    user = locked(User, user)
    _memberships_set(actor, user, hubs, teams)
    return user


@transaction.atomic
def member_remove(*, actor: Actor, user: User) -> None:
    """Take a user out of the organization: no log-in, tokens, groups, hubs or teams; his open tasks are handed back.

    The row stays, because the journal and other people's work name it.
    """
    actor.require("accounts.delete_user")
    _owner_check(actor, user)
    if actor.user is not None and actor.user.pk == user.pk:
        raise Invalid("You cannot delete yourself.")
    user = locked(User, user)
    signals.member_removing.send(sender=User, actor=actor, user=user)
    for token in user.access_tokens.filter(revoked_at=None):
        token_revoke(token=token)
    for key in user.access_keys.filter(revoked_at=None):
        key_revoke(key=key)
    for relation in (user.groups, user.hubs, user.teams):
        relation.clear()
    user.is_active = False
    user.save(update_fields=["is_active", "updated_at"])
    record(actor=actor, verb="delete", obj=user, changes={"is_active": [True, False]})


@transaction.atomic
def member_password_reset(*, actor: Actor, user: User, password: str) -> User:
    """Give a user a new password. Invalid when it is too weak or was used before; an owner's only by an owner."""
    actor.require("accounts.change_user")
    _owner_check(actor, user)
    user = locked(User, user)
    if not all(re.search(pattern, password) for pattern in _STRENGTH):
        raise Invalid("The password must contain a lower and an upper case letter, a digit and a symbol.")
    try:
        validate_password(password, user)
        password_set(user=user, password=password)
    except ValidationError as error:
        raise Invalid(error.messages[0], field="password") from None
    except PasswordUsedBefore:
        raise Invalid("You cannot use a password that you have used before.", field="password") from None
    record(actor=actor, verb="reset password", obj=user)
    return user


@transaction.atomic
def member_unlock(*, actor: Actor, user: User) -> None:
    """Forget the failed log-ins of a user."""
    actor.require("accounts.change_user")
    login_unlock(email=user.email)
    record(actor=actor, verb="unlock", obj=user)


@contextmanager
def unique(value: str, field: str = "name") -> Iterator[None]:
    """Turns the database's refusal of a second row with this value into Invalid; two writers at once included."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError:
        raise Invalid(f"{value} has already been taken.", field=field) from None


def locked(model: Any, row: Any) -> Any:
    """The row again, locked and fresh; NotFound when somebody deleted it meanwhile."""
    fresh = model.objects.of(row.organization_id).select_for_update().filter(pk=row.pk).first()
    if fresh is None:
        raise NotFound
    return fresh


def _update(actor: Actor, row: Any, changes: dict[str, Any], *, key: str = "name") -> Any:
    """Set and save what is not None; `key` is the field that no two rows share."""
    changes = {name: value for name, value in changes.items() if value is not None}
    before = _state(row, changes)
    for name, value in changes.items():
        setattr(row, name, value)
    with unique(str(getattr(row, key)), key):
        row.save(update_fields=[*changes, "updated_at"])
    if changed := diff(before, _state(row, changes)):
        record(actor=actor, verb="update", obj=row, changes=changed)
    return row


def _memberships_set(actor: Actor, user: User, hubs: Iterable[Hub] | None, teams: Iterable[Team] | None) -> None:
    before = _membership_state(user)
    if hubs is not None:
        user.hubs.set(hubs)
    allowed = set(user.hubs.values_list("pk", flat=True))
    if teams is None:
        # Leaving a hub means leaving its teams.
        teams = user.teams.filter(hub__in=allowed)
    elif any(team.hub_id not in allowed for team in teams):
        raise Invalid("The teamId must be of the user's hubs.", field="teamId")
    user.teams.set(teams)
    if changed := diff(before, _membership_state(user)):
        record(actor=actor, verb="update", obj=user, changes=changed)


def _membership_state(user: User) -> dict[str, list[str]]:
    return {
        "hubs": sorted(user.hubs.values_list("pk", flat=True)),
        "teams": sorted(user.teams.values_list("pk", flat=True)),
    }


def _others(actor: Actor, users: QuerySet) -> QuerySet:
    """Without the actor: who has made something may take it back, though he was put into it."""
    return users if actor.user is None else users.exclude(pk=actor.user.pk)


def _owner_check(actor: Actor, user: User) -> None:
    if actor.user is not None and selectors.is_owner(user) and not selectors.is_owner(actor.user):
        raise Forbidden


def _email(value: str) -> str:
    try:
        validate_email(value)
    except ValidationError:
        raise Invalid("The email format is invalid.", field="email") from None
    return value.strip().lower()


def _state(row: Any, fields: Iterable[str]) -> dict[str, Any]:
    return {field: getattr(row, field) for field in fields}
