"""The OpenAPI description of the SecMaster routes (/docs/secmaster/).

Schemas are written out rather than derived: they follow the vendor's page, and answers are plain dicts.
"""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.utils import OpenApiParameter, OpenApiResponse, extend_schema

from soc.api.serializers import QUERY_TYPES, RAISE_TEXTS, SORT_DIRECTIONS, SORT_KEYS
from soc.models import BusinessType, DueHandle, Status
from soc.services import Action

JSON = "application/json"
TEXT = {"type": "string"}
INTEGER = {"type": "integer"}
# Taken for a missing member.
MAYBE_TEXT = {"type": "string", "nullable": True}
DATE = {"type": "string", "example": "2025-08-19T14:53:42.424Z+0800"}
BUSINESS_TYPE = {"type": "string", "enum": list(BusinessType.values)}
DUE_HANDLE = {"type": "string", "enum": ["", *DueHandle.values]}
ACTIONS = [
    *Action, "ADD_COMMENT", "DELETE_COMMENT", "ADD_ATTACHMENT", "DELETE_ATTACHMENT", "ADD_COMMEN", "DELETE_ATTACHMEN",
]  # fmt: skip


class GatewayScheme(OpenApiAuthenticationExtension):
    target_class = "soc.api.dialect.authentication.GatewayAuthentication"
    name = ["XAuthToken", "Signature"]

    def get_security_requirement(self, auto_schema: Any) -> list[dict[str, list[Any]]]:
        # Either is enough; one requirement that names both would ask for both.
        return [{name: []} for name in self.name]

    def get_security_definition(self, auto_schema: Any) -> list[dict[str, str]]:
        signed = "`SDK-HMAC-SHA256 Access=…, SignedHeaders=…, Signature=…` by an access key (AK/SK)."
        return [
            {"type": "apiKey", "in": "header", "name": "X-Auth-Token"},
            {"type": "apiKey", "in": "header", "name": "Authorization", "description": signed},
        ]


def obj(properties: dict[str, Any], *, required: bool = True) -> dict[str, Any]:
    """An object whose members all come (`required`), or may all be missing."""
    schema: dict[str, Any] = {"type": "object", "properties": properties}
    return {**schema, "required": list(properties)} if required else schema


def texts(names: str) -> dict[str, Any]:
    return dict.fromkeys(names.split(), TEXT)


COMMENT_INFO = obj({**texts("id message user_id user_name"), "time": {"type": "integer", "format": "int64"}})
TASK_INFO = obj({
    **texts("id aopengine_task_id name project_id description"),
    "create_time": DATE,
    **texts("creator_id creator_name modifier_id modifier_name"),
    "update_time": DATE,
    **texts("approveuser_id approveuser_name approver definition_key notes note"),
    "due_date": DATE,
    **texts(
        "action_id action_version_id action_instance_id workspace_id view_parameters handle_parameters review_comments"
    ),
    "business_type": BUSINESS_TYPE,
    "related_object": TEXT,
    "attachment_id_list": {"type": "array", "items": TEXT},
    "comments": {"type": "array", "items": COMMENT_INFO},
    "due_handle": DUE_HANDLE,
    "status": {"type": "string", "enum": list(Status.values)},
})  # fmt: skip
MODIFY_TASK_INFO = {
    **obj(
        {
            "action": {"type": "string", "enum": ACTIONS},
            **dict.fromkeys(["comment", "comment_id", "attachment_id"], MAYBE_TEXT),
        },
        required=False,
    ),
    "required": ["action"],
}
RAISE_TASK_INFO = {
    **obj(
        {
            **dict.fromkeys([*RAISE_TEXTS, "notes", "note", "approveuser_id", "approve_group"], MAYBE_TEXT),
            "name": {**TEXT, "minLength": 1, "maxLength": 255},
            "business_type": BUSINESS_TYPE,
            "due_handle": {"type": "string", "enum": [*DUE_HANDLE["enum"], None], "nullable": True},
            "due_date": {**DATE, "nullable": True},
        },
        required=False,
    ),
    "required": ["name", "business_type"],
}
ATTACHMENT_INFO = obj({
    **texts("id file_name file_folder workspace_id creator_id creator_name create_time update_time modifier_id"),
    **texts("modifier_name is_deleted storage_type storage_url"),
})  # fmt: skip

SERVICE_ERROR = obj(texts("code message"))
GATEWAY_ERROR = obj(texts("error_msg error_code request_id"))
IAM_ERROR = obj({"error": obj({"code": INTEGER, "message": TEXT, "title": TEXT})})
EITHER_ERROR = {"oneOf": [SERVICE_ERROR, GATEWAY_ERROR]}


def success(data: dict[str, Any]) -> dict[str, Any]:
    return obj({"code": TEXT, "data": data, "message": TEXT, "request_id": TEXT, "success": {"type": "boolean"}})


TASK_LIST = obj({
    **texts("code message"),
    "total": INTEGER,
    "page": INTEGER,
    "size": INTEGER,
    "request_id": TEXT,
    "success": {"type": "boolean"},
    "data": {"type": "array", "items": TASK_INFO},
})  # fmt: skip


def answer(schema: dict[str, Any], description: str) -> OpenApiResponse:
    return OpenApiResponse(schema, description)


ERRORS = {
    (400, JSON): answer(SERVICE_ERROR, "Unknown to-do or attachment, bad parameter, action not possible"),
    (401, JSON): answer(GATEWAY_ERROR, "No or bad credential"),
    (403, JSON): answer(EITHER_ERROR, "Unknown project or workspace, or no right to do this"),
    (404, JSON): answer(GATEWAY_ERROR, "No such API, or not with this method"),
    (413, JSON): answer(GATEWAY_ERROR, "Body too large"),
    (429, JSON): answer(GATEWAY_ERROR, "Too many requests"),
    (500, JSON): answer(SERVICE_ERROR, "Unexpected failure"),
}
IAM_ERRORS = {
    **{(status, JSON): answer(IAM_ERROR, "Refused by IAM") for status in (400, 401, 403, 500)},
    **{(status, JSON): ERRORS[status, JSON] for status in (404, 413, 429)},
}


