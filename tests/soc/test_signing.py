"""Signatures SDK-HMAC-SHA256: the published vectors, and the vendor's own signer on random requests."""

from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any
from urllib.parse import parse_qsl, unquote

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from soc.api.dialect.signing import (
    Authorization,
    SignatureRefused,
    SignedRequest,
    authorization_parse,
    canonical_request,
    signature,
    signature_verify,
    string_sign,
)
from tests.soc.sdk import BasicCredentials, SdkRequest, Signer

ACCESS_KEY = "AKTEST1234567890ABCD"
SECRET = "SKtestSecretKey0123456789abcdefABCDEF0123"
SOC = "/v1/15645222e8744afa985c93dab6341da6/workspaces/75645d0a-93b8-4a7f-a77c-e97009389445/soc"
TASK = f"{SOC}/tasks/3e4c170e-7cc9-11f0-9216-fa163e209978"
PROJECT = "15645222e8744afa985c93dab6341da6"
AGENT = "os/Linux##1_SMP_PREEMPT_DYNAMIC_@0#x86_64 python/3.11.7 impl/CPython; app/79d9f525-3dc4-49e6-85cc-fc7bfbf6d625"
NOW = datetime(2026, 11, 20, 14, 58, 8, tzinfo=UTC)

SHORT = {
    "content-type": "application/json",
    "host": "secmaster.example.com:8080",
    "user-agent": "ua/1",
    "x-project-id": PROJECT,
    "x-sdk-date": "20250819T065342Z",
}
WHOLE = SHORT | {
    "host": "127.0.0.1:18973",
    "user-agent": f"huaweicloud-usdk-python/3.0; {AGENT}",
    "x-sdk-date": "20261120T145808Z",
}


def request(method: str, url: str, headers: dict[str, str], body: bytes = b"") -> SignedRequest:
    path, _, query = url.partition("?")
    return SignedRequest(method, unquote(path), parse_qsl(query, keep_blank_values=True), headers, body)


def digest_of(signed: SignedRequest) -> str:
    return signed.headers.get("x-sdk-content-sha256") or sha256(signed.body or b"").hexdigest()


def test_it_signs_the_vendors_string() -> None:
    text = "SDK-HMAC-SHA256\n20191115T033655Z\nb25362e603ee30f4f25e7858e8a7160fd36e803bb2dfe206278659d71a9bcd7a"
    expected = "7be6668032f70418fcc22abc52071e57aff61b84a1d2381bb430d6870f4f6ebe"
    assert string_sign(text, "MFyfvK41ba2giqM7Uio6PznpdUKGpownRZlmVmHc") == expected


@pytest.mark.parametrize(
    ("method", "url", "body", "canonical_hash", "expected"),
    [
        (
            "GET",
            f"{SOC}/tasks?from_date=2025-08-19T14%3A53%3A42.424Z%2B0800&limit=10&name=a%20b%2Fc~%2A&offset=0",
            b"",
            "30ef4bbd39fba27466e6761c2c108a1a083c41f1c8219196a02f472325f14bf7",
            "44999faaba558d544a09164d9782fcac3c9098d150de766b8afc0525021b137f",
        ),
        (
            "PUT",
            TASK,
            rb'{"action": "ADD_COMMENT", "comment": "comment content \u4f60\u597d"}',
            "6152cdd7bb93702d15dc0561130e06fa67441ae00cbb98902aa02df910de8311",
            "6a5b39f67a69aa4ce6c46d78be3822f0ebb809f3e256dc2c1cb8f3e9946db360",
        ),
    ],
)
def test_it_builds_the_canonical_request_of_the_vectors(
    method: str, url: str, body: bytes, canonical_hash: str, expected: str
) -> None:
    signed = request(method, url, SHORT, body)
    canonical = canonical_request(signed, sorted(SHORT), digest_of(signed))
    assert sha256(canonical.encode()).hexdigest() == canonical_hash
    assert signature(signed, sorted(SHORT), digest_of(signed), SECRET) == expected


