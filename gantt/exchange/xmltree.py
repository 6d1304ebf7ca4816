"""A small XML reader whose nodes know their line, on defusedxml: no entities, no DTD, bounded depth."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import dataclass, field
from xml.sax import SAXParseException
from xml.sax.handler import ContentHandler
from xml.sax.saxutils import escape
from xml.sax.xmlreader import Locator

from defusedxml import DefusedXmlException
from defusedxml.expatreader import DefusedExpatParser

from .plan import PlanError

MAX_DEPTH = 40
# What XML 1.0 cannot hold, not even as a reference.
FORBIDDEN = dict.fromkeys([*range(9), 11, 12, *range(14, 32), *range(0xD800, 0xE000), 0xFFFE, 0xFFFF])


@dataclass(slots=True)
class Node:
    name: str
    line: int
    text: str = ""
    children: list[Node] = field(default_factory=list)

    def all(self, name: str) -> Iterator[Node]:
        return (child for child in self.children if child.name == name)

    def first(self, name: str) -> Node | None:
        return next(self.all(name), None)

    def value(self, name: str, default: str = "") -> str:
        child = self.first(name)
        return default if child is None else child.text

    def path(self, *names: str) -> list[Node]:
        nodes = [self]
        for name in names:
            nodes = [child for node in nodes for child in node.all(name)]
        return nodes


class _Builder(ContentHandler):
    def __init__(self) -> None:
        self.root: Node | None = None
        self._open: list[tuple[Node, list[str]]] = []
        self._locator: Locator | None = None

    def setDocumentLocator(self, locator: Locator) -> None:
        self._locator = locator

    def startElement(self, name: str, attrs: object) -> None:
        line = (self._locator.getLineNumber() if self._locator else 0) or 0
        node = Node(name.rpartition(":")[2], line)
        if len(self._open) >= MAX_DEPTH:
            raise PlanError(f"line {line}", f"Elements are nested more than {MAX_DEPTH} deep.")
        if self._open:
            self._open[-1][0].children.append(node)
        else:
            self.root = node
        self._open.append((node, []))

    def characters(self, content: str) -> None:
        self._open[-1][1].append(content)

    def endElement(self, name: str) -> None:
        node, parts = self._open.pop()
        if not node.children:
            node.text = "".join(parts)


def parse(data: bytes) -> Node:
    """Raises PlanError naming the line for anything that is no plain, well-formed document."""
    builder = _Builder()
    parser = DefusedExpatParser(forbid_dtd=True)
    parser.setContentHandler(builder)
    try:
        parser.parse(io.BytesIO(data))
    except SAXParseException as error:
        raise PlanError(f"line {error.getLineNumber()}", f"No XML: {error.getMessage()}.") from None
    except DefusedXmlException:
        raise PlanError("", "The file declares a document type or entities; such XML is refused.") from None
    except (LookupError, UnicodeError, ValueError) as error:
        if isinstance(error, PlanError):
            raise
        raise PlanError("", "The encoding of the file cannot be read.") from None
    if builder.root is None:
        raise PlanError("", "The file is empty.")
    return builder.root


def element(name: str, value: object) -> str:
    """`<name>value</name>`; carriage returns survive as references, characters that XML cannot hold are dropped."""
    text = escape(str(value).translate(FORBIDDEN), {"\r": "&#13;"})
    return f"<{name}>{text}</{name}>"
