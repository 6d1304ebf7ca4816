"""SecMaster's objects out, and its query strings and bodies in."""

import re
from collections.abc import Mapping, Sequence
from datetime import datetime, tzinfo
from typing import Any
from uuid import UUID

from django.contrib.auth.models import Group
from django.http import QueryDict

from accounts.models import Organization, User
from core.api.errors import Invalid
from soc.api.dialect.dates import date_format, date_parse, moment_read
from soc.models import Attachment, BusinessType, Todo, Workspace
from soc.selectors import TodoComment, TodoFilter, TodoParts

SORT_KEYS = ("create_time", "update_time")
SORT_DIRECTIONS = ("ASC", "DESC")
QUERY_TYPES = ("my_todo", "all_handled")
# Members of a raised to-do that are model fields of the same name.
RAISE_TEXTS = (
    "name", "aopengine_task_id", "description", "business_type", "related_object", "definition_key", "action_id",
    "action_version_id", "action_instance_id", "view_parameters", "handle_parameters", "due_handle",
    "creator_id", "creator_name",
)  # fmt: skip

_INTEGER = re.compile(r"\d{1,5}", re.ASCII)


def todo_info(todo: Todo, parts: TodoParts, zone: tzinfo) -> dict[str, Any]:
    """TaskInfo of a to-do whose user, group and workspace are loaded."""
    user, group = todo.approve_user, todo.approve_group
    asked = (str(user.guid), user.name) if user else ("", group.name if group else "")
    dates = [date_format(moment, zone) for moment in (todo.create_time, todo.update_time, todo.due_date)]
    return task_info(todo, todo.workspace, asked, dates, parts)


def row_info(row: Any, workspace: Workspace, parts: TodoParts, zone: tzinfo) -> dict[str, Any]:
    """TaskInfo of a row of a TodoPage."""
    user = row.approve_user__guid
    asked = (str(user), row.approve_user__name) if user else ("", row.approve_group__name or "")
    dates = [date_format(moment_read(text), zone) for text in (row.created, row.updated, row.due)]
    return task_info(row, workspace, asked, dates, parts)


def task_info(
    todo: Any, workspace: Workspace, asked: tuple[str, str], dates: Sequence[str], parts: TodoParts
) -> dict[str, Any]:
    """TaskInfo: 31 members in the order of the vendor's sample; never null, never missing.

    asked: id and name of whom the to-do names. dates: of creation, of the last change, and the due date.
    """
    return {
        "id": todo.id,
        "aopengine_task_id": todo.aopengine_task_id,
        "name": todo.name,
        "project_id": workspace.project_id,
        "description": todo.description,
        "create_time": dates[0],
        "creator_id": todo.creator_id,
        "creator_name": todo.creator_name,
        "modifier_id": todo.modifier_id,
        "modifier_name": todo.modifier_name,
        "update_time": dates[1],
        "approveuser_id": asked[0],
        "approveuser_name": asked[1],
        "approver": todo.approver,
        "definition_key": todo.definition_key,
        "notes": todo.notes,
        "note": todo.notes,
        "due_date": dates[2],
        "action_id": todo.action_id,
        "action_version_id": todo.action_version_id,
        "action_instance_id": todo.action_instance_id,
        "workspace_id": workspace.pk,
        "view_parameters": todo.view_parameters,
        "handle_parameters": todo.handle_parameters,
        "review_comments": todo.review_comments,
        "business_type": todo.business_type,
        "related_object": todo.related_object,
        "attachment_id_list": parts.attachments.get(todo.id, []),
        "comments": [comment_info(comment) for comment in parts.comments.get(todo.id, ())],
        "due_handle": todo.due_handle,
        "status": todo.status,
    }


def comment_info(comment: TodoComment) -> dict[str, Any]:
    """TaskCommentInfo; `time` is epoch milliseconds."""
    return {
        "id": comment.id,
        "message": comment.message,
        "user_id": comment.user_id,
        "user_name": comment.user_name,
        "time": round(comment.time.timestamp() * 1000),
    }


