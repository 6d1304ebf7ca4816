"""What the `action` of an UpdateTask body does."""

from collections.abc import Callable, Mapping
from typing import Any

from core.actor import Actor
from core.api.errors import Invalid
from soc.api.serializers import text
from soc.models import Todo
from soc.services import (
    Action,
    attachment_add,
    attachment_remove,
    comment_add,
    comment_delete,
    todo_settle,
)

# Two constants of the vendor's Go and Java SDKs are cut short, and that is what they send.
ALIASES = {"ADD_COMMEN": "ADD_COMMENT", "DELETE_ATTACHMEN": "DELETE_ATTACHMENT"}
MEMBERS = ("action", "comment", "comment_id", "attachment_id")


def _settle(actor: Actor, todo: Todo, body: Mapping[str, str]) -> None:
    todo_settle(actor=actor, todo=todo, action=Action(body["action"]), review_comments=body["comment"])


def _comment_add(actor: Actor, todo: Todo, body: Mapping[str, str]) -> None:
    comment_add(actor=actor, todo=todo, message=body["comment"])


def _comment_delete(actor: Actor, todo: Todo, body: Mapping[str, str]) -> None:
    comment_delete(actor=actor, todo=todo, comment_id=body["comment_id"])


def _attachment_add(actor: Actor, todo: Todo, body: Mapping[str, str]) -> None:
    attachment_add(actor=actor, todo=todo, attachment_id=body["attachment_id"])


def _attachment_remove(actor: Actor, todo: Todo, body: Mapping[str, str]) -> None:
    attachment_remove(actor=actor, todo=todo, attachment_id=body["attachment_id"])


# action → (what does it, the member it can't do without)
ACTIONS: dict[str, tuple[Callable[[Actor, Todo, Mapping[str, str]], None], str]] = {
    "TERMINATE": (_settle, "action"),
    "CONTINUE": (_settle, "action"),
    "ADD_COMMENT": (_comment_add, "comment"),
    "DELETE_COMMENT": (_comment_delete, "comment_id"),
    "ADD_ATTACHMENT": (_attachment_add, "attachment_id"),
    "DELETE_ATTACHMENT": (_attachment_remove, "attachment_id"),
}


def action_apply(*, actor: Actor, todo: Todo, body: Mapping[str, Any]) -> None:
    """Do what a ModifyTaskInfo asks; Invalid for an unknown action or a missing companion member."""
    members = {name: text(body, name) for name in MEMBERS}
    members["action"] = ALIASES.get(members["action"], members["action"])
    if members["action"] not in ACTIONS:
        raise Invalid(f"action: must be one of {', '.join(ACTIONS)}", field="action")
    run, companion = ACTIONS[members["action"]]
    if not members[companion]:
        raise Invalid(f"{companion}: required for {members['action']}", field=companion)
    run(actor, todo, members)
