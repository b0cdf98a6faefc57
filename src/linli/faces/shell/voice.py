"""The voice of the page being made: its language, its clock, its zone. Set once a request, read by every filter."""

from __future__ import annotations

from contextvars import ContextVar
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

CHINESE, ENGLISH = "zh-hans", "en"
LOCALES = (CHINESE, ENGLISH)
NAMES = {CHINESE: "中文", ENGLISH: "English"}
LANGUAGE_COOKIE = "linli_language"
LARGE_TEXT_COOKIE = "linli_text"
SIMPLE_COOKIE = "linli_simple"


@dataclass(frozen=True, slots=True)
class Voice:
    """In which language, at what moment and in which zone a page speaks."""

    locale: str
    at: datetime
    zone: ZoneInfo


_HOME_ZONE = ZoneInfo("Asia/Shanghai")
_current: ContextVar[Voice | None] = ContextVar("voice", default=None)


def current() -> Voice:
    """This will give the voice in use; outside a request, Chinese, now, in the default zone."""
    return _current.get() or Voice(CHINESE, datetime.now(UTC), _HOME_ZONE)


def speak(locale: str, *, at: datetime) -> None:
    """This will set the voice for the request that begins."""
    _current.set(Voice(locale, at, _HOME_ZONE))


def move_to(timezone: str) -> None:
    """This will tell times in a community's own zone from here on."""
    _current.set(replace(current(), zone=ZoneInfo(timezone)))


def hush() -> None:
    """This will forget the voice when the request has been answered."""
    _current.set(None)


def locale_for(cookies: str, accepted: str) -> str:
    """This will choose the language: the cookie of the switch, else the browser's wish, else Chinese.

    It works on the raw headers, because answers shared before sessions are chosen by it too.
    """
    at = cookies.find(LANGUAGE_COOKIE + "=")
    if at >= 0:
        chosen = cookies[at + len(LANGUAGE_COOKIE) + 1 :].split(";", 1)[0].strip()
        if chosen in LOCALES:
            return chosen
    return _wished(accepted[:200])


@lru_cache(maxsize=256)
def _wished(accepted: str) -> str:
    wishes: list[tuple[float, int, str]] = []
    for place, part in enumerate(accepted.split(",")):
        tag, _, quality = part.strip().partition(";q=")
        word = tag.strip().lower().split("-")[0]
        if word in ("zh", "en"):
            try:
                weight = float(quality or 1)
            except ValueError:
                continue
            wishes.append((-weight, place, CHINESE if word == "zh" else ENGLISH))
    return min(wishes)[2] if wishes else CHINESE
