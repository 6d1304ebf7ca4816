"""The one bag of parameters that ONLYOFFICE makes of route, query string and body.

Names are compared without case, the first value of a name wins, and `name=1&name=2`, `name[]=1`,
`name[0]=1` and a JSON array all make a list. JSON is read from `application/json`, XML from
`text/xml`, and every other body is a form (not on GET). An absent, empty or null value is the
default of its type; any other value that does not convert is a 400 with .NET's own text.
"""

import re
from codecs import BOM_UTF8
from collections.abc import Iterable, Iterator
from datetime import datetime, tzinfo
from decimal import Decimal
from enum import IntEnum
from io import BytesIO
from typing import Any
from uuid import UUID

from django.core.exceptions import SuspiciousOperation
from django.http import HttpRequest, QueryDict
from django.http.multipartparser import MultiPartParser, MultiPartParserError

from core.api.errors import Invalid
from core.api.parsers import body_read, json_parse
from crm.api.dialect.dates import moment_parse
from crm.api.dialect.xml import xml_members
from crm.text import text_checked

INDEXED = re.compile(r"\[\d*\]$", re.ASCII)
INTEGER = re.compile(r"[+-]?\d{1,20}", re.ASCII)
DECIMAL = re.compile(r"[+-]?\d{1,28}(\.\d{1,28})?", re.ASCII)
GUID = re.compile(
    r"[0-9a-f]{32}|(?P<open>[{(])?[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}(?(open)[})])", re.IGNORECASE | re.ASCII
)
NIL = UUID(int=0)
# More than any list needs, and less than any database takes in one statement.
MOST_VALUES = 1000
JSON, XML = "application/json", "text/xml"


class Parameters:
    """All inputs of a call, with one method for each type of the vendor."""

    def __init__(self, *sources: Iterable[tuple[str, str]], zone: tzinfo) -> None:
        self.zone = zone
        self.values: dict[str, list[str]] = {}
        for source in sources:
            for name, value in source:
                self.values.setdefault(INDEXED.sub("", name).lower(), []).append(value)

    def text(self, name: str) -> str | None:
        """None when the parameter is missing, "" when it is empty or null."""
        texts = self.texts(name)
        return texts[0] if texts else None

    def texts(self, name: str) -> list[str]:
        values = self.values.get(name.lower(), [])
        if len(values) > MOST_VALUES:
            raise Invalid(f"{name}: at most {MOST_VALUES} values.", code="argument")
        return [text_checked(value, field=name) for value in values]

    def integer(self, name: str) -> int:
        return integer_parse(self.text(name) or "0")

    def integers(self, name: str) -> list[int]:
        return [integer_parse(text) for text in self.texts(name) if text]

    def long(self, name: str) -> int:
        return integer_parse(self.text(name) or "0", bits=64)

    def decimal(self, name: str) -> Decimal:
        text = (self.text(name) or "0").strip()
        if not DECIMAL.fullmatch(text):
            raise Invalid("Input string was not in a correct format.", code="format")
        return Decimal(text)

    def boolean(self, name: str) -> bool:
        return self.boolean_or_none(name) or False

    def boolean_or_none(self, name: str) -> bool | None:
        text = (self.text(name) or "").strip().lower()
        if text not in ("", "true", "false"):
            raise Invalid("String was not recognized as a valid Boolean.", code="format")
        return text == "true" if text else None

    def guid(self, name: str) -> UUID:
        return guid_parse(self.text(name) or "")

    def guids(self, name: str) -> list[UUID]:
        return [guid_parse(text) for text in self.texts(name) if text]

    def moment(self, name: str) -> datetime | None:
        text = self.text(name)
        return moment_parse(text, self.zone) if text else None

    def choice(self, name: str, choices: type[IntEnum]) -> int:
        """An enum member by its name in any case or its number; the number 0 when missing."""
        text = self.text(name) or "0"
        named = {choice.name.replace("_", "").lower(): choice.value for choice in choices}
        number = named[text.lower()] if text.lower() in named else integer_parse(text)
        if number not in named.values():
            raise Invalid(field=name)
        return number


def integer_parse(text: str, bits: int = 32) -> int:
    if INTEGER.fullmatch(text.strip()) and -(1 << bits - 1) <= (number := int(text)) < 1 << bits - 1:
        return number
    raise Invalid("Input string was not in a correct format.", code="format")


def guid_parse(text: str) -> UUID:
    """Any .NET form: dashed, in braces or parentheses, or 32 digits; "" is the all-zero GUID."""
    if not text:
        return NIL
    if not GUID.fullmatch(text.strip()):
        raise Invalid("Unrecognized Guid format.", code="format")
    return UUID(text.strip().strip("()"))


def query_members(query: QueryDict) -> Iterator[tuple[str, str]]:
    for name, values in query.lists():
        for value in values:
            yield name, str(value)


def body_members(request: HttpRequest, limit: int) -> Iterable[tuple[str, str]]:
    """The parameters in the body of a request; TooLarge above `limit` bytes, Invalid when it cannot be read."""
    if request.content_type == JSON:
        # .NET's writers begin a text with the mark.
        return json_members(json_parse(body_read(request, limit).removeprefix(BOM_UTF8)))
    if request.content_type == XML:
        body = body_read(request, limit)
        return xml_members(body) if body else ()
    return form_members(request, limit)


def form_members(request: HttpRequest, limit: int) -> list[tuple[str, str]]:
    """Fields of an urlencoded or multipart body of any verb but GET; files are left aside. Read once per request."""
    if request.method == "GET" or request.content_type in (JSON, XML):
        return []
    fields = getattr(request, "portal_form", None)
    if fields is None:
        fields = request.portal_form = list(query_members(_form(request, body_read(request, limit))))  # type: ignore[attr-defined]
    return fields


def _form(request: HttpRequest, body: bytes) -> QueryDict:
    try:
        if request.content_type == "multipart/form-data":
            return MultiPartParser(request.META, BytesIO(body), request.upload_handlers, "utf-8").parse()[0]
        return QueryDict(body, encoding="utf-8")
    except (MultiPartParserError, SuspiciousOperation) as error:
        raise Invalid(str(error), code="argument") from error


def json_members(document: Any) -> Iterator[tuple[str, str]]:
    if not isinstance(document, dict | None):
        raise Invalid("Error reading JObject from JsonReader. The body is not a JSON object.", code="json")
    for name, value in (document or {}).items():
        for item in value if isinstance(value, list) else (value,):
            if not isinstance(item, dict | list):
                yield name, _json_text(item)


def _json_text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        # As digits: 5.0 is an integer, and small numbers have no exponent.
        return str(int(value)) if value.is_integer() else f"{Decimal(repr(value)):f}"
    return str(value)
