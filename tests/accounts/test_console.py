"""The console's pages for accounts: rows of one organization, credentials shown once."""

import re
from datetime import UTC, datetime

import pytest
from django.contrib.auth.models import Group
from django.urls import reverse

from accounts.models import AccessToken, User
from accounts.selectors import token_authenticate
from core.models import JournalEntry


@pytest.fixture
def console(world, console_for):
    return console_for(world.owner)


def test_the_root_leads_to_the_console(client, db):
    assert client.get("/")["Location"] == "/admin/"


@pytest.mark.parametrize("model", ["user", "accesstoken", "accesskey", "organization"])
def test_every_list_opens(console, model):
    assert console.get(reverse(f"admin:accounts_{model}_changelist")).status_code == 200


@pytest.mark.parametrize("page", ["core_journalentry_changelist", "core_job_changelist", "index"])
def test_system_pages_open(console, page):
    assert console.get(reverse(f"admin:{page}")).status_code == 200


def test_users_of_other_organizations_are_unknown(world, console):
    page = console.get(reverse("admin:accounts_user_changelist")).content.decode()
    assert world.owner.email in page
    assert world.outsider.email not in page
    answer = console.get(reverse("admin:accounts_user_change", args=[world.outsider.pk]))
    assert answer.status_code == 302  # "doesn't exist", as for any unknown id


def test_a_new_user_belongs_to_the_organization(world, console):
    answer = console.post(
        reverse("admin:accounts_user_add"),
        {
            "email": "New@example.com",
            "name": "New",
            "usable_password": "true",
            "password1": "s3cret-s3cret",
            "password2": "s3cret-s3cret",
        },
    )
    assert answer.status_code == 302, answer.content
    user = User.objects.get(email="new@example.com")
    assert user.organization == world.organization
    assert JournalEntry.objects.filter(verb="create", object_type="accounts.user", object_id=str(user.pk)).exists()


def test_an_administrator_cannot_make_a_superuser(world, console):
    agent = world.agent
    console.post(
        reverse("admin:accounts_user_change", args=[agent.pk]),
        {
            "email": agent.email,
            "name": "Renamed",
            "groups": [Group.objects.get(name="Planner").pk],
            "is_active": "on",
            "is_superuser": "on",
        },
    )
    agent.refresh_from_db()
    assert agent.name == "Renamed"
    assert not agent.is_superuser
    assert [group.name for group in agent.groups.all()] == ["Planner"]


def test_groups_belong_to_the_operators(world, console):
    group = Group.objects.get(name="Viewer")
    assert console.get(reverse("admin:auth_group_add")).status_code == 403
    console.post(reverse("admin:auth_group_change", args=[group.pk]), {"name": "Hacked"})
    assert Group.objects.filter(name="Viewer").exists()


def test_a_token_is_shown_once(world, console):
    answer = console.post(reverse("admin:accounts_accesstoken_add"), {"user": world.agent.pk, "name": "erp"})
    raw = re.search(r"data-credential>(ty_[\w-]+)<", answer.content.decode())[1]
    assert "no-store" in answer["Cache-Control"]
    assert token_authenticate(raw) == world.agent
    token = AccessToken.objects.get()
    for page in (
        reverse("admin:accounts_accesstoken_changelist"),
        reverse("admin:accounts_accesstoken_change", args=[token.pk]),
    ):
        assert raw not in console.get(page).content.decode()


def test_no_token_for_a_foreign_user(world, console):
    answer = console.post(reverse("admin:accounts_accesstoken_add"), {"user": world.outsider.pk, "name": "x"})
    assert answer.status_code == 200
    assert not AccessToken.objects.filter(user=world.outsider).exists()


def test_a_token_is_revoked(world, console):
    raw = world.token(world.agent)
    token = AccessToken.objects.get()
    address = reverse("admin:accounts_accesstoken_revoke", args=[token.pk])
    console.get(address)
    assert token_authenticate(raw) == world.agent  # a link that is only followed changes nothing
    console.post(address, {"_form_submitted": "True"})
    assert token_authenticate(raw) is None


def test_an_access_key_is_shown_once(world, console):
    page = console.post(
        reverse("admin:accounts_accesskey_add"), {"user": world.agent.pk, "name": "sdk"}
    ).content.decode()
    assert len(re.findall(r"data-credential>", page)) == 2


@pytest.mark.parametrize("who", ["planner", "viewer"])
def test_credentials_are_for_administrators(world, console_for, who):
    client = console_for(getattr(world, who))
    assert client.get(reverse("admin:accounts_accesstoken_changelist")).status_code == 403
    assert client.get(reverse("admin:accounts_user_changelist")).status_code == 403


def test_five_wrong_passwords_lock_the_console(world, client):
    world.owner.set_password("right")
    world.owner.save()
    for _ in range(5):
        answer = client.post(reverse("admin:login"), {"username": world.owner.email, "password": "wrong"})
    assert answer.status_code == 429
    assert client.post(reverse("admin:login"), {"username": world.owner.email, "password": "right"}).status_code == 429


@pytest.mark.parametrize("vendor", ["mileapp", "onlyoffice", "secmaster", "gantt"])
def test_the_api_pages_open(client, db, vendor):
    assert client.get(f"/docs/{vendor}/").status_code == 200
    assert client.get(f"/docs/{vendor}/openapi.json").json()["openapi"].startswith("3.")


def test_health_is_told(client, db):
    assert client.get("/livez").json() == {"status": "ok"}
    assert client.get("/readyz").json() == {"status": "ok", "problems": [], "worker": "missing"}
    assert client.get("/metrics").status_code == 404


def test_times_are_the_organizations_own(world, console):
    moment = datetime(2026, 1, 31, 20, 30, tzinfo=UTC)
    world.token(world.agent)
    AccessToken.objects.update(created_at=moment)
    page = console.get(reverse("admin:accounts_accesstoken_changelist")).content.decode()
    assert "2026-02-01 04:30" in page  # Asia/Singapore
