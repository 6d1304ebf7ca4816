"""Credentials of SecMaster requests: a token in X-Auth-Token, or a signature by an access key."""

from typing import Any
from urllib.parse import parse_qsl

from django.http import HttpRequest
from django.utils import timezone
from rest_framework.authentication import BaseAuthentication
from rest_framework.request import Request

from accounts.models import AccessToken, User
from accounts.selectors import key_find, key_used, token_authenticate, token_digest
from core.api.errors import Unauthenticated
from core.api.parsers import body_read
from soc.api.dialect.signing import (
    ALGORITHM,
    Authorization,
    SignatureRefused,
    SignedRequest,
    authorization_parse,
    is_unsigned_payload,
    signature_verify,
)

# The gateway's own words.
BAD_TOKEN = "decrypt token fail"
OLD_TOKEN = "The token must be updated"


class GatewayAuthentication(BaseAuthentication):
    """A valid X-Auth-Token or a valid signature is enough; the token is looked at first."""

    def authenticate(self, request: Request) -> tuple[User, Any]:
        http = request._request
        raw = http.META.get("HTTP_X_AUTH_TOKEN", "").strip()
        user = token_authenticate(raw) or _signer(http, request.parser_context["view"].dialect.max_body)
        if user is None:
            raise Unauthenticated(OLD_TOKEN if token_expired(raw) else BAD_TOKEN)
        return user, None

    def authenticate_header(self, request: Request) -> str:
        return ALGORITHM


def token_expired(raw: str) -> bool:
    """Whether the unusable token was a good one until its time ran out."""
    expired = AccessToken.objects.filter(revoked_at=None, expires_at__lte=timezone.now())
    return expired.filter(digest=token_digest(raw)).exists()


def _signer(request: HttpRequest, max_body: int) -> User | None:
    """The user whose access key signed the request, None for an unsigned one; Unauthenticated with the reason."""
    try:
        claim = authorization_parse(request.META.get("HTTP_AUTHORIZATION", ""))
        return _verified(request, claim, max_body) if claim else None
    except SignatureRefused as refusal:
        raise Unauthenticated(str(refusal)) from None


def _verified(request: HttpRequest, claim: Authorization, max_body: int) -> User:
    key = key_find(claim.access_key)
    if key is None:
        raise Unauthenticated(f"Get secretKey failed,ak:{claim.access_key},err:ak not exist")
    signature_verify(signed_request(request, max_body), claim, key.secret, now=timezone.now())
    return key_used(key)


def signed_request(request: HttpRequest, max_body: int) -> SignedRequest:
    """The parts of `request` that a signature covers, as they came over the wire."""
    headers = _headers(request)
    # An upload that is not signed goes to disk in pieces; reading it here would hold it in memory.
    has_unsigned_body = is_unsigned_payload(headers) and headers.get("content-length", "0") != "0"
    query = parse_qsl(request.META.get("QUERY_STRING", ""), keep_blank_values=True, errors="surrogateescape")
    return SignedRequest(
        method=str(request.method),
        path=request.path,
        query=query,
        headers=headers,
        body=None if has_unsigned_body else body_read(request, max_body),
    )


def _headers(request: HttpRequest) -> dict[str, str]:
    headers = {
        name.removeprefix("HTTP_").replace("_", "-").lower(): _wire_text(str(value))
        for name, value in request.META.items()
        if name.startswith("HTTP_") or name in ("CONTENT_TYPE", "CONTENT_LENGTH")
    }
    # The server says "" for a header that did not come.
    return {name: value for name, value in headers.items() if value or name not in ("content-type", "content-length")}


def _wire_text(value: str) -> str:
    """A header as its sender wrote it: WSGI hands bytes over as latin-1, clients send UTF-8."""
    return value.encode("latin-1", "replace").decode("utf-8", "surrogateescape")
