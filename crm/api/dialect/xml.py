"""XML as ONLYOFFICE prints and reads it.

The vendor turns its finished JSON into XML with Json.NET, so an answer is described by one value
of dicts, lists and scalars and printed either way. What XML 1.0 cannot hold (control characters,
U+FFFE, U+FFFF) never gets into the database, see `crm.text.text_checked`; the
renderer replaces it all the same, so that an answer can always be parsed.
"""

from collections.abc import Iterator
from typing import Any
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import DefusedXMLParser

from core.api.errors import Invalid
from crm.text import UNPRINTABLE

# A parser reads a bare carriage return as a line feed, so it is printed as a reference.
ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#xD;"})
DEEPEST = 32


def xml_text(value: dict[str, Any]) -> str:
    """`<result>…</result>` for an envelope, without declaration, indentation or attributes."""
    return "".join(_element("result", value))


def _element(name: str, value: Any) -> Iterator[str]:
    """A list repeats its element, an empty list has none; null and {} are `<x />`."""
    if isinstance(value, list):
        for item in value:
            yield from _element(name, item)
    elif value is None or value == {}:
        yield f"<{name} />"
    elif isinstance(value, dict):
        yield f"<{name}>"
        for key, member in value.items():
            yield from _element(key, member)
        yield f"</{name}>"
    else:
        yield f"<{name}>{_scalar(value)}</{name}>"


def _scalar(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return UNPRINTABLE.sub("\ufffd", str(value)).translate(ESCAPES)


def xml_members(document: bytes) -> Iterator[tuple[str, str]]:
    """Name and text of each child of the root: the parameters of a text/xml body.

    A child with children of its own is a list, each grandchild one value of it.
    Invalid for a document that does not parse, declares a DTD or an entity, or is nested too deep.
    """
    for child in _root(document):
        name = child.tag.rpartition("}")[2]
        for item in child if len(child) else (child,):
            yield name, item.text or ""


def _root(document: bytes) -> Element:
    parser = _ShallowParser(forbid_dtd=True, forbid_entities=True, forbid_external=True)
    try:
        parser.feed(document)
        return parser.close()
    except DefusedXmlException as error:
        raise Invalid("For security reasons DTD is prohibited in this XML document.", code="xml") from error
    except (ParseError, LookupError, ValueError) as error:
        raise Invalid(str(error), code="xml") from error


class _TooDeep(ValueError):
    pass


class _ShallowParser(DefusedXMLParser):
    """Counts open elements while parsing, so a deep document never becomes a deep tree."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        self.depth = 0
        start, end = self.parser.StartElementHandler, self.parser.EndElementHandler

        def deeper(*args: Any) -> None:
            self.depth += 1
            if self.depth > DEEPEST:
                raise _TooDeep(f"The document is nested deeper than {DEEPEST} elements.")
            start(*args)

        def back(*args: Any) -> None:
            self.depth -= 1
            end(*args)

        self.parser.StartElementHandler, self.parser.EndElementHandler = deeper, back