def attachment_info(attachment: Attachment, zone: tzinfo) -> dict[str, str]:
    """AttachmentInfo: strings only, `is_deleted` too. Where the bytes lie is nobody's business."""
    return {
        "id": attachment.pk,
        "file_name": attachment.file_name,
        "file_folder": "",
        "workspace_id": attachment.workspace_id,
        "creator_id": attachment.creator_id,
        "creator_name": attachment.creator_name,
        "create_time": date_format(attachment.create_time, zone),
        "update_time": date_format(attachment.update_time, zone),
        "modifier_id": attachment.modifier_id,
        "modifier_name": attachment.modifier_name,
        "is_deleted": "true" if attachment.is_deleted else "false",
        "storage_type": "",
        "storage_url": "",
    }


def uploaded_info(attachment: Attachment) -> dict[str, str]:
    return {"id": attachment.pk, "file_name": attachment.file_name, "workspace_id": attachment.workspace_id}


def list_filter(query: QueryDict, zone: tzinfo) -> TodoFilter:
    """The list's query string; Invalid with code `sort_key` or `sort_dir` for those, which are checked first."""
    sort_key = _choice(query, "sort_key", SORT_KEYS, "create_time")
    sort_dir = _choice(query, "sort_dir", SORT_DIRECTIONS, "DESC")
    return TodoFilter(
        handled=_choice(query, "query_type", QUERY_TYPES, "my_todo") == "all_handled",
        business_type=_choice(query, "business_type", BusinessType.values, ""),
        name=query.get("name", ""),
        note=query.get("note", ""),
        creator_name=query.get("creator_name", ""),
        from_date=_date(query, "from_date", zone),
        to_date=_date(query, "to_date", zone),
        sort_key=sort_key,
        descending=sort_dir == "DESC",
    )


def list_range(query: QueryDict) -> tuple[int, int]:
    """(offset, limit): a row offset of 0 to 9,999 and a page size of 1 to 100."""
    return _integer(query, "offset", range(10_000), 0), _integer(query, "limit", range(1, 101), 10)


def raise_fields(body: Mapping[str, Any], organization: Organization) -> dict[str, Any]:
    """The model fields of a to-do to raise, from the vendor's member names; Invalid with the member's name."""
    fields: dict[str, Any] = {name: text(body, name) for name in RAISE_TEXTS if body.get(name) is not None}
    fields["notes"] = text(body, "notes") or text(body, "note")
    for name in ("name", "business_type"):
        if not fields.get(name):
            raise Invalid(f"{name}: required", field=name)
    if due_date := text(body, "due_date"):
        fields["due_date"] = parse_date(due_date, "due_date", organization.zone)
    if guid := text(body, "approveuser_id"):
        fields["approve_user"] = _user(guid, organization)
    if group := text(body, "approve_group"):
        fields["approve_group"] = _group(group)
    return fields


def text(body: Mapping[str, Any], name: str) -> str:
    """A string member, "" when it is missing or null."""
    value = body.get(name)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise Invalid(f"{name}: must be a string", field=name)
    return value


def parse_date(value: str, name: str, zone: tzinfo) -> datetime:
    try:
        return date_parse(value, zone)
    except ValueError as error:
        raise Invalid(f"{name}: {error}", field=name) from None


def _choice(query: QueryDict, name: str, choices: Any, default: str) -> str:
    value = query.get(name, default)
    if name in query and value not in choices:
        raise Invalid(f"{name}: must be one of {', '.join(choices)}", field=name, code=name)
    return value


def _integer(query: QueryDict, name: str, allowed: range, default: int) -> int:
    value = query.get(name, str(default))
    if not _INTEGER.fullmatch(value) or int(value) not in allowed:
        raise Invalid(f"{name}: must be a number from {allowed.start} to {allowed.stop - 1}", field=name)
    return int(value)


def _date(query: QueryDict, name: str, zone: tzinfo) -> datetime | None:
    return parse_date(query.get(name, ""), name, zone) if name in query else None


def _user(guid: str, organization: Organization) -> User:
    try:
        return User.objects.of(organization).get(guid=UUID(guid))
    except (ValueError, User.DoesNotExist):
        raise Invalid("approveuser_id: no such user", field="approveuser_id") from None


def _group(name: str) -> Group:
    group = Group.objects.filter(name=name).first()
    if group is None:
        raise Invalid("approve_group: no such group", field="approve_group")
    return group
