"""`manage.py rotate_secrets`: stored secrets under a new SECRET_KEY."""

from io import StringIO

import pytest
from cryptography.fernet import InvalidToken
from django.core.management import call_command

from accounts.models import AccessKey
from accounts.services import key_issue
from config.management.commands.rotate_secrets import encrypted_fields


def test_secrets_are_readable_without_the_former_key_afterwards(settings, world):
    _, secret = key_issue(user=world.owner, name="signing")
    former = settings.SECRET_KEY
    settings.SECRET_KEY, settings.SECRET_KEY_FALLBACKS = "new" * 20, [former]

    call_command("rotate_secrets", stdout=StringIO())

    settings.SECRET_KEY_FALLBACKS = []
    assert AccessKey.objects.get().secret == secret


def test_nothing_is_changed_when_the_former_key_is_missing(settings, world):
    key_issue(user=world.owner, name="signing")
    before = bytes(AccessKey.objects.get().secret_encrypted)
    settings.SECRET_KEY = "new" * 20

    with pytest.raises(InvalidToken):
        call_command("rotate_secrets", stdout=StringIO())

    assert bytes(AccessKey.objects.get().secret_encrypted) == before


def test_it_knows_the_access_keys():
    assert (AccessKey, "secret_encrypted") in set(encrypted_fields())
