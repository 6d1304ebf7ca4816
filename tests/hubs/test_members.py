from datetime import timedelta
from typing import Any

import pytest
from axes.models import AccessAttempt
from django.utils import timezone

from accounts.models import User
from accounts.services import key_issue
from core.models import JournalEntry
from hubs import signals
from tests.factories import UserFactory
from tests.hubs.calls import call
from tests.hubs.factories import HubFactory, TeamFactory

NOT_FOUND = {
    "status": False, "message": "Data not found. Please check the ID/reference number and try again.",
}  # fmt: skip


def lock(email: str, failures: int = 5, minutes_ago: float = 0) -> None:
    attempt = AccessAttempt.objects.create(
        username=email, ip_address="10.0.0.1", user_agent="x", failures_since_start=failures
    )
    AccessAttempt.objects.filter(pk=attempt.pk).update(attempt_time=timezone.now() - timedelta(minutes=minutes_ago))


def test_a_removed_member_is_gone_but_named_in_the_journal(world: Any, client_for: Any) -> None:
    hub = HubFactory(organization=world.organization, users=[world.agent])
    team = TeamFactory(hub=hub, users=[world.agent])
    member, client = client_for(world.agent), client_for(world.owner)
    key_issue(user=world.agent, name="key")
    path = f"/member/{world.agent.object_id}"
    expected = {"id": world.agent.object_id, "status": True, "message": "Data has been deleted successfully."}
    assert call(member, "GET", "/user")[0] == 200
    assert call(client, "DELETE", path) == (200, expected)
    assert call(client, "DELETE", path) == (404, NOT_FOUND)
    assert call(client, "GET", f"/user/{world.agent.object_id}")[0] == 404
    assert [user["name"] for user in call(client, "GET", "/users")[1]["data"]] == ["Owner"]
    assert call(member, "GET", "/user") == (401, {"status": False, "message": "Unauthorized"})
    assert not hub.users.exists()
    assert not team.users.exists()
    user = User.objects.get(pk=world.agent.pk)
    assert (user.is_active, user.groups.count()) == (False, 0)
    assert not user.access_tokens.filter(revoked_at=None).exists()
    assert not user.access_keys.filter(revoked_at=None).exists()
    assert JournalEntry.objects.get(verb="delete").object_id == str(user.pk)


def test_others_take_the_work_of_a_leaving_member_back(world: Any, client_for: Any) -> None:
    left: list[User] = []

    def leaving(sender: Any, user: User, actor: Any, **_: Any) -> None:
        left.append(user)

    signals.member_removing.connect(leaving)
    try:
        call(client_for(world.owner), "DELETE", f"/member/{world.agent.object_id}")
    finally:
        signals.member_removing.disconnect(leaving)
    assert left == [world.agent]


def test_nobody_removes_himself(world: Any, client_for: Any) -> None:
    expected = {"status": False, "message": "You cannot delete yourself."}
    assert call(client_for(world.owner), "DELETE", f"/member/{world.owner.object_id}") == (400, expected)


def test_locked_members_are_listed_until_the_lock_ends(world: Any, client_for: Any) -> None:
    lock("agent@example.com", failures=7, minutes_ago=10)
    lock("planner@example.com", failures=4)
    lock("viewer@example.com", minutes_ago=31)
    lock(world.outsider.email)
    assert [user.email for user in (world.agent, world.planner, world.viewer)]
    status, body = call(client_for(world.owner), "GET", "/members/locked")
    assert (status, body["code"], len(body["data"])) == (200, 200, 1)
    row = body["data"][0]
    assert (row["email"], row["attempt"]) == ("agent@example.com", "7")
    assert 1190 < row["ttl"] <= 1200


def test_unlocking_lets_the_member_log_in_again(world: Any, client_for: Any) -> None:
    lock(world.agent.email)
    client = client_for(world.owner)
    expected = {
        "status": True, "code": 200, "message": "agent@example.com has been unlocked. The user can now log in.",
    }  # fmt: skip
    assert call(client, "POST", "/member/unlock", {"email": "Agent@example.com"}) == (200, expected)
    assert call(client, "GET", "/members/locked")[1]["data"] == []
    assert JournalEntry.objects.get().verb == "unlock"


