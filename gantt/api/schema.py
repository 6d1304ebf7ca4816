"""The OpenAPI description of the routes, as the page /docs/gantt/ shows it."""

from __future__ import annotations

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema, extend_schema_view

Schema = dict[str, Any]

WALL_TIME: Schema = {
    "type": "string",
    "description": "Local wall time `YYYY-MM-DD HH:mm:ss`, without a zone. 1900 to 2199.",
    "example": "2024-06-10 00:00:00",
}
ID: Schema = {
    "description": "The id of a row: a number, also as text, or a temporary id `temp://` + 13 digits of this client.",
    "oneOf": [{"type": "integer", "minimum": 0}, {"type": "string"}],
    "nullable": True,
}
REAL_ID: Schema = {"type": "integer", "minimum": 1}
LINK_TYPE: Schema = {"type": "string", "enum": ["e2s", "s2s", "e2e", "s2e"]}
LAG: Schema = {"type": "number", "description": "Days; without it the link is flexible.", "nullable": True}
UNITS: Schema = {"type": "number", "minimum": 0, "maximum": 100}


def record(required: list[str], **properties: Schema) -> Schema:
    return {"type": "object", "properties": properties, "required": required}


def array(items: Schema) -> Schema:
    return {"type": "array", "items": items}


TASK_FIELDS: dict[str, Schema] = {
    "text": {"type": "string"},
    "details": {"type": "string", "nullable": True},
    "start": WALL_TIME,
    "end": WALL_TIME,
    "duration": {"type": "number", "minimum": 0, "description": "Days; decides over `end` when it is above 0."},
    "progress": {"type": "number", "minimum": 0, "maximum": 100},
    "type": {"type": "string", "minLength": 1, "maxLength": 64, "description": "task, summary, milestone or your own."},
    "open": {"type": "boolean"},
    "lazy": {"type": "boolean", "description": "Rows below are sent when the row is opened. Ignored in requests."},
}
TASK = {
    **record(
        ["id", "text", "start", "duration", "progress", "parent", "type", "open", "lazy", "details"],
        **TASK_FIELDS,
        id=REAL_ID,
        parent={"type": "integer", "minimum": 0, "description": "0: at the root."},
    ),
    "additionalProperties": True,
}
TASK_SENT = {
    **record([], **TASK_FIELDS, id={"description": "A temporary id is remembered, any other is ignored."}, parent=ID),
    "additionalProperties": True,
    "description": "Keys of your own are kept and sent back; keys that begin with `$`, and `data`, are not.",
}
PLACE = {"type": "string", "enum": ["before", "after", "child"]}
NEW_TASK: Schema = {
    "oneOf": [
        {
            **record(["task"], task=TASK_SENT, mode=PLACE, target=ID, index={"type": "integer", "minimum": 0}),
            "title": "Wrapped (provider 2.2 and newer)",
        },
        {**TASK_SENT, "title": "Flat (older providers)"},
    ]
}
CHANGED_TASK: Schema = {
    "oneOf": [
        {**TASK_SENT, "title": "Update", "description": "All fields, or those that changed: what is missing stays."},
        {
            **record(
                ["operation", "mode"],
                operation={"type": "string", "enum": ["move"]},
                target=ID,
                mode={"type": "string", "enum": ["before", "after", "up", "down", "child"]},
            ),
            "title": "Move",
            "description": "The row moves with everything below it. `up` and `down` need no target.",
        },
        {
            **record(
                ["operation", "mode"],
                operation={"type": "string", "enum": ["copy"]},
                id=ID,
                target=ID,
                mode=PLACE,
                lazy={"type": "boolean", "description": "Copy everything below too."},
            ),
            "title": "Copy",
        },
    ]
}
LINK = record(["id", "source", "target", "type"], id=REAL_ID, source=REAL_ID, target=REAL_ID, type=LINK_TYPE, lag=LAG)
LINK_SENT = record([], id=ID, source=ID, target=ID, type=LINK_TYPE, lag=LAG)
RESOURCE = record(
    ["id", "name"],
    id=REAL_ID,
    name={"type": "string"},
    role={"type": "string"},
    avatar={"type": "string"},
    color={"type": "string"},
    calendar={},
    parent=REAL_ID,
)
ASSIGNMENT = record(["id", "task", "resource", "units"], id=REAL_ID, task=REAL_ID, resource=REAL_ID, units=UNITS)
ASSIGNMENT_SENT = record([], id=ID, task=ID, resource=ID, units=UNITS)
BATCH = {
    **array(
        record(
            ["url", "method"],
            url={"type": "string", "example": "tasks/20"},
            method={"type": "string", "enum": ["POST", "PUT", "DELETE"]},
            data={"type": "object", "additionalProperties": True},
        )
    ),
    "description": "At most 10,000 requests.",
}
NEW_ID = record([], id={**REAL_ID, "description": "Missing for a copied link that leads out of its branch."})
CHANGED_ID = record(["id"], id=REAL_ID)
NOTHING: Schema = {"type": "object", "maxProperties": 0}
ERROR = record(["error"], error={"type": "string", "description": "One sentence that names the field or id."})
BATCH_ANSWER = array({"oneOf": [CHANGED_ID, NOTHING, ERROR]})

