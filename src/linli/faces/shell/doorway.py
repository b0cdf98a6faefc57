"""The doorway every request passes: its voice, its size, where it was sent from, what the browser may do, one log line.

A change must come from a page of ours: browsers say so themselves (`Sec-Fetch-Site`, else `Origin`), so there is no
token in any form and a page that is the same for everybody can be shared (docs/decisions, cross-site requests).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from urllib.parse import urlsplit

import structlog
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase

from linli.faces.shell import voice
from linli.faces.shell.answers import AskedFromElsewhere, TooLarge, new_reference, refused
from linli.faces.shell.clock import now
from linli.faces.shell.requests import Htmx, PublicRequest
from linli.spine.scope import GUEST

_log = structlog.get_logger()
_QUIET = frozenset({"healthz", "readyz"})
_MOST_NAMES = 64
_our_names: set[str] = set()


class Doorway:
    """Django middleware; the only one."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self._go_in = get_response
        self._headers = security_headers()

    def __call__(self, http: HttpRequest) -> HttpResponseBase:
        began = time.perf_counter()
        http.reference = new_reference()  # type: ignore[attr-defined]
        voice.speak(locale_of(http.META), at=now())
        try:
            response = turned_away(http) or self._go_in(http)
        finally:
            voice.hush()
        for name, value in self._headers:
            response.setdefault(name, value)
        note(http, _name_of(http), response.status_code, time.perf_counter() - began)
        return response


def locale_of(environ: Mapping[str, str]) -> str:
    """This will tell in which language somebody is answered."""
    return voice.locale_for(environ.get("HTTP_COOKIE", ""), environ.get("HTTP_ACCEPT_LANGUAGE", ""))


def turned_away(http: HttpRequest) -> HttpResponse | None:
    """This will refuse what no page should have to look at: another house's name, a flood, a change from elsewhere."""
    _insist_on_our_name(http)
    if http.method in ("GET", "HEAD", "OPTIONS"):
        return None
    refusal: AskedFromElsewhere | TooLarge
    if int(http.META.get("CONTENT_LENGTH") or 0) > settings.BODY_MOST:
        refusal = TooLarge()
    elif not comes_from_here(http):
        refusal = AskedFromElsewhere()
    else:
        return None
    return refused(PublicRequest(http=http, scope=GUEST, at=now(), htmx=Htmx.of(http)), refusal)


def _insist_on_our_name(http: HttpRequest) -> None:
    """A name that is not ours is refused whatever is asked, by Django's 400; one that was let through is known."""
    name = http.META.get("HTTP_HOST", "")
    if name not in _our_names:
        http.get_host()
        if name and len(_our_names) < _MOST_NAMES:
            _our_names.add(name)


def comes_from_here(http: HttpRequest) -> bool:
    """This will tell whether a change was asked for by a page of ours.

    A program says neither where it comes from nor carries cookies; without them there is nothing to borrow, so the
    JSON face and call-backs need no such proof.
    """
    site, origin = http.META.get("HTTP_SEC_FETCH_SITE"), http.META.get("HTTP_ORIGIN")
    if site is not None:
        return site in ("same-origin", "none")
    if origin is not None:
        return urlsplit(origin).netloc == http.get_host() or origin in settings.CSRF_TRUSTED_ORIGINS
    return not http.META.get("HTTP_COOKIE")


def security_headers() -> tuple[tuple[str, str], ...]:
    """This will list what every answer tells the browser not to allow."""
    streets = urlsplit(settings.MAP_TILES)
    tiles = f" {streets.scheme}://{streets.netloc}" if streets.netloc else ""
    forms = " ".join(("'self'", *settings.PAY_ORIGINS))
    told = " ".join(("'self'", *_live_places()))
    policy = (
        f"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:{tiles}; "
        f"connect-src {told}; font-src 'self'; manifest-src 'self'; form-action {forms}; base-uri 'none'; "
        "frame-ancestors 'none'"
    )
    headers = [
        ("Content-Security-Policy", policy),
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "same-origin"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Permissions-Policy", "camera=(), microphone=(), geolocation=(self), payment=(), usb=()"),
    ]
    if settings.SESSION_COOKIE_SECURE:
        headers.append(("Strict-Transport-Security", "max-age=31536000"))
    return tuple(headers)


def _live_places() -> tuple[str, ...]:
    """Where pages may listen besides our own place: at the live process's port on each of our names."""
    port, _, _path = settings.LIVE_AT.removeprefix(":").partition("/")
    if not port:
        return ()
    return tuple(f"http://{host}:{port}" for host in settings.ALLOWED_HOSTS if host and not host.startswith((".", "*")))


def note(http: HttpRequest, page: str, status: int, seconds: float) -> None:
    """This will write one line a request: which page, not which person, and no address that could hold typed words."""
    if page.rpartition(":")[2] in _QUIET:
        return
    _log.info(
        "request",
        reference=http.reference,  # type: ignore[attr-defined]
        method=http.method,
        page=page,
        status=status,
        ms=round(seconds * 1000, 1),
    )


def _name_of(http: HttpRequest) -> str:
    match = http.resolver_match
    return getattr(http, "endpoint", match.view_name if match else "")
