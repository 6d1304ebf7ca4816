"""The four groups, their default rights, and the cache through which every request reads them.

Rights are Django's model permissions of the groups, in the API as in the console. `groups_ensure` runs after every
migration: it makes missing groups and grants each *new* permission by the table below, so that what an administrator
took away later stays away.
"""

import time
from typing import Any

from django.apps import AppConfig, apps

ADMINISTRATOR, PLANNER, AGENT, VIEWER = "Administrator", "Planner", "Agent", "Viewer"
GROUPS = (ADMINISTRATOR, PLANNER, AGENT, VIEWER)

# Apps whose rows are work data; accounts and core belong to administrators.
WORK_APPS = frozenset({"hubs", "flows", "tasks", "crm", "soc", "gantt"})
OWN_APPS = WORK_APPS | {"accounts", "core"}

_CACHE_SECONDS = 5
_cache: dict[int, tuple[float, frozenset[str]]] = {}


def granted(group: str, app: str, codename: str) -> bool:
    """Whether GROUP gets the permission APP.CODENAME by default.

    Administrators get everything of ours; planners everything in the work apps; agents see them and change tasks
    ("change_task", "change_todo") and take part (add and change comments and attachments); viewers only see.
    A model can name its own grants in `Meta.permissions` codenames: anything but view/add/change/delete goes to
    administrators and planners.
    """
    if group == ADMINISTRATOR:
        return True
    if app not in WORK_APPS:
        return False
    if group == PLANNER:
        return True
    if codename.startswith("view_"):
        return True
    return group == AGENT and codename in {
        "change_task", "change_todo", "add_comment", "delete_comment", "add_attachment", "change_attachment",
    }  # fmt: skip


def groups_ensure(sender: AppConfig, using: str = "default", **_: Any) -> None:
    """Make the four groups and grant the permissions that are new in the app that has just been migrated."""
    if sender.label not in OWN_APPS:
        return
    Group, Permission = apps.get_model("auth", "Group"), apps.get_model("auth", "Permission")
    groups = {name: Group.objects.using(using).get_or_create(name=name)[0] for name in GROUPS}
    # A permission that no group has is one that this migration brought.
    new = Permission.objects.using(using).filter(content_type__app_label=sender.label, group=None)
    grants = [
        Group.permissions.through(group_id=groups[name].pk, permission_id=permission.pk)
        for permission in new
        for name in GROUPS
        if granted(name, sender.label, permission.codename)
    ]
    Group.permissions.through.objects.using(using).bulk_create(grants, ignore_conflicts=True)
    forget()


def permissions_of(group_id: int) -> frozenset[str]:
    """The rights ("tasks.add_task") of a group; a change made by another process shows after five seconds at most."""
    cached = _cache.get(group_id)
    now = time.monotonic()
    if cached is None or now - cached[0] > _CACHE_SECONDS:
        Permission = apps.get_model("auth", "Permission")
        rows = Permission.objects.filter(group=group_id).values_list("content_type__app_label", "codename").order_by()
        cached = _cache[group_id] = now, frozenset(f"{app}.{codename}" for app, codename in rows)
    return cached[1]


def forget(**_: Any) -> None:
    """Drop the cache: a group's rights have changed."""
    _cache.clear()
