"""Addresses by name: `url("owner:order", order)`, with what stands behind the question mark as keywords."""

from __future__ import annotations

from functools import lru_cache
from urllib.parse import urlencode

from django.conf import settings
from django.urls import NoReverseMatch, reverse


def url(name: str, /, *parts: object, **query: object) -> str:
    """This will give the address of a page; a query value of None or "" is left out."""
    address = _address(settings.ROOT_URLCONF, name, parts)
    asked = {key: value for key, value in query.items() if value is not None and value != ""}
    return f"{address}?{urlencode(asked)}" if asked else address


def maybe_url(name: str, /, *parts: object) -> str | None:
    """This will give the address of a page, or None in a house that has no such page."""
    try:
        return _address(settings.ROOT_URLCONF, name, parts)
    except NoReverseMatch:
        return None


@lru_cache(maxsize=4096)
def _address(house: str, name: str, parts: tuple[object, ...]) -> str:
    return reverse(name, urlconf=house, args=parts)
