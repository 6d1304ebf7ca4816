"""Bodies in. What no database could store or no code should walk is refused here, naming the field."""

from collections.abc import Iterator
from typing import IO, Any

import orjson
from django.http import HttpRequest
from rest_framework.parsers import BaseParser, FormParser, MultiPartParser

from core.api.errors import Invalid, TooLarge

__all__ = ["FormParser", "MultiPartParser", "OrjsonParser", "body_read", "json_parse"]

# orjson itself stops at 1,024; no vendor's object comes near this.
MAX_DEPTH = 64


def body_read(request: HttpRequest, limit: int) -> bytes:
    """The raw body; TooLarge by its announced length, before a byte of it is read."""
    try:
        length = int(request.META.get("CONTENT_LENGTH") or 0)
    except ValueError:
        length = 0
    if length > limit:
        raise TooLarge(f"The request body is larger than {limit} bytes.")
    return request.body


def json_parse(data: bytes) -> Any:
    """The JSON value in `data` (None for an empty body).

    Invalid when it is no JSON (NaN and infinite numbers are none), nested deeper than MAX_DEPTH, or holds a NUL.
    """
    if not data.strip():
        return None
    if data.count(b"[") + data.count(b"{") > MAX_DEPTH:
        _depth_check(data)
    try:
        value = orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise Invalid(f"The request body is not valid JSON: {error}", code="json") from error
    # The walk costs more than the parsing: only bodies that spell a NUL are walked (orjson refuses a raw one).
    if b"\\u0000" in data:
        _nul_check(value)
    return value


def _depth_check(data: bytes) -> None:
    depth = 0
    in_string = escaped = False
    for byte in data:
        if in_string:
            if escaped:
                escaped = False
            elif byte == 0x5C:
                escaped = True
            elif byte == 0x22:
                in_string = False
        elif byte == 0x22:
            in_string = True
        elif byte in b"[{":
            depth += 1
            if depth > MAX_DEPTH:
                raise Invalid(f"The request body is nested deeper than {MAX_DEPTH} levels.", code="json")
        elif byte in b"]}":
            depth -= 1


def _nul_check(value: Any) -> None:
    for path, leaf in _leaves(value):
        if isinstance(leaf, str) and "\x00" in leaf:
            raise Invalid(f"The {path} field holds a NUL character.", field=path)


def _leaves(value: Any) -> Iterator[tuple[str, Any]]:
    """Every scalar with its dotted path; iterative, as the depth is the sender's choice."""
    stack: list[tuple[str, Any]] = [("", value)]
    while stack:
        path, item = stack.pop()
        if isinstance(item, dict):
            for key, child in item.items():
                name = f"{path}.{key}" if path else key
                if "\x00" in key:
                    raise Invalid("A field name holds a NUL character.", field=name.replace("\x00", ""))
                stack.append((name, child))
        elif isinstance(item, list):
            stack.extend((f"{path}.{index}" if path else str(index), child) for index, child in enumerate(item))
        else:
            yield path, item


class OrjsonParser(BaseParser):
    """application/json by orjson, within the dialect's limits."""

    media_type = "application/json"

    def parse(self, stream: IO[bytes], media_type: str | None = None, parser_context: Any = None) -> Any:
        view, request = parser_context["view"], parser_context["request"]
        return json_parse(body_read(request._request, view.dialect.max_body))
