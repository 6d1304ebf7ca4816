"""What the OpenAPI document says about an operation of the CRM, in one decorator."""

from typing import Any

from drf_spectacular.extensions import OpenApiAuthenticationExtension
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers

from crm.api.dialect.authentication import COOKIE
from crm.api.schema.objects import Error, shape, whole

JSON = "application/json"
BODIES = (JSON, "application/x-www-form-urlencoded", "text/xml")
FORMATS = "Add `.xml` to the path to get the answer in XML (unless the request is sent as JSON)."
Shape = type[serializers.Serializer]

PAGING = {
    "count": "At most, and by default, 1000.",
    "startIndex": "From 0.",
    "sortBy": "Member of the items, in any case.",
    "sortOrder": "`descending` reverses.",
    "filterValue": "Up to the first comma: what to look for.",
    "updatedSince": "A date.",
}
FIELDS = "Comma list of members to keep."


def operation(
    summary: str,
    answer: Shape | None = None,
    *,
    many: bool = False,
    status: int = 200,
    body: dict[str, Any] | None = None,
    query: dict[str, str] | None = None,
    failures: tuple[int, ...] = (),
    name: str | None = None,
) -> Any:
    """Describe one operation: its body parameters, query parameters, the object in `response`, and what can go wrong.

    body: parameter → JSON schema; a name that ends in * is required. failures: statuses beside 400, 401, 403, 404,
    413 and 429, which every operation can answer. name: the operation's id, where two would get the same.
    """
    texts = {"fields": FIELDS} | (PAGING if many else {}) | (query or {})
    parameters = [OpenApiParameter(name, str, description=text) for name, text in texts.items()]
    envelope = _envelope(answer, many)
    responses: dict[Any, Any] = {(status, JSON): envelope}
    responses |= {(code, JSON): Error for code in (400, 403, 404, 413, 429, *failures)}
    responses |= {(401, "text/plain"): OpenApiTypes.STR, (404, "text/html"): OpenApiTypes.STR}
    request = None if body is None else dict.fromkeys(BODIES, _object(body))
    return extend_schema(
        summary=summary,
        description=FORMATS,
        operation_id=name,
        tags=[answer.__name__ if answer else "Task"],
        parameters=parameters,
        request=request,
        responses=responses,
    )


class PortalScheme(OpenApiAuthenticationExtension):
    """One entry per form of credentials; any one of them is enough."""

    target_class = "crm.api.dialect.authentication.PortalAuthentication"
    name = ["Token", "Basic", "Bearer", "asc_auth_key", "asc_auth_key_parameter"]

    def get_security_definition(self, auto_schema: Any) -> list[dict[str, str]]:
        return [
            {"type": "apiKey", "in": "header", "name": "Authorization"},
            {"type": "http", "scheme": "basic"},
            {"type": "http", "scheme": "bearer"},
            {"type": "apiKey", "in": "cookie", "name": COOKIE},
            {"type": "apiKey", "in": "query", "name": COOKIE},
        ]

    def get_security_requirement(self, auto_schema: Any) -> list[dict[str, list[Any]]]:
        return [{name: []} for name in self.name]


def _envelope(answer: Shape | None, many: bool) -> Shape:
    name = f"{answer.__name__}{'List' if many else ''}Answer" if answer else "EmptyAnswer"
    if name not in ENVELOPES:
        extras = {"nextIndex": whole(), "total": whole()} if many else {}
        payload = answer(many=many) if answer else serializers.DictField()
        ENVELOPES[name] = shape(
            name,
            count=whole(),
            startIndex=whole(),
            **extras,
            status=serializers.IntegerField(help_text="0"),
            statusCode=serializers.IntegerField(),
            response=payload,
        )
    return ENVELOPES[name]


ENVELOPES: dict[str, Shape] = {}


