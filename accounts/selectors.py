"""Reading credentials: one indexed query each.

Every request of every API begins here, so the query is written out: building it through the ORM costs more than
running it.
"""

import hashlib
import uuid
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection
from django.db.models import Model
from django.utils import timezone

from accounts.models import AccessKey, AccessToken, Organization, User
from accounts.statements import cursor

# "Last used" answers "is it still in use?", for which a minute is exact enough; writing it at every call is not.
LAST_USED_STEP = timedelta(minutes=1)


def _ordered(model: type[Model], names: str) -> tuple[str, ...]:
    """The columns in the model's own order, which Model.from_db expects."""
    wanted = set(names.split())
    return tuple(field.attname for field in model._meta.concrete_fields if field.attname in wanted)


# What requests need; the other columns are read when somebody asks for them.
_USER = _ordered(
    User,
    "id guid object_id organization_id email name first_name last_name title phone_number is_active is_staff"
    " is_superuser",
)
_ORGANIZATION = _ordered(Organization, "id object_id name time_zone is_active")
_KEY = _ordered(AccessKey, "id organization_id user_id access_key secret_encrypted last_used_at")

# One group is the rule: the first two tell whether there are more, without a row per group.
_SQL = """
SELECT c.id, c.last_used_at, {columns},
    (SELECT MIN(g.group_id) FROM accounts_user_groups g WHERE g.user_id = u.id),
    (SELECT MAX(g.group_id) FROM accounts_user_groups g WHERE g.user_id = u.id)
    {extra}
FROM {table} c JOIN accounts_user u ON u.id = c.user_id JOIN accounts_organization o ON o.id = u.organization_id
WHERE c.{key} = %s AND c.revoked_at IS NULL AND (c.expires_at IS NULL OR c.expires_at > %s)
    AND u.is_active AND o.is_active
"""
_COLUMNS = ", ".join([*(f"u.{name}" for name in _USER), *(f"o.{name}" for name in _ORGANIZATION)])
_TOKEN_SQL = _SQL.format(columns=_COLUMNS, table="accounts_accesstoken", key="digest", extra="")
_KEY_SQL = _SQL.format(
    columns=_COLUMNS,
    table="accounts_accesskey",
    key="access_key",
    extra=", " + ", ".join(f"c.{name}" for name in _KEY),
)


def token_digest(raw: str) -> str:
    """Random tokens of 256 bits need no slow hash: there is nothing to guess."""
    return hashlib.sha256(raw.encode("utf-8", "surrogateescape")).hexdigest()


def token_authenticate(raw: str) -> User | None:
    """The user of a usable token, with the organization loaded and the groups known; None for any other text.

    Usable: neither revoked nor expired, of an active user of an active organization. One query; a second one at most
    once a minute, to note when the token was last used.
    """
    if not raw or len(raw) > 512:
        return None
    row = _read(_TOKEN_SQL, token_digest(raw))
    if row is None:
        return None
    _used(AccessToken, row[0], row[1])
    return _user(row)


def key_find(access_key: str) -> AccessKey | None:
    """The usable access key with this AK (secret, user and organization loaded), or None."""
    row = _read(_KEY_SQL, access_key)
    if row is None:
        return None
    key = AccessKey.from_db(connection.alias, _KEY, row[-len(_KEY) :])
    key.last_used_at = _aware(key.last_used_at)
    key.user = _user(row)
    return key


def key_used(key: AccessKey) -> User:
    """The user of a key whose signature has been verified; notes the use."""
    _used(AccessKey, key.pk, key.last_used_at)
    return key.user


def _read(sql: str, value: str) -> tuple[Any, ...] | None:
    with cursor() as rows:
        rows.execute(sql, [value, connection.ops.adapt_datetimefield_value(timezone.now())])
        return rows.fetchone()


def _user(row: tuple[Any, ...]) -> User:
    user = User.from_db(connection.alias, _USER, row[2 : 2 + len(_USER)])
    if not isinstance(user.guid, uuid.UUID):  # SQLite has no type for it
        user.guid = uuid.UUID(user.guid)
    start = 2 + len(_USER)
    user.organization = Organization.from_db(connection.alias, _ORGANIZATION, row[start : start + len(_ORGANIZATION)])
    first, last = row[start + len(_ORGANIZATION) : start + len(_ORGANIZATION) + 2]
    if first == last:
        user._group_ids = () if first is None else (first,)  # type: ignore[attr-defined]
    return user


def _used(model: type[AccessToken] | type[AccessKey], pk: int, last: datetime | None) -> None:
    now = timezone.now()
    last = _aware(last)
    if last is None or now - last > LAST_USED_STEP:
        model.objects.filter(pk=pk, last_used_at=last).update(last_used_at=now)


def _aware(moment: datetime | None) -> datetime | None:
    """SQLite hands out moments without their zone, which is always UTC."""
    return moment.replace(tzinfo=UTC) if moment is not None and moment.tzinfo is None else moment
