"""Work without a network: what is pressed on foot is kept on the phone, and sent once, in its order, by itself.

Words: a face's *worker* is the browser's own program beside its pages. It keeps the last pages and those that come
next, and what is pressed while nobody can be reached, with the phone's time and the key that makes it happen once.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Protocol

from django.http import HttpResponse

from linli.faces.shell import assets
from linli.faces.shell.forms import YEARS, Fields
from linli.faces.shell.messages import gettext as _
from linli.kernel.refusals import Invalid


class Sent(Protocol):
    """What has to be known of a request: its face by its type, and what was sent."""

    form: Fields


@dataclass(frozen=True, slots=True)
class Sealed:
    """Pages that only a scanned secret opens: they are kept under its SHA-256, so that no phone knows it beforehand."""

    scanned: str
    """The address that a scan opens, with `*` for the secret; the kept page sends its form to the one with `-`."""
    typed: str
    """The address to which the secret is sent where a camera fails, as a pattern."""


@dataclass(frozen=True, slots=True)
class OfflineWork:
    """What a face's worker does; addresses are patterns of JavaScript."""

    word: str
    """What its stores on the phone are called after."""
    within: str
    """Where its pages begin."""
    home: str
    """What is shown where a page is not at hand."""
    pages: str
    presses: str
    """Which forms need no answer at once."""
    ahead: str
    """Which links of a page lead to what comes next."""
    sealed: Sealed | None = None

    @property
    def takes(self) -> str:
        """The addresses of the forms that work without a network."""
        return self.presses if self.sealed is None else f"{self.presses}|{self.sealed.typed}"


_works: dict[type[Sent], OfflineWork] = {}


def register(requests: type[Sent], work: OfflineWork) -> OfflineWork:
    """This will make known what the worker of a face does, the face whose requests these are."""
    _works[requests] = work
    return work


def of(request: Sent) -> OfflineWork:
    """This will give what the worker of the face does that a request came to."""
    return _works[type(request)]


def worker(work: OfflineWork) -> HttpResponse:
    """This will give the browser the program that keeps pages and presses while there is no network."""
    answer = HttpResponse(_program(work), content_type="text/javascript; charset=utf-8")
    answer["Service-Worker-Allowed"] = work.within
    answer["Cache-Control"] = "no-cache"
    return answer


@cache
def _program(work: OfflineWork) -> str:
    """The worker's text, with the bundles of this version, so that a new version is a new worker."""
    bundles: Sequence[str] = [assets.address(name) for name in ("linli.css", "linli.js")]
    told = json.dumps(asdict(work) | {"bundles": bundles})
    return Path(__file__).with_suffix(".js").read_text("utf-8").replace("TOLD_BY_THE_HOUSE", told)


def said_at(request: Sent) -> datetime | None:
    """This will read the phone's own time, where what was pressed was kept on it for a while."""
    text = request.form.maybe_text("said_at", most=40)
    if text is None:
        return None
    try:
        told = datetime.fromisoformat(text)
    except ValueError:
        raise Invalid("said_at", _("This is no time.")) from None
    return told if told.tzinfo and told.year in YEARS else None
