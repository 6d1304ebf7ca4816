"""Employees: the short form inside other objects, and the full one of people/@self."""

from html import escape
from typing import Any

from accounts.models import User
from crm.api.objects import Caller
from crm.selectors.related import Person

AVATARS = "/skins/default/images/default_user_photo_size_{}.png"
# Whoever does not exist (any more) is shown as this one.
LOST = {
    "id": "4a515a15-d4d6-4b8e-828e-e0586f18f3a3",
    "displayName": "Profile has been removed",
    "avatarSmall": AVATARS.format("32-32"),
}


def employee(user: User | Person | None, caller: Caller) -> dict[str, Any]:
    return caller.once("employee", user and user.pk, _employee, user, caller)


def _employee(user: User | Person | None, caller: Caller) -> dict[str, Any]:
    if user is None:
        return LOST | {"profileUrl": profile_url("", caller)}
    shown: dict[str, Any] = {"id": str(user.guid), "displayName": display_name(user)}
    if user.title:
        shown["title"] = user.title
    return shown | {"avatarSmall": LOST["avatarSmall"], "profileUrl": profile_url(user_name(user), caller)}


def employee_full(user: User, caller: Caller) -> dict[str, Any]:
    first, last = names(user)
    shown: dict[str, Any] = {
        "id": str(user.guid),
        "userName": user_name(user),
        "isVisitor": False,
        "firstName": first,
        "lastName": last,
        "email": user.email,
        "status": 1 if user.is_active else 2,
        "activationStatus": 1,
        "terminated": None,
        "department": "",
        "workFrom": caller.moment(user.created_at),
        "displayName": display_name(user),
    }
    if user.title:
        shown["title"] = user.title
    if user.phone_number:
        shown["mobilePhone"] = user.phone_number
    return shown | {
        "avatarMedium": AVATARS.format("48-48"),
        "avatar": AVATARS.format("82-82"),
        "isAdmin": user.has_perm("accounts.change_user"),
        "isLDAP": False,
        "isOwner": False,
        "isSSO": False,
        "avatarSmall": AVATARS.format("32-32"),
        "profileUrl": profile_url(user_name(user), caller),
    }


def names(user: User) -> tuple[str, str]:
    """First and last name; the display name cut at its first space where neither is known."""
    if user.first_name or user.last_name:
        return user.first_name, user.last_name
    first, _, last = user.name.partition(" ")
    return first, last


def display_name(user: User | Person) -> str:
    """The name as the vendor encodes it for HTML."""
    name = " ".join(filter(None, (user.first_name, user.last_name))) or user.name
    return escape(name).replace("&#x27;", "&#39;")


def user_name(user: User | Person) -> str:
    return user.email.partition("@")[0].lower()


def profile_url(name: str, caller: Caller) -> str:
    return f"{caller.host}/Products/People/Profile.aspx?{f'user={name}' if name else ''}"
