"""What a home will need: asking to be told, and yes, not yet, never; standing orders; and the end of it in one tap."""

from __future__ import annotations

from enum import StrEnum

from django.http import HttpResponse

from linli.faces.shell import formats, voice
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.messages import ngettext
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import OwnerRequest
from linli.ground.people import queries as people
from linli.insight.replenish import actions
from linli.insight.replenish import queries as replenish
from linli.insight.replenish.rules import REFILLED, Pays, ProposalState
from linli.kernel.ids import CommunityId, HomeId, ProposalId, StandingOrderId
from linli.trade.catalogue import queries as catalogue

_USUAL_TURN_D = 30


def waiting(request: OwnerRequest) -> str:
    """This will say how many proposals wait for an answer."""
    number = replenish.proposals_waiting(request.scope)
    return ngettext("{n} thing runs out soon", "{n} things run out soon", number) if number else ""


@page("owner", "GET", "replenish/", name="replenish")
def index(request: OwnerRequest) -> HttpResponse:
    """This will show what will be needed, what is kept about it, and how to end it."""
    homes = people.residents_homes(request.scope, person=request.person, at=request.at)
    mine = replenish.my_page(request.scope)
    open_ones = [each for each in mine.proposals if each.state is ProposalState.OPEN and each.variant]
    goods = {
        variant: priced
        for community in sorted({each.community for each in open_ones})
        for variant, priced in catalogue.prices(
            community=community,
            variants=[each.variant for each in open_ones if each.community == community and each.variant],
        ).items()
    }  # one statement a community, and a resident lives in one or two
    return request.render(
        "owner/replenish.jinja",
        mine=mine,
        doors={each.home.id: each.home.door for each in homes},
        told={each.home: each for each in mine.consents},
        homes=[each.home for each in homes if each.home.id in request.scope.homes],
        usual_turn=_USUAL_TURN_D,
        refills=_refills(request, mine),
        goods=goods,
        runs=replenish.shared_runs(request.scope, at=request.at) if open_ones else {},
        now=request.at,
        today=request.at.astimezone(voice.current().zone).date(),
        community=request.communities[0] if request.communities else None,
    )


def _refills(request: OwnerRequest, mine: replenish.ReplenishPage) -> dict[CommunityId, replenish.RefillOffer]:
    """What filling the bin costs where somebody has something in one, whether proposed or to stand."""
    here = {each.community for each in mine.proposals if each.state is ProposalState.OPEN and each.can_refill}
    here |= {each.community for each in mine.known if each.can_stand and each.commodity in REFILLED}
    return replenish.refill_offers(request.scope, communities=here, at=request.at) if here else {}


@page("owner", "POST", "replenish/<uuid:home>/", name="replenish-begin", asks="owner:replenish")
def begin(request: OwnerRequest, home: HomeId) -> HttpResponse:
    """This will have a person told, alone or together with the others of the home who share."""
    actions.begin(request.scope, home=home, shares=request.form.flag("shares"), at=request.at)
    return see_other("owner:replenish", said=_("We look at what you buy for this home from now on, and only at that."))


@page("owner", "POST", "replenish/<uuid:home>/end/", name="replenish-end", asks="owner:replenish")
def end(request: OwnerRequest, home: HomeId) -> HttpResponse:
    """This will end it, and delete what was kept."""
    actions.end(request.scope, home=home, at=request.at)
    return see_other("owner:replenish", said=_("It is off, and what was kept is deleted."))


@page("owner", "POST", "replenish/proposals/<uuid:proposal>/yes/", name="replenish-yes", asks="owner:replenish")
def accept(request: OwnerRequest, proposal: ProposalId) -> HttpResponse:
    """This will put the usual goods into the basket."""
    done = actions.accept(request.scope, proposal=proposal, refill=request.form.maybe_money("refill"), at=request.at)
    if done.run is None:
        return see_other("owner:basket", said=_("What you usually take is in your basket."))
    when = formats.span(done.run.start_at, done.run.end_at)
    return see_other("owner:basket", said=_("It is in your basket, for the shared run of {slot}.", slot=when))


@page("owner", "POST", "replenish/proposals/<uuid:proposal>/not-yet/", name="replenish-not-yet", asks="owner:replenish")
def put_off(request: OwnerRequest, proposal: ProposalId) -> HttpResponse:
    """This will ask again later."""
    actions.put_off(request.scope, proposal=proposal, at=request.at)
    return see_other("owner:replenish", said=_("We ask again later, and have learnt that it lasts longer."))


@page("owner", "POST", "replenish/proposals/<uuid:proposal>/never/", name="replenish-never", asks="owner:replenish")
def refuse(request: OwnerRequest, proposal: ProposalId) -> HttpResponse:
    """This will not ask again."""
    actions.refuse(request.scope, proposal=proposal, at=request.at)
    return see_other("owner:replenish", said=_("We will not ask about this again."))


@page("owner", "POST", "replenish/<uuid:home>/allow/", name="replenish-allow", asks="owner:replenish")
def allow(request: OwnerRequest, home: HomeId) -> HttpResponse:
    """This will have something asked about again."""
    actions.allow(request.scope, home=home, commodity=request.form.text("commodity", most=60), at=request.at)
    return see_other("owner:replenish", said=_("We will ask about it again."))


@page("owner", "POST", "replenish/<uuid:home>/elsewhere/", name="replenish-elsewhere", asks="owner:replenish")
def tell_elsewhere(request: OwnerRequest, home: HomeId) -> HttpResponse:
    """This will count what was bought in another place."""
    commodity = request.form.text("commodity", most=60)
    told = actions.Told(commodity, request.form.day("bought_on"))
    actions.tell_bought(request.scope, home=home, told=[told], at=request.at)
    return see_other("owner:replenish", said=_("It counts, and we reckon from that day."))


@page("owner", "POST", "replenish/<uuid:home>/standing/", name="replenish-standing", asks="owner:replenish")
def stand(request: OwnerRequest, home: HomeId) -> HttpResponse:
    """This will begin a standing order."""
    pays = request.form.choice("pays", Pays) if "pays" in request.form else Pays.CONFIRM
    actions.begin_standing(
        request.scope,
        home=home,
        commodity=request.form.text("commodity", most=60),
        every_days=request.form.whole("every_days"),
        pays=pays,
        refill=request.form.maybe_money("refill"),
        at=request.at,
    )
    return see_other("owner:replenish", said=_begun(pays))


def _begun(pays: Pays) -> str:
    match pays:
        case Pays.CONFIRM:
            return _("It comes up every time it is due, and you say yes to each.")
        case Pays.ASK:
            return _("It is ordered by itself every time it is due, and you pay when we tell you.")
        case Pays.DOOR:
            return _("It is ordered by itself every time it is due, and you pay at the door.")


class Turn(StrEnum):
    """What a resident does with a standing order."""

    SKIP = "skip"
    PAUSE = "pause"
    RESUME = "resume"
    END = "end"


_VERBS = {
    Turn.SKIP: actions.skip_turn,
    Turn.PAUSE: actions.pause_standing,
    Turn.RESUME: actions.resume_standing,
    Turn.END: actions.end_standing,
}


@page("owner", "POST", "replenish/standing/<uuid:standing>/", name="replenish-turn", asks="owner:replenish")
def turn(request: OwnerRequest, standing: StandingOrderId) -> HttpResponse:
    """This will skip a turn of a standing order, pause, resume or end it."""
    verb = _VERBS[request.form.choice("verb", Turn)]
    verb(request.scope, standing=standing, at=request.at)
    return see_other("owner:replenish")