def _object(body: dict[str, Any]) -> dict[str, Any]:
    required = [name.removesuffix("*") for name in body if name.endswith("*")]
    properties = {name.removesuffix("*"): schema for name, schema in body.items()}
    return {"type": "object", "properties": properties} | ({"required": required} if required else {})


TEXT: dict[str, Any] = {"type": "string", "maxLength": 255}
TITLE: dict[str, Any] = TEXT | {"minLength": 1}
LONG_TEXT: dict[str, Any] = {"type": "string"}
INT: dict[str, Any] = {"type": "integer", "format": "int32", "minimum": -(2**31), "maximum": 2**31 - 1}
ID: dict[str, Any] = INT | {"minimum": 0}
BOOL: dict[str, Any] = {"type": "boolean"}
GUID: dict[str, Any] = {"type": "string", "format": "uuid"}
DATE: dict[str, Any] = {
    "type": "string",
    "description": "Roundtrip format `2008-04-10T06-30-00.000Z`, ISO 8601 with colons, or a bare day. "
    "Without offset: wall time of the portal.",
    "pattern": r"^\d{4}-\d\d-\d\d(T\d\d[:-]\d\d[:-]\d\d(\.\d{3}(\d{4})?)?(Z|[+-]\d\d:\d\d)?)?$",
    "example": "2008-04-10T06-30-00.000Z",
}


def array(items: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": items}


TASK_BODY: dict[str, Any] = {
    "title*": TITLE,
    "description": LONG_TEXT,
    "deadline*": DATE,
    "responsibleId": GUID,
    "categoryId*": ID,
    "contactId": ID,
    "entityType": {"type": "string", "enum": ["opportunity", "case"]},
    "entityId": ID,
    "isNotify": BOOL | {"description": "Mail the responsible."},
    "alertValue": INT | {"description": "Minutes before the deadline at which the responsible is reminded."},
}
CATEGORY_BODY: dict[str, Any] = {"title*": TITLE, "description": LONG_TEXT, "imageName": TEXT, "sortOrder": INT}
CONTAINER_BODY: dict[str, Any] = {"title*": TITLE}
TEMPLATE_BODY: dict[str, Any] = {
    "title*": TITLE,
    "description": LONG_TEXT,
    "responsibleid": GUID,
    "categoryid*": ID,
    "isNotify": BOOL,
    "offsetTicks": {"type": "integer", "format": "int64", "description": "Units of 100 ns."},
    "deadLineIsFixed": BOOL,
}
CONTACT_BODY: dict[str, Any] = {
    "about": LONG_TEXT,
    "shareType": {"type": "string", "enum": ["None", "ReadWrite", "Read"]},
    "managerList": array(GUID),
}
ACCESS_BODY: dict[str, Any] = {"members": array(ID), "isPrivate": BOOL, "accessList": array(GUID)}
OPPORTUNITY_BODY: dict[str, Any] = {
    "title*": TITLE,
    "description": LONG_TEXT,
    "responsibleid*": GUID,
    "stageid*": ID,
    "contactid": ID,
    "bidType": {"type": "integer", "minimum": 0, "maximum": 5},
    "bidValue": {"type": "number"},
    "bidCurrencyAbbr*": {"type": "string", "example": "USD"},
    "perPeriodValue": INT,
    "successProbability": INT,
    "actualCloseDate": DATE,
    "expectedCloseDate": DATE,
    **ACCESS_BODY,
}
TASK_QUERY = {
    "responsibleid": "GUID.",
    "categoryid": "Number.",
    "isClosed": "true or false.",
    "fromDate": "Deadline not before.",
    "toDate": "Deadline not after.",
    "entityType": "contact, opportunity or case; needs entityid.",
    "entityid": "Number.",
}
CONTACT_QUERY = {
    "contactListView": "company or person.",
    "isShared": "true or false.",
    "responsibleid": "GUID of a manager.",
    "fromDate": "Created not before.",
    "toDate": "Created not after.",
}
