"""Encryption of secrets that have to be read again (signing keys, webhook secrets)."""

import base64
import hashlib

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings


def _fernet() -> MultiFernet:
    # SECRET_KEY_FALLBACKS keeps old secrets readable while the key is being changed.
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet(
        [Fernet(base64.urlsafe_b64encode(hashlib.sha256(b"taskyard.secrets:" + key.encode()).digest())) for key in keys]
    )


def encrypt(text: str) -> bytes:
    return _fernet().encrypt(text.encode())


def decrypt(data: bytes) -> str:
    """The text behind `data`; cryptography.fernet.InvalidToken when no current or former SECRET_KEY fits."""
    return _fernet().decrypt(data).decode()


def rotate(data: bytes) -> bytes:
    """The same secret under the newest SECRET_KEY."""
    return _fernet().rotate(data)