FILTERS = (
    "business_type=PLAYBOOKNODEAPPROVE&from_date=2025-08-19T14%3A53%3A42.424Z%2B0800&limit=10&name=a%20b%2Fc~%2A"
    "&offset=0&query_type=my_todo"
)
UPLOAD = {
    "content-type": "multipart/form-data; boundary=2e42889d24504a72a77477f144e42011",
    "x-sdk-content-sha256": "UNSIGNED-PAYLOAD",
}
WITHOUT_TYPE = {name: value for name, value in WHOLE.items() if name != "content-type"}
PROJECTS = {"host": "127.0.0.1:18973", "user-agent": AGENT, "x-sdk-date": "20261120T145808Z"}
WIRE_VECTORS = [
    ("PUT", TASK, WHOLE, b'{"action": "TERMINATE"}',
     "7c76a681059e21fe303b4ea053a8d7938515a9792c20381639933d8219a14e3d"),
    ("PUT", TASK, WHOLE, b"", "522ea8d80e0c450abe2ec828de325069de0e357f77023f8e787a3e8ecadc23c7"),
    ("PUT", TASK, WHOLE, b"{}", "c156cc2b588dabd503dbe45d3c84e80b0a35514444cc810260c5e8114e824c69"),
    ("GET", f"{SOC}/tasks/a%20b%2Fc%3Ad", WHOLE, b"",
     "df65bbcf6cc67ea2a376a721ae8763348edc57219839515928172a301c6444c8"),
    ("GET", f"{SOC}/tasks?{FILTERS}", WHOLE, b"", "afa0acfb59781de708a673e579ee184fc6140975a288f8f772554fc215eca6bf"),
    ("GET", TASK, WHOLE | {"x-security-token": "STS-TOKEN"}, b"",
     "0e723a7991c1c4428903a52443aee3e3523fc83b1fc6203cb55dedb28ecd619a"),
    ("GET", TASK, WHOLE | {"x-auth-token": "tok123"}, b"",
     "f020fe63571207e9204ea44b3e8bd6832cc984f50fbab0c77733ed52f09bb161"),
    ("GET", TASK, WITHOUT_TYPE, b"", "f41cf12a5b905ea526d371f0ddbaaa6e02db663ae24f8242f0cd0e2b6202ccf6"),
    ("POST", f"{SOC}/attachment/upload", WHOLE | UPLOAD, b"--2e42",
     "aa9ebbf90095a5c4e8c3037f0e00fa3e83721d540540a6854675fba65bce5363"),
    ("GET", "/v3/projects?name=cn-north-4", PROJECTS, b"",
     "4654a1bde38c0eac90cba4eef7b2392b3a1b5d1cc9ca36cc990405a579a2cd69"),
]  # fmt: skip


@pytest.mark.parametrize(("method", "url", "headers", "body", "expected"), WIRE_VECTORS)
def test_it_accepts_the_requests_that_the_sdk_was_seen_to_send(
    method: str, url: str, headers: dict[str, str], body: bytes, expected: str
) -> None:
    claim = Authorization(ACCESS_KEY, tuple(sorted(headers)), expected)
    signature_verify(request(method, url, headers, body), claim, SECRET, now=NOW)


def test_it_reads_the_authorization_header() -> None:
    header = f"SDK-HMAC-SHA256 Access={ACCESS_KEY}, SignedHeaders=host;x-sdk-date, Signature={'0' * 64}"
    assert authorization_parse(header) == Authorization(ACCESS_KEY, ("host", "x-sdk-date"), "0" * 64)
    assert authorization_parse("Bearer x") is None
    assert authorization_parse("") is None


@pytest.mark.parametrize("algorithm", ["SDK-HMAC-SM3", "SDK-ECDSA-P256-SHA256", "SDK-SM2-SM3", "V11-HMAC-SHA256"])
def test_it_refuses_other_algorithms(algorithm: str) -> None:
    with pytest.raises(SignatureRefused, match=algorithm):
        authorization_parse(f"{algorithm} Access=A, SignedHeaders=x-sdk-date, Signature={'0' * 64}")


@pytest.mark.parametrize(
    "header",
    [
        "SDK-HMAC-SHA256 ", "SDK-HMAC-SHA256 Access=, SignedHeaders=x-sdk-date, Signature=" + "0" * 64,
        "SDK-HMAC-SHA256 Access=A, SignedHeaders=x-sdk-date, Signature=" + "0" * 63,
        "SDK-HMAC-SHA256 Access=A, SignedHeaders=x_sdk_date, Signature=" + "0" * 64,
        "SDK-HMAC-SHA256 Access=A, SignedHeaders=X-Sdk-Date, Signature=" + "0" * 64,
        "SDK-HMAC-SHA256 Access=A,SignedHeaders=x-sdk-date,Signature=" + "0" * 64,
    ],
)  # fmt: skip
def test_it_refuses_a_malformed_claim(header: str) -> None:
    with pytest.raises(SignatureRefused, match="malformed"):
        authorization_parse(header)


