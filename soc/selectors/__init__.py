"""Reads of the SecMaster context."""

from soc.selectors.lists import TodoFilter, TodoPage, todo_page
from soc.selectors.todos import NO_PARTS, TodoComment, TodoParts, addressed_to, is_addressed_to, todo_get, todo_parts
from soc.selectors.workspaces import attachment_get, project_find, project_list, workspace_get

__all__ = [
    "NO_PARTS",
    "TodoComment",
    "TodoFilter",
    "TodoPage",
    "TodoParts",
    "addressed_to",
    "attachment_get",
    "is_addressed_to",
    "project_find",
    "project_list",
    "todo_get",
    "todo_page",
    "todo_parts",
    "workspace_get",
]
