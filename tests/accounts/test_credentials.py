"""Tokens, access keys, passwords: what is stored, who gets in, what an administrator can do."""

import uuid
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command
from django.db import connection
from django.utils import timezone

from accounts import crypto, services
from accounts.errors import LoginFailed, LoginLocked, PasswordUsedBefore
from accounts.models import AccessKey, AccessToken, User
from accounts.selectors import key_find, token_authenticate
from tests.factories import UserFactory, token_for


def dump() -> str:
    """Everything that the credential tables hold, as text."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM accounts_accesstoken")
        rows = cursor.fetchall()
        cursor.execute("SELECT * FROM accounts_accesskey")
        return repr(
            [[bytes(v) if isinstance(v, memoryview) else v for v in row] for row in [*rows, *cursor.fetchall()]]
        )


class TestTokens:
    def test_only_a_hash_is_stored(self, world):
        _, raw = services.token_issue(user=world.agent, name="t")
        assert raw not in dump()
        assert raw[9:] not in dump()

    def test_checking_one_is_one_query(self, world, django_assert_num_queries):
        raw = token_for(world.agent)
        with django_assert_num_queries(1):
            user = token_authenticate(raw)
            assert user.organization.name == "Home"

    def test_a_second_group_counts_too(self, world):
        user = UserFactory(organization=world.organization, group="Viewer")
        user.groups.add(*world.planner.groups.all())
        assert token_authenticate(token_for(user)).has_perm("hubs.add_hub")

    def test_last_used_is_written_once_a_minute(self, world):
        token, raw = services.token_issue(user=world.agent, name="t")
        token_authenticate(raw)
        first = AccessToken.objects.get(pk=token.pk).last_used_at
        token_authenticate(raw)
        assert AccessToken.objects.get(pk=token.pk).last_used_at == first
        AccessToken.objects.update(last_used_at=first - timedelta(seconds=61))
        token_authenticate(raw)
        assert AccessToken.objects.get(pk=token.pk).last_used_at > first - timedelta(seconds=60)

    @pytest.mark.parametrize(
        "change",
        [
            {"revoked_at": timezone.now()},
            {"expires_at": timezone.now() - timedelta(seconds=1)},
        ],
    )
    def test_it_is_of_no_use_when_revoked_or_expired(self, world, change):
        raw = token_for(world.agent)
        AccessToken.objects.update(**change)
        assert token_authenticate(raw) is None

    def test_it_ends_with_its_user(self, world):
        raw = token_for(world.agent)
        User.objects.filter(pk=world.agent.pk).update(is_active=False)
        assert token_authenticate(raw) is None

    def test_the_command_prints_one(self, world, capsys):
        call_command("createtoken", world.agent.email, "--name", "ci", "--days", "3")
        raw = capsys.readouterr().out.strip()
        assert token_authenticate(raw) == world.agent
        assert AccessToken.objects.get().expires_at < timezone.now() + timedelta(days=3, minutes=1)

    @pytest.mark.parametrize(
        "args", [["nobody@example.com", "--name", "x"], ["agent@example.com", "--name", "x", "--days", "0"]]
    )
    def test_the_command_says_what_is_wrong(self, world, args):
        assert world.agent
        with pytest.raises(CommandError):
            call_command("createtoken", *args)


class TestKeys:
    def test_the_secret_is_encrypted(self, world):
        key, secret = services.key_issue(user=world.agent, name="k")
        assert secret not in dump()
        assert AccessKey.objects.get(pk=key.pk).secret == secret
        assert key_find(key.access_key) == key

    def test_a_former_secret_key_still_reads_it(self, world, settings):
        key, secret = services.key_issue(user=world.agent, name="k")
        settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
        settings.SECRET_KEY = "another-secret-key-another-secret-key"
        assert AccessKey.objects.get(pk=key.pk).secret == secret
        rotated = crypto.rotate(bytes(AccessKey.objects.get(pk=key.pk).secret_encrypted))
        settings.SECRET_KEY_FALLBACKS = []
        assert crypto.decrypt(rotated) == secret

    def test_a_revoked_key_is_unknown(self, world):
        key, _ = services.key_issue(user=world.agent, name="k")
        assert services.key_revoke(key=key)
        assert not services.key_revoke(key=key)
        assert key_find(key.access_key) is None


class TestLogin:
    @pytest.fixture
    def user(self, world):
        user = UserFactory(organization=world.organization, email="login@example.com")
        user.set_password("right")
        user.save()
        return user

    def test_it_takes_the_e_mail_in_any_case(self, user, rf):
        assert services.login_check(request=rf.post("/"), email=" LOGIN@Example.com ", password="right") == user

    def test_it_refuses_and_then_locks(self, user, rf, settings):
        for _ in range(settings.AXES_FAILURE_LIMIT - 1):
            with pytest.raises(LoginFailed):
                services.login_check(request=rf.post("/"), email=user.email, password="wrong")
        with pytest.raises(LoginLocked):
            services.login_check(request=rf.post("/"), email=user.email, password="wrong")
        with pytest.raises(LoginLocked):
            services.login_check(request=rf.post("/"), email=user.email, password="right")
        services.login_unlock(email=user.email)
        assert services.login_check(request=rf.post("/"), email=user.email, password="right") == user

    def test_an_unknown_user_fails_alike(self, db, rf):
        with pytest.raises(LoginFailed):
            services.login_check(request=rf.post("/"), email="nobody@example.com", password="x")

    def test_no_password_is_used_twice(self, user):
        services.password_set(user=user, password="second")
        for used in ("right", "second"):
            with pytest.raises(PasswordUsedBefore):
                services.password_set(user=user, password=used)


def test_e_mails_are_stored_in_lower_case(world):
    user = services.user_create(organization=world.organization, email="Ann@Example.COM", name="Ann", groups=["Agent"])
    assert user.email == "ann@example.com"
    assert isinstance(user.guid, uuid.UUID)
    assert len(user.object_id) == 24


def test_groups_have_their_rights(world):
    assert world.owner.has_perm("accounts.change_user")
    assert not world.planner.has_perm("accounts.change_user")
    assert world.planner.has_perm("hubs.delete_hub")
    assert world.viewer.has_perm("hubs.view_hub")
    assert not world.viewer.has_perm("hubs.change_hub")
