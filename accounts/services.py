"""Every write to accounts. Credentials are returned in clear once, by the call that makes them."""

import secrets
import string
from datetime import datetime
from typing import Any

from axes.handlers.proxy import AxesProxyHandler
from axes.utils import reset
from django.contrib.auth import authenticate
from django.contrib.auth.hashers import check_password
from django.contrib.auth.models import Group
from django.db import transaction
from django.http import HttpRequest
from django.utils import timezone

from accounts import crypto
from accounts.errors import LoginFailed, LoginLocked, PasswordUsedBefore
from accounts.models import AccessKey, AccessToken, Organization, PasswordHistory, User
from accounts.selectors import token_digest

_KEY_ALPHABET = string.ascii_uppercase + string.digits


def user_create(
    *, organization: Organization, email: str, name: str, groups: list[str], password: str | None = None, **fields: Any
) -> User:
    """A user of `organization` in the named groups; without password he can't log in, only use tokens."""
    with transaction.atomic():
        user = User.objects.create_user(email, password, organization=organization, name=name, **fields)
        user.groups.set(Group.objects.filter(name__in=groups))
    return user


def token_issue(
    *, user: User, name: str, expires_at: datetime | None = None, kind: str = AccessToken.Kind.PERSONAL
) -> tuple[AccessToken, str]:
    """A new token and its text, which is never shown again."""
    raw = "ty_" + secrets.token_urlsafe(32)
    token = AccessToken.objects.create(
        organization_id=user.organization_id,
        user=user,
        name=name,
        kind=kind,
        prefix=raw[:9],
        digest=token_digest(raw),
        expires_at=expires_at,
    )
    return token, raw


def token_revoke(*, token: AccessToken) -> bool:
    """End a token; False when it had been revoked before."""
    return AccessToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=timezone.now()) == 1


def key_issue(*, user: User, name: str, expires_at: datetime | None = None) -> tuple[AccessKey, str]:
    """A new access key (AK of 20, SK of 40 characters) and its secret, which is never shown again."""
    secret = "".join(secrets.choice(string.ascii_letters + string.digits) for _ in range(40))
    key = AccessKey.objects.create(
        organization_id=user.organization_id,
        user=user,
        name=name,
        access_key="".join(secrets.choice(_KEY_ALPHABET) for _ in range(20)),
        secret_encrypted=crypto.encrypt(secret),
        expires_at=expires_at,
    )
    return key, secret


def key_revoke(*, key: AccessKey) -> bool:
    return AccessKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=timezone.now()) == 1


def login_check(*, request: HttpRequest, email: str, password: str) -> User:
    """The user with this e-mail and password.

    Wrong tries are counted for every dialect and the console together; LoginLocked after LOGIN_FAILURE_LIMIT of them
    for half an hour, LoginFailed otherwise.
    """
    email = email.strip().lower()
    credentials = {"username": email}
    if AxesProxyHandler.is_locked(request, credentials):
        raise LoginLocked
    user = authenticate(request, username=email, password=password)
    # The mark that makes its middleware answer with the console's page; the caller has an answer of his own.
    request.axes_locked_out = False  # type: ignore[attr-defined]
    if user is None:
        if AxesProxyHandler.is_locked(request, credentials):
            raise LoginLocked
        raise LoginFailed
    return User.objects.select_related("organization").get(pk=user.pk)


def login_unlock(*, email: str) -> int:
    """Forget the wrong tries of an account; the number of records removed."""
    return reset(username=email.strip().lower())


def password_set(*, user: User, password: str) -> None:
    """A new password, which must differ from the present and the earlier ones (PasswordUsedBefore)."""
    with transaction.atomic():
        used = [user.password, *user.password_history.values_list("password", flat=True)[:10]]
        if any(check_password(password, old) for old in used if old):
            raise PasswordUsedBefore
        PasswordHistory.objects.create(user=user, password=user.password)
        user.set_password(password)
        user.save(update_fields=["password", "updated_at"])
