"""What the OpenAPI document says about hubs, users, teams and roles."""

from typing import Any

from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema

ERRORS = {
    400: OpenApiTypes.OBJECT,
    401: OpenApiTypes.OBJECT,
    403: OpenApiTypes.OBJECT,
    404: OpenApiTypes.OBJECT,
}
LIMITS = ("page", "limit", "fields")


def operation(
    tag: str,
    summary: str,
    *,
    name: str | None = None,
    query: tuple[str, ...] = (),
    body: Any = None,
    status: int = 200,
    answer: Any = None,
) -> Any:
    """An extend_schema with the vendor's example body and answer; every parameter and error is listed alike.

    name: the operationId, where the one made of the path would be another operation's.
    """
    examples = []
    if body is not None:
        examples.append(OpenApiExample("Request", value=body, request_only=True))
    if answer is not None:
        examples.append(OpenApiExample("Answer", value=answer, response_only=True, status_codes=[str(status)]))
    return extend_schema(
        operation_id=name,
        tags=[tag],
        summary=summary,
        parameters=[OpenApiParameter(name, OpenApiTypes.STR) for name in query],
        request=OpenApiTypes.OBJECT if body is not None else None,
        responses={status: OpenApiTypes.OBJECT, **ERRORS},
        examples=examples,
    )


_TIMES = {"updatedTime": "2024-01-18T04:06:52.773000Z", "createdTime": "2024-01-18T04:06:52.773000Z"}
_IDS = {"organizationId": "634e98098ce07d29474a7e22"}
_HUB_BODY = {"name": "Depo Timur", "address": "Jl. Kenanga 1, Jakarta", "lat": "-6.17434", "lng": "106.79028"}
_HUB = {
    "_id": "634e98498ce07d29474a7e29", **_HUB_BODY, "lat": -6.17434, "lng": 106.79028, **_IDS, **_TIMES,
    "deleteAccess": True,
}  # fmt: skip
_TEAM_BODY = {"name": "Tim Pagi", "hubId": "634e98498ce07d29474a7e29"}
_TEAM = {"_id": "66e3d6a88ce07d29474a7e30", **_TEAM_BODY, **_IDS, **_TIMES, "totalUser": 0}
_USER_BODY = {
    "name": "Budi S", "email": "worker@example.com", "phoneNumber": "+628000000000",
    "hubId": ["634e98498ce07d29474a7e29"], "teamId": [],
}  # fmt: skip
_USER = {
    "_id": "65c1f4d78ce07d29474a7e31", "name": "Budi", "email": "worker@example.com", "provider": "web",
    "hubId": ["634e98498ce07d29474a7e29"], **_IDS, "status": "active", "lastLogin": "2024-06-18T03:54:47+00:00",
    "roleId": "634e98098ce07d29474a7e32", "onboardingStep": [], "teamId": [],
    "updatedTime": "2024-06-18T03:58:26+00:00", "createdTime": "2024-02-06T08:59:26+00:00",
    "phoneNumber": None, "dynamicVisitTime": [],
}  # fmt: skip
_ROLE = {
    "_id": "634e98098ce07d29474a7e32", "name": "owner", "isAdmin": True, "isDefault": True, "isDeleted": False,
    "permissionList": [], "permissionDetails": [], **_IDS, **_TIMES,
}  # fmt: skip
_UPDATED = "Data has been updated successfully."

hub_list = operation(
    "Hub", "List hubs", query=(*LIMITS, "name", "q", "sortBy", "sortOrder", "byUser"),
    answer={"data": [_HUB], "status": True},
)  # fmt: skip
hub_retrieve = operation("Hub", "Get a hub", answer={"data": _HUB, "status": True})
hub_create = operation("Hub", "Create a hub", body=_HUB_BODY, answer={"status": True, "data": _HUB})
hub_update = operation(
    "Hub", "Update a hub", body=_HUB_BODY, answer={"status": True, "property": _HUB, "message": "Success"}
)
hub_destroy = operation("Hub", "Delete a hub", answer={"status": True})

team_list = operation("Team", "List teams", query=(*LIMITS, "hubId"))
team_retrieve = operation("Team", "Get a team", answer={"data": _TEAM, "status": True, "code": 200})
team_create = operation(
    "Team", "Create a team", body=_TEAM_BODY, status=201,
    answer={"status": True, "data": _TEAM, "code": 201, "message": "Data successfully created."},
)  # fmt: skip
team_update = operation(
    "Team", "Update a team", body=_TEAM_BODY,
    answer={"status": True, "code": 200, "message": "Data successfully updated.", "data": _TEAM},
)  # fmt: skip
team_destroy = operation(
    "Team", "Delete a team",
    answer={"status": True, "code": 200, "message": "Data successfully deleted.", "data": _TEAM},
)  # fmt: skip

user_list = operation(
    "User", "List users", query=(*LIMITS, "hubId", "roleId", "teamId", "status", "q"),
    answer={"data": [_USER], "status": True},
)  # fmt: skip
user_me = operation("User", "Get the token's user", name="own_user_retrieve", answer=_USER)
user_retrieve = operation("User", "Get a user", answer=_USER)
user_by_email = operation("User", "Get a user by e-mail", answer=_USER)
user_me_update = operation(
    "User", "Change the own profile", name="own_user_partial_update", body={"name": "Budi S"},
    answer={"status": True, "message": _UPDATED, "property": _USER},
)  # fmt: skip
user_update = operation(
    "User", "Update a user", body=_USER_BODY,
    answer={"status": True, "data": _USER, "message": _UPDATED, "statusCode": 200},
)  # fmt: skip
user_partial_update = operation(
    "User", "Change a user", body={"name": "Budi S"},
    answer={"status": True, "data": _USER, "message": _UPDATED, "statusCode": 200},
)  # fmt: skip

member_destroy = operation(
    "Member", "Remove a member",
    answer={"id": "65c1f4d78ce07d29474a7e31", "status": True, "message": "Data has been deleted successfully."},
)  # fmt: skip
member_locked = operation(
    "Member", "List locked members",
    answer={"status": True, "code": 200, "data": [{"email": "worker@example.com", "attempt": "5", "ttl": 1788}]},
)  # fmt: skip
member_unlock = operation(
    "Member", "Unlock a member", body={"email": "worker@example.com"},
    answer={
        "status": True, "code": 200, "message": "worker@example.com has been unlocked. The user can now log in."
    },
)  # fmt: skip
member_reset_password = operation(
    "Member", "Reset a member's password", body={"userId": "65c1f4d78ce07d29474a7e31", "password": "Rahas1a-baru!"},
    answer={"status": True, "property": _USER, "message": "Your password has been updated successfully."},
)  # fmt: skip

role_list = operation("Role", "List roles", answer={"data": [_ROLE], "status": True})
role_retrieve = operation("Role", "Get a role", answer={"data": {**_ROLE, "permission": []}, "status": True})
