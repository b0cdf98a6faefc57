"""The guard's phone: type or scan a pass, see the door and whether it is good, let in, note who leaves."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import quote

from django.http import HttpResponse

from linli.estate.visits import actions
from linli.estate.visits import queries as visits
from linli.estate.visits.rules import VisitPolicy, WhyNot
from linli.faces.property.communities import own_communities
from linli.faces.shell.forms import Fields
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import PropertyRequest
from linli.ground.places.queries import CommunityCard
from linli.ground.policies.queries import policy
from linli.kernel import ids
from linli.kernel.ids import CommunityId, VisitPassId
from linli.kernel.refusals import NotFound
from linli.spine.may import May
from linli.trade.delivery import actions as deliveries
from linli.trade.delivery.rules import read_pass

STANDS = "linli_gate"
"""The cookie with the community and the gate at which this phone stands."""
_LINK = re.compile(r"/v/([A-Za-z0-9_-]{20,60})/?$")


@dataclass(frozen=True)
class Standing:
    """Where a guard stands: the community, its gates, and the one chosen."""

    communities: tuple[CommunityCard, ...]
    community: CommunityCard
    gates: tuple[str, ...]
    gate: str


def standing(request: PropertyRequest, fields: Fields) -> Standing:
    """This will tell in which community and at which gate the guard stands; another company's is not there."""
    cards = own_communities(request)
    asked = fields.maybe_id("community")
    community = next((card for card in cards if asked in (None, card.id)), None)
    if community is None:
        raise NotFound("community")
    gates = policy(request.scope, VisitPolicy, at=request.at, community=community.id).gates
    return Standing(cards, community, gates, gate_of(request, fields, community.id, gates))


def gate_of(request: PropertyRequest, fields: Fields, community: CommunityId, gates: Sequence[str]) -> str:
    """This will tell the gate that was named, or where this phone stood last: a scanned pass names none."""
    known = {f"{community.hex[-8:]}:{quote(gate)}": gate for gate in gates}
    named = fields.raw("gate")
    if named in gates and len(gates) > 1:
        request.keeps[STANDS] = next(mark for mark, gate in known.items() if gate == named)
    last = known.get(request.http.COOKIES.get(STANDS, ""), gates[0] if gates else "")
    return named if named in gates else last


@page("property", "GET", "gate/", needs=May.CHECK_VISITORS)
def show(request: PropertyRequest) -> HttpResponse:
    """This will show the gate: a field for the code, who waits for an answer, who passed lately."""
    return _shown(request, standing(request, request.query))


@page("property", "POST", "gate/check/", name="gate-check", asks="property:gate", needs=May.CHECK_VISITORS)
def check(request: PropertyRequest) -> HttpResponse:
    """This will try a code, or the address that a scanner read."""
    here = standing(request, request.form)
    typed = request.form.text("code", most=200)
    if courier := read_pass(typed):
        return _courier(request, here, courier)
    link = _LINK.search(typed)
    if link:
        found = actions.check_link(request.scope, word=link[1], gate=here.gate, at=request.at)
    else:
        community = here.community.id
        found = actions.check_code(request.scope, community=community, code=typed, gate=here.gate, at=request.at)
    if found.visit_pass is None:
        return _shown(request, here, found.why_not)
    return see_other("property:gate-pass", found.visit_pass, gate=here.gate)


def _courier(request: PropertyRequest, here: Standing, code: str) -> HttpResponse:
    task = deliveries.check_courier_pass(request.scope, community=here.community.id, code=code, at=request.at)
    if task is None:
        return _shown(request, here, WhyNot.UNKNOWN)
    return see_other("property:gate-courier", task, gate=here.gate)


@page("property", "GET", "gate/scan/<str:word>/", name="gate-scan", needs=May.CHECK_VISITORS)
def scan(request: PropertyRequest, word: str) -> HttpResponse:
    """This will open the pass that the guard's camera read."""
    return see_other("property:gate-pass", visits.scanned(request.scope, word=word))


@page("property", "GET", "gate/passes/<uuid:visit_pass>/", name="gate-pass", needs=May.CHECK_VISITORS)
def show_pass(request: PropertyRequest, visit_pass: VisitPassId) -> HttpResponse:
    """This will show the door and whether the pass is good, and nothing of the guest."""
    own_communities(request)
    found = visits.gate_pass(request.scope, visit_pass=visit_pass, at=request.at)
    gates = policy(request.scope, VisitPolicy, at=request.at, community=found.community).gates
    gate = gate_of(request, request.query, found.community, gates)
    return request.render(
        "property/gate-pass.jinja", found=found, gates=gates, gate=gate, once=ids.new(), out=ids.new()
    )


@page("property", "POST", "gate/passes/<uuid:visit_pass>/entries/", name="gate-entry", needs=May.CHECK_VISITORS)
def enter(request: PropertyRequest, visit_pass: VisitPassId) -> HttpResponse:
    """This will let one guest in, or say that the pass is good no more."""
    community, gate = _where(request, visit_pass)
    why = actions.let_in(request.scope, visit_pass=visit_pass, gate=gate, at=request.at)
    if why is not None:
        return see_other("property:gate-pass", visit_pass, gate=gate)
    return see_other("property:gate", said=_("Let in and noted."), gate=gate, community=community)


@page("property", "POST", "gate/passes/<uuid:visit_pass>/exits/", name="gate-exit", needs=May.CHECK_VISITORS)
def leave(request: PropertyRequest, visit_pass: VisitPassId) -> HttpResponse:
    """This will note that a guest left."""
    community, gate = _where(request, visit_pass)
    actions.let_out(request.scope, visit_pass=visit_pass, gate=gate, at=request.at)
    return see_other("property:gate", said=_("Noted."), gate=gate, community=community)


def _shown(request: PropertyRequest, here: Standing, why_not: WhyNot | None = None) -> HttpResponse:
    board = visits.gate_board(request.scope, community=here.community.id, at=request.at)
    may_see_goods = request.scope.may(May.CHECK_GOODS_RELEASE)
    return request.render("property/gate.jinja", here=here, board=board, why_not=why_not, may_see_goods=may_see_goods)


def _where(request: PropertyRequest, visit_pass: VisitPassId) -> tuple[CommunityId, str]:
    """The pass's community, and the gate that was chosen on the page where the community has one of this name."""
    community = visits.gate_pass(request.scope, visit_pass=visit_pass, at=request.at).community
    gates = policy(request.scope, VisitPolicy, at=request.at, community=community).gates
    typed = request.form.raw("gate")
    return community, typed if typed in gates else ""