def verify(headers: dict[str, str], names: list[str] | None = None, body: bytes = b"", now: datetime = NOW) -> None:
    """Sign as a good client would, and verify."""
    names = sorted(headers) if names is None else names
    signed = request("PUT", TASK, headers, body)
    complete = SignedRequest(signed.method, signed.path, signed.query, {"x-sdk-date": ""} | headers, body)
    claim = Authorization(ACCESS_KEY, tuple(names), signature(complete, names, digest_of(signed), SECRET))
    signature_verify(signed, claim, SECRET, now=now)


@pytest.mark.parametrize("minutes", [-15, 0, 15])
def test_it_accepts_a_clock_that_is_up_to_15_minutes_off(minutes: int) -> None:
    verify(WHOLE, now=NOW + timedelta(minutes=minutes))


@pytest.mark.parametrize("seconds", [-901, 901, 86400 * 365])
def test_it_refuses_an_old_or_future_date_and_says_both_times(seconds: int) -> None:
    server_time = (NOW + timedelta(seconds=seconds)).strftime("%Y%m%dT%H%M%SZ")
    with pytest.raises(SignatureRefused) as refusal:
        verify(WHOLE, now=NOW + timedelta(seconds=seconds))
    assert str(refusal.value) == (
        f"calc aksk signature fail:signature expired, signature time:20261120T145808Z,server time:{server_time}"
    )


@pytest.mark.parametrize(
    "date", ["", "20261120T145808", "2026-11-20T14:58:08Z", "20261320T145808Z", "２0261120T145808Z"]
)
def test_it_refuses_a_date_it_cannot_read(date: str) -> None:
    with pytest.raises(SignatureRefused, match="X-Sdk-Date"):
        verify(WHOLE | {"x-sdk-date": date})


def test_it_needs_nothing_but_the_date_to_be_signed() -> None:
    verify(WHOLE, names=["x-sdk-date"])
    # What the vendor's Terraform provider signs: no host, no project.
    verify(WHOLE | {"accept": "*/*"}, names=["accept", "user-agent", "x-sdk-date"])
    with pytest.raises(SignatureRefused, match="incomplete"):
        verify(WHOLE, names=["host"])


def test_it_refuses_a_signed_header_that_did_not_come() -> None:
    claim = Authorization(ACCESS_KEY, ("x-gone", "x-sdk-date"), "0" * 64)
    with pytest.raises(SignatureRefused, match="incomplete"):
        signature_verify(request("GET", TASK, WHOLE), claim, SECRET, now=NOW)


def test_an_unsigned_payload_is_for_bodies_that_are_no_json() -> None:
    unsigned = {"x-sdk-content-sha256": "UNSIGNED-PAYLOAD"}
    verify(WHOLE | unsigned | {"content-type": "text/plain"}, body=b"anything")
    for content_type in ("application/json", "Application/JSON;charset=UTF-8", ""):
        with pytest.raises(SignatureRefused, match="does not match the body"):
            verify(WHOLE | unsigned | {"content-type": content_type}, body=b"{}")


def test_a_payload_hash_must_be_the_bodys() -> None:
    verify(WHOLE | {"x-sdk-content-sha256": sha256(b"{}").hexdigest()}, body=b"{}")
    with pytest.raises(SignatureRefused, match="does not match the body"):
        verify(WHOLE | {"x-sdk-content-sha256": sha256(b"[]").hexdigest()}, body=b"{}")


# --- the vendor's own signer ---

TOKEN_TEXT = st.text(st.characters(min_codepoint=33, max_codepoint=126), min_size=1, max_size=12)
ANY_TEXT = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=12)
NAMES = st.from_regex(r"[a-z][a-z0-9-]{0,10}", fullmatch=True).map(lambda name: f"x-{name}")
CONTENT_TYPES = st.sampled_from(["application/json", "application/json;charset=UTF-8", "text/plain", None])


