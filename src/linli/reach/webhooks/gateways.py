"""The way out: one POST to an address that was checked, within a limit of time, following nothing."""

from __future__ import annotations

import http.client
import socket
import ssl
import threading
from collections.abc import Mapping
from contextlib import suppress
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

from linli.reach.webhooks import rules
from linli.reach.webhooks.rules import Outcome

CONNECT_S = 3.0
TOTAL_S = 10.0
"""From the first byte out to the last header in; a receiver that drips is hung up on."""
AGENT = "Linli-Webhooks/1"


def may_go_inside() -> bool:
    """This will tell whether the house's own net may be called: in tests and the demo only, never in `linli serve`."""
    return bool(settings.WEBHOOKS_INSIDE)


def post(url: str, *, headers: Mapping[str, str], body: bytes) -> Outcome:
    """This will send one message and give what came of it; it raises nothing."""
    inside = may_go_inside()
    if rules.url_fault(url, inside=inside):
        return Outcome(0, "bad address")
    parts = urlsplit(url)
    try:
        address, port = _resolved(parts)
    except (OSError, UnicodeError):
        return Outcome(0, "unknown host")
    if not inside and not rules.all_public(address):
        return Outcome(0, "not public")
    try:
        return _sent(parts, address[0], port, headers, body)
    except TimeoutError:
        return Outcome(0, "timeout")
    except ssl.SSLError:
        return Outcome(0, "certificate")
    except (OSError, http.client.HTTPException, ValueError):
        return Outcome(0, "no answer")


def _resolved(parts: SplitResult) -> tuple[list[str], int]:
    port = parts.port or (443 if parts.scheme == "https" else 80)
    found = socket.getaddrinfo(parts.hostname, port, type=socket.SOCK_STREAM)
    return [str(sockaddr[0]) for *_, sockaddr in found], port


def _sent(parts: SplitResult, address: str, port: int, headers: Mapping[str, str], body: bytes) -> Outcome:
    """Connected to the very address that was checked: a name that resolves otherwise a moment later changes nothing."""
    line = socket.create_connection((address, port), timeout=CONNECT_S)
    hung_up = threading.Event()

    def hang_up() -> None:
        hung_up.set()
        with suppress(OSError):
            line.shutdown(socket.SHUT_RDWR)

    limit = threading.Timer(TOTAL_S, hang_up)
    limit.daemon = True
    limit.start()
    try:
        line.settimeout(TOTAL_S)
        if parts.scheme == "https":
            line = ssl.create_default_context().wrap_socket(line, server_hostname=parts.hostname)
        speaking = http.client.HTTPConnection(str(parts.hostname), port)
        speaking.sock = line
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        sent = {**headers, "Host": parts.netloc, "User-Agent": AGENT, "Connection": "close"}
        speaking.request("POST", target, body, sent)
        return Outcome(speaking.getresponse().status)  # the body is not read: nothing in it concerns us
    except (OSError, http.client.HTTPException):
        if hung_up.is_set():
            raise TimeoutError from None
        raise
    finally:
        limit.cancel()
        line.close()
