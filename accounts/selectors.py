"""Reading credentials: one indexed query each."""

import hashlib
from datetime import timedelta
from typing import Any

from django.db.models import OuterRef, Q, QuerySet, Subquery
from django.utils import timezone

from accounts.models import AccessKey, AccessToken, User

# "Last used" answers "is it still in use?", for which a minute is exact enough; writing it at every call is not.
LAST_USED_STEP = timedelta(minutes=1)


def token_digest(raw: str) -> str:
    """Random tokens of 256 bits need no slow hash: there is nothing to guess."""
    return hashlib.sha256(raw.encode("utf-8", "surrogateescape")).hexdigest()


def _usable(queryset: QuerySet) -> QuerySet:
    """Neither revoked nor expired, of an active user of an active organization."""
    return queryset.filter(
        Q(expires_at=None) | Q(expires_at__gt=timezone.now()),
        revoked_at=None,
        user__is_active=True,
        user__organization__is_active=True,
    ).select_related("user__organization")


def _used(credential: AccessToken | AccessKey) -> None:
    now = timezone.now()
    last = credential.last_used_at
    if last is None or now - last > LAST_USED_STEP:
        type(credential).objects.filter(pk=credential.pk, last_used_at=last).update(last_used_at=now)


def _user(credential: Any) -> User:
    user = credential.user
    # One group is the rule; a second one costs a second query instead of a row per group here.
    if credential.second_group is None:
        user._group_ids = () if credential.first_group is None else (credential.first_group,)
    return user


def _with_groups(queryset: QuerySet) -> QuerySet:
    memberships = User.groups.through.objects.filter(user=OuterRef("user")).order_by("group")
    return queryset.annotate(
        first_group=Subquery(memberships.values("group")[:1]),
        second_group=Subquery(memberships.values("group")[1:2]),
    )


def token_authenticate(raw: str) -> User | None:
    """The user of a usable token, with the organization loaded and the groups known; None for any other text.

    One query; a second one at most once a minute, to note when the token was last used.
    """
    if not raw or len(raw) > 512:
        return None
    token = _with_groups(_usable(AccessToken.objects.filter(digest=token_digest(raw)))).first()
    if token is None:
        return None
    _used(token)
    return _user(token)


def key_find(access_key: str) -> AccessKey | None:
    """The usable access key with this AK (user and organization loaded), or None."""
    return _with_groups(_usable(AccessKey.objects.filter(access_key=access_key))).first()


def key_used(key: AccessKey) -> User:
    """The user of a key whose signature has been verified; notes the use."""
    _used(key)
    return _user(key)
