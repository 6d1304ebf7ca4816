"""Request signatures SDK-HMAC-SHA256 of Huawei Cloud's API gateway, checked.

Pure functions over a request's parts. The algorithm signs the method, the decoded and re-encoded path and query, the
headers that the request itself lists, and the body's hash, with the secret key as it is (no derived keys).
"""

import hmac
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from urllib.parse import quote

ALGORITHM = "SDK-HMAC-SHA256"
UNSIGNED = "UNSIGNED-PAYLOAD"
DATE_HEADER = "x-sdk-date"
PAYLOAD_HEADER = "x-sdk-content-sha256"
MAX_SKEW = timedelta(minutes=15)

_DATE_FORMAT = "%Y%m%dT%H%M%SZ"
_DATE = re.compile(r"\d{8}T\d{6}Z", re.ASCII)
# The gateway's only spelling. A looser pattern would accept a header that was tampered with.
_AUTHORIZATION = re.compile(
    rf"{ALGORITHM} Access=([!-+\--~]+), SignedHeaders=([a-z0-9;-]+), Signature=([0-9a-f]{{64}})", re.ASCII
)
_OTHER_ALGORITHM = re.compile(r"((?:SDK|V11)-[A-Z0-9-]+) ", re.ASCII)


class SignatureRefused(Exception):
    """A signature that does not count; the text is the tail of the gateway's message."""


@dataclass(frozen=True, slots=True)
class Authorization:
    """What an Authorization header claims."""

    access_key: str
    signed_headers: tuple[str, ...]
    signature: str


@dataclass(frozen=True, slots=True)
class SignedRequest:
    """The parts that a signature covers: `path` and `query` percent-decoded once, header names in lower case.

    A body that the caller declared unsigned need not be read: None.
    """

    method: str
    path: str
    query: Sequence[tuple[str, str]]
    headers: Mapping[str, str]
    body: bytes | None


def authorization_parse(header: str) -> Authorization | None:
    """The claim of a signed request, None for a foreign scheme (such as Bearer); raises SignatureRefused."""
    match = _AUTHORIZATION.fullmatch(header)
    if match:
        access_key, names, signature = match.groups()
        return Authorization(access_key, tuple(names.split(";")), signature)
    other = _OTHER_ALGORITHM.match(header)
    if other is None:
        return None
    if other[1] == ALGORITHM:
        raise SignatureRefused("verify aksk signature fail, malformed Authorization header")
    raise SignatureRefused(f"verify aksk signature fail, unsupported algorithm {other[1]}")


def signature_verify(request: SignedRequest, claim: Authorization, secret: str, *, now: datetime) -> None:
    """Raise SignatureRefused unless `secret` made the claimed signature within 15 minutes of the aware `now`."""
    _check_date(request.headers.get(DATE_HEADER, ""), now)
    if DATE_HEADER not in claim.signed_headers or not set(claim.signed_headers) <= request.headers.keys():
        raise SignatureRefused("verify aksk signature fail, signed headers incomplete")
    # A list, not any(): every candidate is compared, so that the time taken tells nothing.
    matches = [
        hmac.compare_digest(signature(request, claim.signed_headers, digest, secret), claim.signature)
        for digest in _payload_digests(request)
    ]
    if not any(matches):
        raise SignatureRefused("verify aksk signature fail, signature does not match")


def signature(request: SignedRequest, names: Iterable[str], digest: str, secret: str) -> str:
    """The hex signature of `request` over the headers `names` and a body of hash `digest`."""
    canonical = canonical_request(request, names, digest)
    text = "\n".join([ALGORITHM, request.headers[DATE_HEADER], sha256(_bytes(canonical)).hexdigest()])
    return string_sign(text, secret)


def string_sign(text: str, secret: str) -> str:
    return hmac.new(secret.encode(), _bytes(text), sha256).hexdigest()


def canonical_request(request: SignedRequest, names: Iterable[str], digest: str) -> str:
    names = list(names)
    # Encoded slashes have become real ones by now; the gateway canonicalizes them so, too.
    path = "/".join(_encode(piece) for piece in request.path.split("/"))
    query = "&".join(f"{_encode(key)}={_encode(value)}" for key, value in sorted(request.query))
    block = "".join(f"{name}:{request.headers[name].strip()}\n" for name in names)
    return "\n".join(
        [request.method, path if path.endswith("/") else path + "/", query, block, ";".join(names), digest]
    )


def _check_date(text: str, now: datetime) -> None:
    try:
        if not _DATE.fullmatch(text):
            raise ValueError
        signed_at = datetime.strptime(text, _DATE_FORMAT).replace(tzinfo=UTC)
    except ValueError:
        raise SignatureRefused("verify aksk signature fail, X-Sdk-Date missing or malformed") from None
    if abs(now - signed_at) > MAX_SKEW:
        server_time = now.astimezone(UTC).strftime(_DATE_FORMAT)
        raise SignatureRefused(
            f"calc aksk signature fail:signature expired, signature time:{text},server time:{server_time}"
        )


def is_unsigned_payload(headers: Mapping[str, str]) -> bool:
    """Whether the request may, and does, leave its body out of the signature: any declared type but JSON may."""
    content_type = headers.get("content-type", "").lower()
    may = content_type != "" and not content_type.startswith("application/json")
    return may and headers.get(PAYLOAD_HEADER) == UNSIGNED


def _payload_digests(request: SignedRequest) -> list[str]:
    """The body hashes that the signature may stand on."""
    if is_unsigned_payload(request.headers):
        # The vendor's SDK signs the hash of nothing when there is no body, even under UNSIGNED-PAYLOAD.
        return [UNSIGNED] if request.body is None else [UNSIGNED, sha256(request.body).hexdigest()]
    digest = sha256(request.body or b"").hexdigest()
    if request.headers.get(PAYLOAD_HEADER, digest) != digest:
        raise SignatureRefused("verify aksk signature fail, X-Sdk-Content-Sha256 does not match the body")
    return [digest]


def _encode(text: str) -> str:
    return quote(text, safe="~", errors="surrogateescape")


def _bytes(text: str) -> bytes:
    # Header bytes that are no UTF-8 travel as surrogates and must come out as the bytes they were.
    return text.encode("utf-8", "surrogateescape")
