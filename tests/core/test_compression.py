"""Compression of lists and exports: what is compressed, how, and what never is."""

import gzip
import json
import zlib

import pytest
import zstandard
from django.http import HttpResponse, JsonResponse, StreamingHttpResponse
from django.test import Client
from django.urls import path

from core.compression import preferred

ROWS = [{"id": number, "name": f"Visit {number}"} for number in range(2000)]
BODY = json.dumps(ROWS).encode()
closed = []


def whole(request):
    return HttpResponse(BODY, content_type="application/json; charset=utf-8", headers={"ETag": '"7"'})


def stream(request):
    def pieces():
        try:
            for start in range(0, len(BODY), 4096):
                yield BODY[start : start + 4096]
        finally:
            closed.append(True)

    return StreamingHttpResponse(pieces(), content_type="application/json")


def secret(request):
    return JsonResponse({"token": "x" * 5000}, headers={"Cache-Control": "no-store"})


urlpatterns = [
    path("whole", whole),
    path("admin/whole", whole),
    path("stream", stream),
    path("secret", secret),
    path("short", lambda _: JsonResponse({"status": True})),
    path("picture", lambda _: HttpResponse(b"x" * 5000, content_type="image/jpeg")),
    path("events", lambda _: StreamingHttpResponse([b"x" * 5000], content_type="text/event-stream")),
    path("missing", lambda _: JsonResponse({"message": "x" * 5000}, status=404)),
]


@pytest.fixture(autouse=True)
def _routes(settings):
    settings.ROOT_URLCONF = __name__
    closed.clear()


def get(url, accept, method="get"):
    return getattr(Client(), method)(url, headers={"accept-encoding": accept})


def body(response):
    return b"".join(response.streaming_content) if response.streaming else response.content


def zstd_read(data):
    return zstandard.ZstdDecompressor().decompressobj().decompress(data)


@pytest.mark.parametrize("url", ["/whole", "/stream"])
@pytest.mark.parametrize(("encoding", "read"), [("gzip", gzip.decompress), ("zstd", zstd_read)])
def test_it_compresses_whole_answers_and_streams(url, encoding, read):
    response = get(url, encoding)
    data = body(response)

    assert response["Content-Encoding"] == encoding
    assert response["Vary"] == "Accept-Encoding"
    assert read(data) == BODY
    assert len(data) < len(BODY) / 4


def test_a_whole_answer_says_its_length_and_a_stream_says_none():
    assert get("/whole", "gzip")["Content-Length"] == str(len(get("/whole", "gzip").content))
    assert "Content-Length" not in get("/stream", "gzip").headers


def test_a_stream_is_passed_on_piece_by_piece_and_closed():
    response = get("/stream", "gzip")
    first = next(iter(response.streaming_content))

    assert zlib.decompressobj(31).decompress(first) in BODY
    response.close()
    assert closed


def test_a_compressed_answer_has_a_weak_etag():
    assert get("/whole", "gzip")["ETag"] == 'W/"7"'
    assert get("/whole", "")["ETag"] == '"7"'


@pytest.mark.parametrize("url", ["/short", "/picture", "/events", "/secret", "/missing", "/admin/whole"])
def test_it_leaves_alone_what_is_short_secret_compressed_or_an_error(url):
    response = get(url, "gzip, zstd")

    assert "Content-Encoding" not in response.headers


def test_it_leaves_answers_to_writes_alone():
    assert "Content-Encoding" not in get("/whole", "gzip", method="post").headers


@pytest.mark.parametrize(
    ("accept", "encoding"),
    [
        ("", None),
        ("identity", None),
        ("gzip", "gzip"),
        ("GZIP, deflate, br", "gzip"),
        ("gzip, deflate, br, zstd", "zstd"),
        ("gzip;q=1.0, zstd;q=0.5", "zstd"),
        ("zstd;q=0, gzip", "gzip"),
        ("*", "zstd"),
        ("*;q=0", None),
        ("gzip;q=nonsense", None),
        (",;,=", None),
    ],
)
def test_the_caller_chooses(accept, encoding):
    assert preferred(accept) == encoding
