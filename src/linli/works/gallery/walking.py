"""Every page of a desk, found as a reader finds it: what the routing table names, by the first link to it."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator, Mapping
from html import unescape
from urllib.parse import urlsplit

from linli.faces.shell import pages
from linli.faces.shell.faces import FACES, Page
from linli.faces.shell.routes import Routes
from linli.faces.shell.threshold import routes_of
from linli.works.gallery.views import PEOPLE
from linli.works.gallery.visitors import Visitor

DESKS = ("merchant", "property", "platform")
"""Whose pages are walked; each is one of the demo's people at the desk of that name."""
MOST_PAGES = 600
_LINK = re.compile(r'href="(/[^"#]*)')
_PARTED = re.compile(r"<")


def every_page(visitor: Visitor, who: str) -> dict[str, str]:
    """This will give an address for each page of a desk that somebody can get to, by the page's own address.

    Pages without parts are opened as they are; those with parts by the first link to one. Files and redirects are none.
    """
    pages.addresses()
    face = FACES[PEOPLE[who].face]
    routes = routes_of(pages.house)
    plain = [page.address for page in _pages(who) if not _PARTED.search(page.address)]
    asked = dict.fromkeys(plain)
    found: dict[str, str] = {}
    waiting = deque((address, address) for address in plain)
    while waiting and len(asked) < MOST_PAGES:
        route, where = waiting.popleft()
        body = visitor.sees(where)
        if body is None:
            continue
        found[route] = where
        for onward, link in _links(body, face.prefix, routes):
            if onward not in asked:
                asked[onward] = None
                waiting.append((onward, link))
    return found


def unreached(who: str, found: Mapping[str, str]) -> list[str]:
    """This will name the pages of a desk to which no link led."""
    return sorted({page.address for page in _pages(who)} - set(found))


def share_of(found: Mapping[str, str], nth: int, shares: int) -> dict[str, str]:
    """This will give one of so many shares of the pages; all shares together are all pages."""
    return {route: where for at, (route, where) in enumerate(sorted(found.items())) if at % shares == nth % shares}


def _pages(who: str) -> Iterator[Page]:
    return (page for page in pages.house.pages() if page.face.word == PEOPLE[who].face and page.method == "GET")


def _links(body: str, prefix: str, routes: Routes[Mapping[str, Page]]) -> Iterator[tuple[str, str]]:
    for raw in _LINK.findall(body):
        link = unescape(raw)
        path = urlsplit(link).path
        if not path.startswith("/" + prefix):
            continue
        leads = routes.find(path[1:])
        if leads is not None and (page := leads[0].get("GET")) is not None:
            yield page.address, link
