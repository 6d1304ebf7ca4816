"""MileApp's roles and permission names over the four groups: one permission system, in the vendor's words."""

import hashlib
from datetime import UTC, datetime

from accounts.groups import ADMINISTRATOR, AGENT, PLANNER, VIEWER
from accounts.models import Organization

ROLE_NAMES = {ADMINISTRATOR: "owner", PLANNER: "planner", AGENT: "field user", VIEWER: "viewer"}

# Vendor's permission → the model permission that decides, the vendor's module and menu.
PERMISSIONS: dict[str, tuple[str, str, str]] = {
    "view/task": ("tasks.view_task", "mileField", "task"),
    "add/task": ("tasks.add_task", "mileField", "task"),
    "edit/task": ("tasks.change_task", "mileField", "task"),
    "assign/task": ("tasks.change_task", "mileField", "task"),
    "move/task": ("tasks.change_task", "mileField", "task"),
    "export/task": ("tasks.view_task", "mileField", "task"),
    "delete/task": ("tasks.delete_task", "mileField", "task"),
    "view/tracking": ("tasks.view_task", "mileField", "tracking"),
    "view/flow": ("flows.view_flow", "mileField", "flow"),
    "add/flow": ("flows.add_flow", "mileField", "flow"),
    "edit/flow": ("flows.change_flow", "mileField", "flow"),
    "delete/flow": ("flows.delete_flow", "mileField", "flow"),
    "view/hub": ("hubs.view_hub", "setting", "hub"),
    "add/hub": ("hubs.add_hub", "setting", "hub"),
    "edit/hub": ("hubs.change_hub", "setting", "hub"),
    "delete/hub": ("hubs.delete_hub", "setting", "hub"),
    "view/team": ("hubs.view_team", "setting", "team"),
    "add/team": ("hubs.add_team", "setting", "team"),
    "edit/team": ("hubs.change_team", "setting", "team"),
    "delete/team": ("hubs.delete_team", "setting", "team"),
    "view/user": ("hubs.view_member", "setting", "user"),
    "edit/member": ("accounts.change_user", "setting", "user"),
    "delete/member": ("accounts.delete_user", "setting", "user"),
    "view/role": ("hubs.view_member", "setting", "role"),
    "token/manage-token": ("accounts.add_accesstoken", "setting", "token"),
}


def role_id(organization: Organization, group: str) -> str:
    """24 hex digits, the same at every call: roles have no rows of their own."""
    return organization.object_id[:8] + _digest(f"{organization.object_id}/{group}")[:16]


def role_time(organization: Organization) -> datetime:
    """When the roles came to be: the moment that the organization's id, and with it every role's, begins with."""
    return datetime.fromtimestamp(int(organization.object_id[:8], 16), UTC)


def permission_id(name: str) -> str:
    return _digest(f"permission/{name}")[:24]


def permission_names(rights: frozenset[str]) -> list[str]:
    """The vendor's names of what a group with these rights may do."""
    return [name for name, (right, _, _) in PERMISSIONS.items() if right in rights]


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
