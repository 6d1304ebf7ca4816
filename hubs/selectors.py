"""Reads of hubs, teams and members, always of one organization."""

from collections.abc import Collection
from datetime import timedelta
from typing import Any

from axes.models import AccessAttempt
from django.conf import settings
from django.contrib.auth.models import Group
from django.db.models import Count, Max, Prefetch, Q, QuerySet, Sum
from django.db.models.functions import Lower
from django.utils import timezone

from accounts.groups import ADMINISTRATOR, GROUPS
from accounts.models import Organization, User
from core.actor import Actor
from core.api.errors import NotFound
from hubs import signals
from hubs.models import Hub, Team


def hub_get(*, organization: Organization, hub_id: str) -> Hub:
    """NotFound for unknown ids and those of other organizations."""
    return _one(Hub.objects.of(organization), id=hub_id)


def hub_of(actor: Actor) -> Hub | None:
    """A hub to start with: the first of the user's own, else the first of the organization."""
    hubs = Hub.objects.of(actor.organization).order_by("name", "id")
    return (hubs.filter(users=actor.user).first() if actor.user else None) or hubs.first()


def team_get(*, organization: Organization, team_id: str) -> Team:
    return _one(teams(organization=organization), id=team_id)


def teams(*, organization: Organization) -> QuerySet:
    """Teams by name, with `total_user`, the number of their users."""
    return Team.objects.of(organization).annotate(total_user=Count("users")).order_by("name", "id")


def hubs_kept(*, actor: Actor, hub_ids: Collection[str]) -> set[str]:
    """Which of these hubs cannot be deleted: they have users, or something else (done tasks) that must stay.

    The asking user does not count: whoever creates a hub is put into it and may still take it back.
    """
    users = Hub.users.through.objects.filter(hub__in=hub_ids)
    if actor.user is not None:
        users = users.exclude(user=actor.user)
    kept: set = set(users.values_list("hub_id", flat=True).distinct())
    answers = signals.hubs_in_use.send(sender=Hub, organization=actor.organization, hub_ids=hub_ids)
    for _, answer in answers:
        kept.update(answer or ())
    return kept


def members(*, organization: Organization) -> QuerySet[User]:
    """Users with their hubs, teams and groups loaded.

    A removed member keeps his row, because journal and tasks name him; he is inactive and has no group.
    """
    # Of this organization alone: an exclude() over the groups would look at those of all.
    switched_off = User.groups.through.objects.filter(user__organization=organization, user__is_active=False)
    return (
        User.objects.of(organization)
        .filter(Q(is_active=True) | Q(pk__in=switched_off.values("user")))
        .select_related("organization")
        .prefetch_related(
            Prefetch("hubs", Hub.objects.only("id")), Prefetch("teams", Team.objects.only("id")), "groups"
        )
        .order_by("name", "id")
    )


def members_visible(*, actor: Actor) -> QuerySet[User]:
    """Whom the actor sees: with teams of his own, only team mates and people without a team; administrators all."""
    everybody = members(organization=actor.organization)
    if actor.user is None or actor.is_administrator:
        return everybody
    own = list(Team.objects.filter(users=actor.user).values_list("id", flat=True))
    if not own:
        return everybody
    mates = Team.users.through.objects.filter(team__in=own).values("user")
    return everybody.filter(Q(pk__in=mates) | Q(teams=None))


def member_get(*, actor: Actor, **lookup: Any) -> User:
    """One visible member by `object_id` or `email`; NotFound else."""
    return _one(members_visible(actor=actor), **lookup)


def groups() -> list[Group]:
    """The groups behind the roles, in the order of their rights."""
    return sorted(Group.objects.filter(name__in=GROUPS), key=lambda group: GROUPS.index(group.name))


def is_owner(user: User) -> bool:
    """Whether the user has MileApp's role owner."""
    return user.is_superuser or any(group.name == ADMINISTRATOR for group in user.groups.all())


def members_locked(*, organization: Organization) -> list[dict[str, Any]]:
    """`[{email, attempts, seconds}]`: members who failed to log in too often, and how long they stay locked."""
    emails = members(organization=organization).order_by().values("email")
    rows = (
        AccessAttempt.objects.annotate(email=Lower("username"))
        .filter(email__in=emails, attempt_time__gt=timezone.now() - settings.AXES_COOLOFF_TIME)
        .values("email")
        .annotate(attempts=Sum("failures_since_start"), latest=Max("attempt_time"))
        .filter(attempts__gte=settings.AXES_FAILURE_LIMIT)
        .order_by("email")
    )
    return [{"email": row["email"], "attempts": row["attempts"], "seconds": _left(row["latest"])} for row in rows]


def _left(latest: Any) -> int:
    return int((latest + settings.AXES_COOLOFF_TIME - timezone.now()) / timedelta(seconds=1))


def _one(queryset: QuerySet, **lookup: Any) -> Any:
    row = queryset.filter(**lookup).first()
    if row is None:
        raise NotFound
    return row
