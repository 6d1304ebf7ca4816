"""Remarks on to-dos; they leave the status alone."""

from django.db import transaction

from core.actor import Actor
from core.api.errors import Forbidden, Invalid, NotFound
from core.journal import record
from core.statements import row_insert, together
from soc.models import Comment, Todo
from soc.services.base import actor_id, now, text_check, todo_touch

COMMENT_LIMIT = 5000


def comment_add(*, actor: Actor, todo: Todo, message: str) -> Comment:
    """Add a remark of 1 to 5,000 characters, in any status."""
    actor.require("soc.add_comment")
    if not message.strip():
        raise Invalid("comment: must not be empty", field="comment")
    comment = Comment(
        organization=actor.organization,
        todo=todo,
        message=text_check(message, field="comment", limit=COMMENT_LIMIT),
        user_id=actor_id(actor),
        user_name=actor.name,
        time=now(),
    )
    with transaction.atomic(), together():
        todo_touch(todo, actor)
        row_insert(comment)
        record(actor=actor, verb="comment", obj=todo, changes={"comments": [None, message]})
    return comment


def comment_delete(*, actor: Actor, todo: Todo, comment_id: str) -> None:
    """Remove one's own remark, or anybody's as administrator.

    NotFound (code `comment`) for an unknown id, Forbidden (code `comment_owner`) for somebody else's.
    """
    actor.require("soc.delete_comment")
    with transaction.atomic():
        # Looked up once the to-do's row is locked: of two who delete a comment at once, one learns that it is gone.
        todo_touch(todo, actor)
        comment = Comment.objects.filter(todo=todo, pk=comment_id).first()
        if comment is None:
            raise NotFound("The to-do has no such comment.", code="comment")
        if comment.user_id != actor_id(actor) and not actor.is_administrator:
            raise Forbidden("Only its writer or an administrator deletes a comment.", code="comment_owner")
        comment.delete()
        record(actor=actor, verb="comment_delete", obj=todo, changes={"comments": [comment.message, None]})
