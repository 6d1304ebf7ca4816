"""Lists and exports compressed as the caller asks, zstd before gzip; docs/decisions/compression.md says why."""

import zlib
from collections.abc import Callable, Iterable, Iterator
from typing import Any, Protocol

import zstandard
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.cache import patch_vary_headers

# Below this an answer fits one network packet anyway.
MIN_SIZE = 1000
TYPES = frozenset({"application/json", "application/xml", "text/xml", "text/csv", "text/plain"})


class Compressor(Protocol):
    def compress(self, data: bytes, /) -> bytes: ...
    def flush(self) -> bytes: ...


# The quickest levels: they shrink JSON to a tenth already, and the processor is dearer than the wire.
ENCODINGS: dict[str, Callable[[], Compressor]] = {
    "zstd": lambda: zstandard.ZstdCompressor(level=1).compressobj(),
    "gzip": lambda: zlib.compressobj(1, zlib.DEFLATED, 16 + zlib.MAX_WBITS),
}


class CompressionMiddleware:
    """Compresses what a GET of JSON, XML or text is answered with, whole or streamed."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if not compressible(request, response):
            return response
        patch_vary_headers(response, ("Accept-Encoding",))
        encoding = preferred(request.META.get("HTTP_ACCEPT_ENCODING", ""))
        if encoding:
            compress(response, encoding)
        return response


def compressible(request: HttpRequest, response: Any) -> bool:
    headers = response.headers
    return (
        request.method == "GET"
        and response.status_code == 200
        and headers.get("Content-Type", "").partition(";")[0] in TYPES
        and "Content-Encoding" not in headers
        and "no-store" not in headers.get("Cache-Control", "")
        and not request.path_info.startswith("/admin/")
        and (response.streaming or len(response.content) >= MIN_SIZE)
    )


def preferred(accept: str) -> str | None:
    """The best of our encodings that the Accept-Encoding header allows; "gzip;q=0" forbids, "*" allows every one."""
    allowed: dict[str, float] = {}
    for part in accept.lower().split(","):
        name, _, weight = part.partition(";")
        allowed[name.strip()] = _weight(weight)
    rest = allowed.get("*", 0.0)
    return next((name for name in ENCODINGS if allowed.get(name, rest) > 0), None)


def _weight(text: str) -> float:
    name, _, value = text.strip().partition("=")
    try:
        return float(value) if name == "q" else 1.0
    except ValueError:
        return 0.0


def compress(response: Any, encoding: str) -> None:
    compressor = ENCODINGS[encoding]()
    if response.streaming:
        response.streaming_content = _pieces(response.streaming_content, compressor)
        response.headers.pop("Content-Length", None)
    else:
        response.content = compressor.compress(response.content) + compressor.flush()
        response.headers["Content-Length"] = str(len(response.content))
    response.headers["Content-Encoding"] = encoding
    etag = response.headers.get("ETag", "")
    if etag.startswith('"'):
        # Other bytes under the same name: equal in meaning only.
        response.headers["ETag"] = f"W/{etag}"


def _pieces(chunks: Iterable[bytes], compressor: Compressor) -> Iterator[bytes]:
    for chunk in chunks:
        piece = compressor.compress(chunk)
        if piece:
            yield piece
    yield compressor.flush()
