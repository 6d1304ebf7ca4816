"""A keep-alive HTTP client that costs almost nothing itself, and the loop that measures sides in turn."""

import json
import socket
import statistics
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: Any = None


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str]
    body: bytes

    def json(self) -> Any:
        return json.loads(self.body)


class Link:
    """One connection to a server."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self.host = f"{parts.hostname}:{parts.port or 80}"
        self.prefix = parts.path.rstrip("/")
        self.socket = socket.create_connection((parts.hostname, parts.port or 80))
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def prepared(self, request: Request) -> bytes:
        body = b"" if request.body is None else json.dumps(request.body).encode()
        lines = [f"{request.method} {self.prefix}{request.path} HTTP/1.1", f"Host: {self.host}"]
        lines += [f"{name}: {value}" for name, value in request.headers.items()]
        if body:
            lines += ["Content-Type: application/json", f"Content-Length: {len(body)}"]
        return "\r\n".join([*lines, "", ""]).encode() + body

    def send(self, data: bytes) -> Answer:
        self.socket.sendall(data)
        received = bytearray()
        while (end := received.find(b"\r\n\r\n")) < 0:
            received += self._more()
        first, *lines = received[:end].decode("latin-1").split("\r\n")
        status = int(first.split()[1])
        headers = {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}
        rest = received[end + 4 :]
        if headers.get("transfer-encoding") == "chunked":
            return Answer(status, headers, self._chunks(rest))
        length = 0 if status in {204, 304} else int(headers.get("content-length", "0"))
        pieces, size = [bytes(rest)], len(rest)
        while size < length:
            pieces.append(self._more())
            size += len(pieces[-1])
        return Answer(status, headers, b"".join(pieces))

    def _chunks(self, rest: bytearray) -> bytes:
        while not rest.endswith(b"0\r\n\r\n"):
            rest += self._more()
        body, place = [], 0
        while True:
            end = rest.index(b"\r\n", place)
            size = int(rest[place:end], 16)
            if size == 0:
                return b"".join(body)
            body.append(bytes(rest[end + 2 : end + 2 + size]))
            place = end + 4 + size

    def _more(self) -> bytes:
        data = self.socket.recv(1 << 20)
        if not data:
            raise ConnectionError("the server closed the connection")
        return data

    def ask(self, request: Request) -> Answer:
        answer = self.send(self.prepared(request))
        if answer.status >= 400:
            raise AssertionError(f"{request.method} {request.path} → {answer.status} {answer.body[:500]!r}")
        return answer


Side = Callable[[int], None]


def alternate(sides: Mapping[str, Side], *, rounds: int, count: int, seconds: float) -> dict[str, list[float]]:
    """Seconds of each call of each side. In every round each side has its turn: `count` calls, or as many as fit."""
    times: dict[str, list[float]] = {name: [] for name in sides}
    number = 0
    for _ in range(rounds):
        for name, side in sides.items():
            end = time.perf_counter() + seconds
            for _ in range(count):
                number += 1
                begin = time.perf_counter()
                side(number)
                done = time.perf_counter()
                times[name].append(done - begin)
                if done > end:
                    break
    return times


def requester(link: Link, make: Callable[[int], Request]) -> Side:
    """A side that sends a request; that the answer is good is checked too."""

    def side(number: int) -> None:
        link.ask(make(number))

    return side


def median_ms(times: list[float]) -> float:
    return statistics.median(times) * 1000