@pytest.mark.parametrize("email", ["nobody@example.com", "outsider@example.com"])
def test_unlocking_a_stranger_is_400_with_a_code(world: Any, client_for: Any, email: str) -> None:
    lock(world.outsider.email)
    got = call(client_for(world.owner), "POST", "/member/unlock", {"email": email})
    assert got == (400, NOT_FOUND | {"code": 400})
    assert AccessAttempt.objects.exists()


def test_a_reset_password_works_at_once_and_never_again(world: Any, client_for: Any) -> None:
    client = client_for(world.owner)
    body = {"userId": world.agent.object_id, "password": "Rahas1a-baru!"}
    status, answer = call(client, "POST", "/member/reset-password", body)
    assert (status, answer["message"]) == (200, "Your password has been updated successfully.")
    assert (answer["property"]["isDeleted"], answer["property"]["docId"]) == (False, world.agent.object_id)
    assert User.objects.get(pk=world.agent.pk).check_password("Rahas1a-baru!")
    used = {"status": False, "message": "You cannot use a password that you have used before."}
    assert call(client, "POST", "/member/reset-password", body) == (400, used)
    assert call(client, "POST", "/member/reset-password", body | {"password": "Rahas1a-lain!"})[0] == 200
    assert call(client, "POST", "/member/reset-password", body) == (400, used)
    assert "Rahas1a" not in str(list(JournalEntry.objects.values()))


@pytest.mark.parametrize(
    ("body", "status", "keys"),
    [
        ({}, 400, {}),
        ({"password": "Rahas1a-baru!"}, 400, {}),
        ({"userId": "x"}, 400, {}),
        ({"userId": "x", "password": "Rahas1a-baru!"}, 404, {"statusCode": 404}),
        ({"userId": 5, "password": "Rahas1a-baru!"}, 400, {}),
        ({"userId": "{agent}", "password": "rahas1a-baru!"}, 400, {}),
        ({"userId": "{agent}", "password": "RAHAS1A-BARU!"}, 400, {}),
        ({"userId": "{agent}", "password": "Rahasia-baru!"}, 400, {}),
        ({"userId": "{agent}", "password": "Rahas1abaru"}, 400, {}),
        ({"userId": "{agent}", "password": "Ra1!"}, 400, {}),
        ({"userId": "{agent}", "password": ["Rahas1a-baru!"]}, 400, {}),
    ],
)
def test_it_refuses_weak_passwords_and_strangers(
    world: Any, client_for: Any, body: dict, status: int, keys: dict
) -> None:
    body = {k: world.agent.object_id if v == "{agent}" else v for k, v in body.items()}
    before = User.objects.get(pk=world.agent.pk).password
    got, answer = call(client_for(world.owner), "POST", "/member/reset-password", body)
    assert (got, answer) == (status, {"status": False, "message": answer["message"], **keys})
    assert User.objects.get(pk=world.agent.pk).password == before


def test_only_an_owner_touches_an_owner(world: Any, client_for: Any) -> None:
    """Somebody who may change users without being an administrator leaves administrators alone."""
    from django.contrib.auth.models import Group, Permission

    from accounts import groups

    staff = Group.objects.create(name="Staff")
    names = ["change_user", "delete_user", "view_member"]
    staff.permissions.set(Permission.objects.filter(codename__in=names))
    groups.forget()
    clerk = UserFactory(organization=world.organization)
    clerk.groups.add(staff)
    client, owner = client_for(clerk), world.owner.object_id
    for method, path, body in (
        ("PATCH", f"/user/{owner}", {"name": "X"}),
        ("PUT", f"/user/{owner}", {"name": "X"}),
        ("DELETE", f"/member/{owner}", None),
        ("POST", "/member/reset-password", {"userId": owner, "password": "Rahas1a-baru!"}),
    ):
        assert call(client, method, path, body)[0] == 403
    assert call(client, "PATCH", f"/user/{world.agent.object_id}", {"name": "X"})[0] == 200