ERRORS = {
    400: "Not JSON, a wrong type, a bad date, an unknown operation or mode",
    401: "No or wrong credentials",
    403: "No right, or no CSRF protection in a session's request",
    404: "Unknown project, share link or id",
    405: "No such method here",
    406: "Only application/json is spoken",
    409: "A move or copy into itself, a cycle, a duplicate",
    413: "The body is over 10 MB, or a batch over 10,000 requests",
    415: "The content type is not application/json",
    429: "Too many requests",
}
READ_ERRORS = (401, 403, 404, 405, 406, 429)

NOT_MODIFIED = OpenApiResponse(description="Nothing has changed since the ETag in If-None-Match")
IF_NONE_MATCH = OpenApiParameter(
    "If-None-Match", OpenApiTypes.STR, OpenApiParameter.HEADER, description="The ETag of an answer that you have kept."
)
CLIENT_ID = OpenApiParameter(
    "X-Client-Id",
    {"type": "string", "pattern": "^[A-Za-z0-9._-]{0,64}$"},
    OpenApiParameter.HEADER,
    description="Tells two pages of one user apart, whose temporary ids may be the same.",
)
ROW = OpenApiParameter("row", OpenApiTypes.STR, OpenApiParameter.PATH, description="The id of the row.")
PROJECT = OpenApiParameter("project", OpenApiTypes.STR, OpenApiParameter.PATH, description="The project's short name.")


def described(schema: Schema, text: str) -> OpenApiResponse:
    return OpenApiResponse(schema, description=text)


def answers(schema: Schema, text: str, codes: tuple[int, ...] = tuple(ERRORS)) -> dict[int, OpenApiResponse]:
    return {200: described(schema, text), **{code: described(ERROR, ERRORS[code]) for code in codes}}


def reads(summary: str, item: Schema, *, below: bool = False) -> Any:
    codes = (400, *READ_ERRORS)
    responses = {
        **answers(array(item), "Depth first, parents first" if item is TASK else "By id", codes),
        304: NOT_MODIFIED,
    }
    return extend_schema(summary=summary, responses=responses, parameters=[IF_NONE_MATCH, *([ROW] if below else [])])


def writes(summary: str, body: Schema | None, answer: Schema, text: str, *, row: bool = True) -> Any:
    return extend_schema(
        summary=summary,
        request={"application/json": body} if body else None,
        responses=answers(answer, text),
        parameters=[CLIENT_ID, *([ROW] if row else [])],
    )


tasks = extend_schema_view(
    get=reads("All tasks", TASK),
    post=writes("Add a task", NEW_TASK, CHANGED_ID, "The id of the new task", row=False),
)
task = extend_schema_view(
    get=reads("The tasks below a task", TASK, below=True),
    put=writes(
        "Update, move or copy a task", CHANGED_TASK, CHANGED_ID, "The id of the changed or moved task, or of the copy"
    ),
    delete=writes("Delete a task and everything below it", None, NOTHING, "Deleted"),
)
links = extend_schema_view(
    get=reads("All links", LINK),
    post=writes("Add a link", LINK_SENT, NEW_ID, "The id of the new link", row=False),
)
link = extend_schema_view(
    get=reads("The links of the tasks below a task", LINK, below=True),
    put=writes("Update a link", LINK_SENT, CHANGED_ID, "The id of the link"),
    delete=writes("Delete a link", None, NOTHING, "Deleted"),
)
resources = extend_schema_view(get=reads("All resources", RESOURCE))
assignments = extend_schema_view(
    get=reads("All assignments", ASSIGNMENT),
    post=writes("Assign a resource to a task", ASSIGNMENT_SENT, CHANGED_ID, "The id of the new assignment", row=False),
)
assignment = extend_schema_view(
    get=reads("The assignments of the tasks below a task", ASSIGNMENT, below=True),
    put=writes("Update an assignment", ASSIGNMENT_SENT, CHANGED_ID, "The id of the assignment"),
    delete=writes("Delete an assignment", None, NOTHING, "Deleted"),
)
batch = extend_schema_view(
    post=extend_schema(
        summary="Several writes in one transaction",
        request={"application/json": BATCH},
        responses={
            200: described(BATCH_ANSWER, "The answers in the order of the requests"),
            **{
                code: described(
                    {"oneOf": [ERROR, BATCH_ANSWER]}, f"{text}; the failed request's status when one of them fails"
                )
                for code, text in ERRORS.items()
            },
        },
        parameters=[CLIENT_ID],
    )
)
