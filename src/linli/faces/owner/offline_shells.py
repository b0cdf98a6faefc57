"""The resident's pages as an app: its manifest, its worker, and the page of a phone without a network."""

from __future__ import annotations

import json
from functools import cache
from hashlib import blake2b
from pathlib import Path

from django.http import HttpResponse

from linli.faces.shell import addresses, app_icons, assets, voice
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.pages import page
from linli.faces.shell.requests import OwnerRequest
from linli.kernel.refusals import NotFound

PAPER = "#FAF7F1"


@page("owner", "GET", "offline/<str:locale>/", name="offline", public=True)
def show(request: OwnerRequest, locale: str) -> HttpResponse:
    """This will be the page that the worker keeps for a time without a network; nobody's, and about nobody."""
    _speak(request, locale)
    return request.render("owner/offline.jinja")


@page("owner", "GET", "manifest/<str:locale>/", name="manifest", public=True)
def manifest(request: OwnerRequest, locale: str) -> HttpResponse:
    """This will tell a browser how to put the resident's pages on the first screen of a phone."""
    _speak(request, locale)
    home = addresses.url("owner:home")
    icons = [
        {"src": app_icons.address(kind, size), "sizes": f"{size}x{size}", "type": "image/png", "purpose": kind}
        for kind in app_icons.KINDS
        for size in (192, 512)
    ]
    shortcuts = (("owner:bills", _("Pay")), ("owner:orders", _("My orders")), ("owner:visitors", _("Visitors")))
    told = {
        "id": home,
        "name": _("Linli, your neighbourhood"),
        "short_name": _("Linli"),
        "description": _(
            "Shops round the corner, the house and its people, and every amount explained to the last cent."
        ),
        "lang": "en" if locale == voice.ENGLISH else "zh-Hans",
        "dir": "ltr",
        "start_url": home,
        "scope": home,
        "display": "standalone",
        "background_color": PAPER,
        "theme_color": PAPER,
        "icons": icons,
        "shortcuts": [{"name": name, "url": addresses.url(where)} for where, name in shortcuts],
    }
    answer = HttpResponse(json.dumps(told, ensure_ascii=False), content_type="application/manifest+json")
    answer["Cache-Control"] = "public, max-age=3600"
    return answer


@page("owner", "GET", "worker/", public=True)
def worker(_request: OwnerRequest) -> HttpResponse:
    """This will give the browser the program that keeps pages for a time without a network."""
    answer = HttpResponse(_program(), content_type="text/javascript; charset=utf-8")
    answer["Service-Worker-Allowed"] = addresses.url("owner:home")
    answer["Cache-Control"] = "no-cache"
    return answer


@cache
def _program() -> str:
    """The worker's text with the bundles of this version: a new version is a new worker with a new shell."""
    kept = [assets.address(name) for name in ("linli.css", "linli.js", "mark.svg")]
    here = Path(__file__).parent
    text, shell = ((here / name).read_text("utf-8") for name in ("worker.js", "templates/offline.jinja"))
    print_ = blake2b("".join((text, shell, *kept)).encode(), digest_size=6).hexdigest()
    return text.replace("VERSION", print_).replace("KEPT_FROM_THE_START", ", ".join(f'"{each}"' for each in kept))


def _speak(request: OwnerRequest, locale: str) -> None:
    if locale not in voice.LOCALES:
        raise NotFound("page")
    voice.speak(locale, at=request.at)