def in_path(*names: str) -> list[OpenApiParameter]:
    return [OpenApiParameter(name, str, OpenApiParameter.PATH) for name in names]


def in_query(name: str, schema: Any = str, **more: Any) -> OpenApiParameter:
    return OpenApiParameter(name, schema, OpenApiParameter.QUERY, **more)


WORKSPACE = in_path("project_id", "workspace_id")
TASK = [*WORKSPACE, *in_path("task_id")]
ATTACHMENT = [*WORKSPACE, *in_path("attach_id")]

LIST_TASKS = extend_schema(
    operation_id="ListTasks",
    summary="List the to-dos of a workspace",
    parameters=[
        *WORKSPACE,
        in_query("offset", {"type": "integer", "minimum": 0, "maximum": 9999}, description="Row offset."),
        in_query("limit", {"type": "integer", "minimum": 1, "maximum": 100, "default": 10}),
        in_query("sort_key", enum=SORT_KEYS),
        in_query("sort_dir", enum=SORT_DIRECTIONS),
        in_query("query_type", enum=QUERY_TYPES, description="Waiting for the caller, or handled. Default my_todo."),
        in_query("business_type", enum=BusinessType.values),
        in_query("name", description="Part of the name, in any case."),
        in_query("note", description="Part of the remarks, in any case."),
        in_query("creator_name", description="Part of the creator's name, in any case."),
        in_query("from_date", description="Created then or later, as 2025-08-19T14:53:42.424Z+0800."),
        in_query("to_date", description="Created then or earlier."),
    ],
    responses={(200, JSON): answer(TASK_LIST, "The page of to-dos"), **ERRORS},
)
RAISE_TASK = extend_schema(
    operation_id="RaiseTask",
    summary="Raise a to-do (Taskyard's own addition, for playbook engines)",
    description="Asked again with the same aopengine_task_id, it answers 200 with the to-do raised before.",
    parameters=WORKSPACE,
    request={JSON: RAISE_TASK_INFO},
    responses={
        (201, JSON): answer(success(TASK_INFO), "The new to-do"),
        (200, JSON): answer(success(TASK_INFO), "The to-do raised before"),
        **ERRORS,
    },
)
SHOW_TASK = extend_schema(
    operation_id="ShowTask",
    summary="Show a to-do",
    parameters=TASK,
    responses={(200, JSON): answer(success(TASK_INFO), "The to-do"), **ERRORS},
)
UPDATE_TASK = extend_schema(
    operation_id="UpdateTask",
    summary="Settle a to-do, comment on it, change its attachments",
    parameters=TASK,
    request={JSON: MODIFY_TASK_INFO},
    responses={(200, JSON): answer(success(TASK_INFO), "The to-do after the action"), **ERRORS},
)
UPLOAD_ATTACHMENT = extend_schema(
    operation_id="UploadAttachment",
    summary="Upload a file of at most 20 MiB",
    parameters=WORKSPACE,
    request={
        "multipart/form-data": {
            **obj(
                {"fileType": {"type": "string", "enum": ["user_task"]}, "uploadFile": {**TEXT, "format": "binary"}},
                required=False,
            ),
            "required": ["uploadFile"],
        }
    },
    responses={(200, JSON): answer(success(obj(texts("id file_name workspace_id"))), "The stored file"), **ERRORS},
)
SHOW_ATTACHMENT = extend_schema(
    operation_id="ShowAttachment",
    summary="Show a file's particulars",
    parameters=ATTACHMENT,
    responses={(200, JSON): answer(success(ATTACHMENT_INFO), "The file's particulars"), **ERRORS},
)
DOWNLOAD_ATTACHMENT = extend_schema(
    operation_id="DownloadAttachment",
    summary="Get an address from which a file's bytes can be fetched for five minutes",
    parameters=ATTACHMENT,
    responses={(200, JSON): answer(success({"type": "string", "format": "uri"}), "The address"), **ERRORS},
)
FILE = extend_schema(
    operation_id="FetchFile",
    summary="The bytes behind an address that DownloadAttachment gave out",
    parameters=in_path("ticket"),
    responses={
        (200, "application/octet-stream"): answer({"type": "string", "format": "binary"}, "The bytes"),
        **{key: value for key, value in ERRORS.items() if key[0] in (400, 403, 404, 429, 500)},
    },
    auth=[],
)
TOKEN = extend_schema(
    operation_id="CreateToken",
    summary="Get a token for a user's e-mail and password, in the header X-Subject-Token",
    request={
        JSON: obj({
            "auth": {
                **obj({
                    "identity": obj({
                        "methods": {"type": "array", "items": {"type": "string", "enum": ["password"]}, "minItems": 1,
                                    "maxItems": 1},
                        "password": obj({"user": obj(texts("name password"))}),
                    }),
                    "scope": {"type": "object"},
                }),
                "required": ["identity"],
            }
        })
    },
    responses={
        (201, JSON): answer(obj({"token": {"type": "object"}}), "The token's particulars"),
        **IAM_ERRORS,
    },
    auth=[],
)  # fmt: skip
PROJECTS = extend_schema(
    operation_id="ListProjects",
    summary="Look a project up by its region's name",
    parameters=[in_query("name")],
    responses={
        (200, JSON): answer(obj({"projects": {"type": "array", "items": obj(texts("id name"))}}), "The projects"),
        **IAM_ERRORS,
    },
)
