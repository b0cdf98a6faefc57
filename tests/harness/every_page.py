"""Every page of a face that its person can reach in a town: one address for each, found along the links."""

from __future__ import annotations

import re
from collections import Counter, deque
from html import unescape
from urllib.parse import urlsplit

from django.urls import Resolver404, resolve

from linli.faces.shell.pages import house
from linli.works.gallery.visitors import NotLetIn, Visitor

MOST_READ = 2_000
EACH_READ = 3
"""An order under way leads elsewhere than one that is done: so many pages of a name are read for their links."""


def names_of(face: str) -> set[str]:
    """This will name all pages of a face that can be looked at."""
    return {page.name for page in house.pages() if page.face.word == face and page.method == "GET"}


def found_along(visitor: Visitor, face: str, *first: str, of: set[str]) -> dict[str, str]:
    """This will follow links from the first pages on and give one address of each of these pages that they lead to."""
    found: dict[str, str] = {}
    read = Counter[str]()
    ways, seen = deque(first), set(first)
    while ways and len(seen) < MOST_READ:
        where = ways.popleft()
        name = _name(face, where)
        if name is None or read[name] == EACH_READ or name not in of:
            continue
        read[name] += 1
        try:
            text = visitor.reads(where)
        except (NotLetIn, UnicodeDecodeError):  # what is refused, and pictures
            continue
        found.setdefault(name, visitor.at if visitor.at != urlsplit(where).path else where)
        for link in re.findall(r'<a [^>]*href="([^"#]+)', text):
            onward = unescape(link)
            if onward not in seen and onward.startswith("/"):
                seen.add(onward)
                ways.append(onward)
    return found


def _name(face: str, where: str) -> str | None:
    try:
        match = resolve(urlsplit(where).path)
    except Resolver404:
        return None
    return match.url_name if match.namespace == face else None
