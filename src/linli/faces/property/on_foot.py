"""Whoever works on foot: their places with one thumb, and what their phone does while there is no network."""

from __future__ import annotations

from django.http import HttpResponse

from linli.faces.shell import offline_work
from linli.faces.shell.offline_work import OfflineWork, Sealed
from linli.faces.shell.pages import page
from linli.faces.shell.requests import PropertyRequest
from linli.spine.may import May

_ONE = "[0-9a-f]{8}-[0-9a-f-]{27}"
_TASK = f"assets/scan/[^/]+/(?:tasks|counts)/{_ONE}/"
_SCAN = "patrols/scan/[^/]+/|assets/scan/[^/]+/"
_STEPS = "steps/(?:acceptance|arrival|resumption)|completion|materials|quote|pause|sayings"
_AHEAD = rf"walk/{_ONE}/|jobs/{_ONE}/|patrols/walk/{_ONE}/(?:points/[0-9a-f]+/)?|{_TASK}"

WORK = offline_work.register(
    PropertyRequest,
    OfflineWork(
        word="on-foot",
        within="/p/",
        home="/p/on-foot/",
        pages=f"^/p/(?:on-foot/|walk/|jobs/|patrols/walk/|assets/walk/|{_SCAN}|{_AHEAD})$",
        presses=f"^/p/(?:walk/{_ONE}/|jobs/{_ONE}/(?:{_STEPS})/|{_SCAN}|{_TASK})$",
        ahead=rf'/p/(?:walk/|jobs/|patrols/walk/|assets/walk/|{_AHEAD})(?:\?[^"]*)?',
        sealed=Sealed(scanned="/p/patrols/scan/*/", typed=f"^/p/patrols/walk/{_ONE}/code/$"),
    ),
)
"""What needs an answer from the house at once (a pass at the gate, a job that others may take, a telephone number) is
not kept: it would be told too late."""


DUTIES = (
    May.CHECK_VISITORS,
    May.RUN_BARRIER,
    May.RUN_PARCELS,
    May.DO_WORK,
    May.READ_METERS,
    May.WALK_PATROL,
    May.MAINTAIN_ASSETS,
)
"""What is done on foot: whoever may do one of these has a place here."""


def has_places(request: PropertyRequest) -> bool:
    """This will say whether the asker does anything on foot."""
    return any(request.scope.may(each) for each in DUTIES)


@page("property", "GET", "on-foot/")
def show(request: PropertyRequest) -> HttpResponse:
    """This will show the places of whoever works on foot; without a network, where any other page would stand."""
    return request.render("property/on-foot-places.jinja")


@page("property", "GET", "on-foot/worker/", name="on-foot-worker")
def worker(_request: PropertyRequest) -> HttpResponse:
    """This will give the browser the program that keeps pages and presses while there is no network."""
    return offline_work.worker(WORK)