@st.composite
def sdk_requests(draw: Any) -> tuple[SdkRequest, bytes]:
    """A random request, signed by the vendor's signer; with the body that it was given."""
    pieces = draw(st.lists(ANY_TEXT, min_size=1, max_size=4))
    path = "/" + "/".join(Signer._url_encode(piece) for piece in pieces)
    headers = {"Host": "127.0.0.1:8000", "X-Sdk-Date": "20261120T145808Z"}
    headers |= draw(st.dictionaries(NAMES, ANY_TEXT, max_size=3))
    if content_type := draw(CONTENT_TYPES):
        headers["Content-Type"] = content_type
    body = draw(st.binary(max_size=40))
    sdk_request = SdkRequest(
        method=draw(st.sampled_from(["GET", "PUT", "POST"])),
        host="127.0.0.1:8000",
        resource_path=path,
        query_params=draw(st.lists(st.tuples(TOKEN_TEXT, ANY_TEXT), max_size=4)),
        header_params=headers,
        body=body,
    )
    return Signer(BasicCredentials(ACCESS_KEY, SECRET, PROJECT)).sign(sdk_request), body


def received(sdk_request: SdkRequest, body: bytes) -> tuple[SignedRequest, Authorization]:
    """The request as this server sees it after the wire."""
    headers = {
        name.lower(): value.encode("latin-1").decode("utf-8") for name, value in sdk_request.header_params.items()
    }
    claim = authorization_parse(headers.pop("authorization"))
    assert claim is not None
    return request(sdk_request.method, sdk_request.uri, headers, body), claim


def flipped(text: str, position: int) -> str:
    """`text` with one character changed to another one."""
    index = position % len(text)
    other = "b" if text[index] == "a" else "a"
    return text[:index] + other + text[index + 1 :]


quick = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
long = settings(max_examples=5000, deadline=None, suppress_health_check=[HealthCheck.too_slow])
parts = st.sampled_from(["method", "path", "query", "header", "body", "claim", "secret"])


def accept(signed: tuple[SdkRequest, bytes]) -> None:
    verified, claim = received(*signed)
    signature_verify(verified, claim, SECRET, now=NOW)


def refuse(signed: tuple[SdkRequest, bytes], part: str, at: int) -> None:
    """The signed request is refused once one character of the given part is another one."""
    good, claim = received(*signed)
    values: dict[str, Any] = {name: getattr(good, name) for name in ("method", "path", "query", "headers", "body")}
    secret = SECRET
    if part == "method":
        values["method"] = flipped(good.method, at)
    elif part == "path":
        values["path"] = "/" + flipped(good.path[1:] or "x", at)
    elif part == "query":
        values["query"] = [*good.query, ("q", "1")] if at % 2 else [(flipped(k, at), v) for k, v in good.query]
        assume(sorted(values["query"]) != sorted(good.query))
    elif part == "header":
        name = sorted(claim.signed_headers)[at % len(claim.signed_headers)]
        assume(good.headers[name].strip())
        values["headers"] = {**good.headers, name: flipped(good.headers[name].strip(), at)}
    elif part == "body":
        assume("x-sdk-content-sha256" not in good.headers)
        values["body"] = good.body + b" " if at % 2 or not good.body else bytes([good.body[0] ^ 1]) + good.body[1:]
    elif part == "claim":
        claim = Authorization(claim.access_key, claim.signed_headers, flipped(claim.signature, at))
    else:
        secret = flipped(SECRET, at)
    with pytest.raises(SignatureRefused):
        signature_verify(SignedRequest(**values), claim, secret, now=NOW)


@quick
@given(sdk_requests())
def test_it_accepts_whatever_the_vendors_signer_signs(signed: tuple[SdkRequest, bytes]) -> None:
    accept(signed)


@quick
@given(sdk_requests(), parts, st.integers(0))
def test_it_refuses_a_request_with_any_changed_byte(signed: tuple[SdkRequest, bytes], part: str, at: int) -> None:
    refuse(signed, part, at)


@pytest.mark.soak
@long
@given(sdk_requests())
def test_it_accepts_thousands_of_signed_requests(signed: tuple[SdkRequest, bytes]) -> None:
    accept(signed)


@pytest.mark.soak
@long
@given(sdk_requests(), parts, st.integers(0))
def test_it_refuses_thousands_of_changed_requests(signed: tuple[SdkRequest, bytes], part: str, at: int) -> None:
    refuse(signed, part, at)
