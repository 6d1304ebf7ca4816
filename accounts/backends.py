"""Rights from groups through the cache of accounts.groups, and the console's answer to a locked account."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts import groups
from accounts.models import User


class GroupBackend(ModelBackend):
    """Django's model permissions, by group only; organizations can be switched off as a whole."""

    def user_can_authenticate(self, user: Any) -> bool:
        return super().user_can_authenticate(user) and user.organization.is_active

    def get_user(self, user_id: int) -> User | None:
        user = User.objects.select_related("organization").filter(pk=user_id).first()
        return user if user is not None and self.user_can_authenticate(user) else None

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        if not user_obj.is_active or user_obj.is_anonymous or obj is not None:
            return set()
        if not hasattr(user_obj, "_rights"):
            user_obj._rights = rights(user_obj)
        return user_obj._rights

    def get_group_permissions(self, user_obj: Any, obj: Any = None) -> set[str]:
        return self.get_all_permissions(user_obj, obj)

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        return perm in self.get_all_permissions(user_obj, obj)


def rights(user: User) -> set[str]:
    """Everything that the user's groups may do."""
    group_ids = getattr(user, "_group_ids", None)
    if group_ids is None:
        group_ids = user.groups.values_list("id", flat=True)
    found: set[str] = set()
    return found.union(*(groups.permissions_of(group_id) for group_id in group_ids))


def console_lockout(request: HttpRequest, *_: Any, **__: Any) -> HttpResponse:
    return render(request, "admin/locked.html", status=429)
