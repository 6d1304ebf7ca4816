"""Signed messages to the engine (Standard Webhooks), to an address that was checked and is then used as it is.

The address comes from a form, so a delivery must not become a way into the server's own network: the host is resolved
once, every address of it must be public (unless settings.WEBHOOK_ALLOW_PRIVATE), the connection goes to the address
that was checked, and a redirect is an answer like any other refusal.
"""

import http.client
import ipaddress
import socket
import ssl
from datetime import UTC, datetime
from urllib.parse import SplitResult, urlsplit

from django.conf import settings
from standardwebhooks import Webhook

TIMEOUT = 10  # seconds, for connecting and for each read

# Reaches IPv4 through translators: the embedded address could be a private one.
_NAT64 = ipaddress.ip_network("64:ff9b::/96")


class DeliveryFailed(Exception):
    """The engine did not take the message; trying again later may help."""


class TargetRefused(DeliveryFailed):
    """The target is no address that messages may go to."""


def target_parse(url: str) -> SplitResult:
    """The parts of a webhook address; raises TargetRefused for anything but plain http(s)."""
    try:
        target = urlsplit(url)
        port = target.port
    except ValueError:
        raise TargetRefused("the address is malformed") from None
    if target.scheme not in ("http", "https") or not target.hostname or port == 0:
        raise TargetRefused("the address must start with http:// or https:// and name a host")
    if target.username is not None or target.password is not None:
        raise TargetRefused("the address must not carry credentials")
    return target


def target_resolve(target: SplitResult) -> str:
    """The IP address to connect to; raises TargetRefused when any address of the host is private."""
    port = target.port or (443 if target.scheme == "https" else 80)
    try:
        found = socket.getaddrinfo(target.hostname, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        raise DeliveryFailed(f"the host {target.hostname} cannot be resolved") from None
    addresses = [str(entry[4][0]) for entry in found]
    if not settings.WEBHOOK_ALLOW_PRIVATE and not all(is_public(address) for address in addresses):
        raise TargetRefused(f"the host {target.hostname} lies in a private network")
    return addresses[0]


def is_public(address: str) -> bool:
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        embedded = ip.ipv4_mapped or ip.sixtofour or (ip.teredo and ip.teredo[1])
        if embedded:
            return is_public(str(embedded))
        if ip in _NAT64:
            return False
    return ip.is_global and not ip.is_multicast


def message_send(*, url: str, secret: str, message_id: str, body: bytes) -> None:
    """POST `body`, signed; raises DeliveryFailed unless the answer is 2xx."""
    target = target_parse(url)
    connection = _connection(target, target_resolve(target))
    path = (target.path or "/") + (f"?{target.query}" if target.query else "")
    try:
        connection.request("POST", path, body=body, headers=message_headers(secret, message_id, body))
        status = connection.getresponse().status
    except (OSError, http.client.HTTPException) as error:
        raise DeliveryFailed(f"no answer: {type(error).__name__}") from error
    finally:
        connection.close()
    if not 200 <= status < 300:
        raise DeliveryFailed(f"the answer was {status}")


def message_headers(secret: str, message_id: str, body: bytes) -> dict[str, str]:
    now = datetime.now(UTC)
    return {
        "Content-Type": "application/json",
        "User-Agent": "Taskyard",
        "webhook-id": message_id,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": Webhook(secret).sign(message_id, now, body.decode()),
    }


def _connection(target: SplitResult, address: str) -> http.client.HTTPConnection:
    host = target.hostname or ""
    if target.scheme == "https":
        return _PinnedHTTPSConnection(host, target.port, address)
    return _PinnedHTTPConnection(host, target.port, address)


class _PinnedHTTPConnection(http.client.HTTPConnection):
    """Speaks to `address` while the Host header names the host."""

    def __init__(self, host: str, port: int | None, address: str):
        super().__init__(host, port, timeout=TIMEOUT)
        self.address = address

    def connect(self) -> None:
        self.sock = socket.create_connection((self.address, self.port), self.timeout)


class _PinnedHTTPSConnection(http.client.HTTPSConnection):
    """The same over TLS; the certificate must be the host's."""

    def __init__(self, host: str, port: int | None, address: str):
        self.tls = ssl.create_default_context()
        super().__init__(host, port, timeout=TIMEOUT, context=self.tls)
        self.address = address

    def connect(self) -> None:
        plain = socket.create_connection((self.address, self.port), self.timeout)
        self.sock = self.tls.wrap_socket(plain, server_hostname=self.host)
