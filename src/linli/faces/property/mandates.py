"""Automatic payment at the desk: whose bills are taken by themselves, what came of it last, and each in full."""

from __future__ import annotations

from django.http import HttpResponse

from linli.estate.billing import queries as billing
from linli.estate.billing.rules import MandateState
from linli.faces.property.charging import community_here, community_of
from linli.faces.property.communities import own_communities
from linli.faces.shell.charging import doors
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.messages import word
from linli.faces.shell.pages import page
from linli.faces.shell.requests import PropertyRequest
from linli.faces.shell.sheets import most_rows, sheet
from linli.ground.people import queries as people
from linli.kernel.ids import MandateId
from linli.spine.may import May

A_PAGE = 50
NEEDS = May.TAKE_FEES


@page("property", "GET", "mandates/", needs=NEEDS)
def index(request: PropertyRequest) -> HttpResponse:
    """This will list the mandates of a community, in one state or in all."""
    cards = own_communities(request)
    community, state, after = community_here(request, cards), _state(request), request.query.maybe_id("after")
    found = billing.mandates(request.scope, community=community.id, state=state, after=after, limit=A_PAGE + 1)
    return request.render(
        "property/mandates.jinja",
        communities={card.id: card for card in cards},
        community=community,
        state=state,
        states=tuple(MandateState),
        mandates=found[:A_PAGE],
        more=found[A_PAGE - 1].mandate if found[A_PAGE:] else None,
        doors=doors(each.subject for each in found[:A_PAGE]),
        names=people.names(request.scope, parties=[each.person for each in found[:A_PAGE]]),
    )


@page("property", "GET", "mandates/file/", name="mandates-file", needs=NEEDS)
def file(request: PropertyRequest) -> HttpResponse:
    """This will give the list as a sheet."""
    community = community_here(request, own_communities(request))
    found = billing.mandates(request.scope, community=community.id, state=_state(request), limit=most_rows())
    called = doors(each.subject for each in found)
    columns = [
        *(_("Door"), _("State"), _("At most at a time"), _("At most in a month"), _("Since")),
        *(_("Last due"), _("Amount"), _("Taken"), _("From the wallet"), _("What came of it"), _("Why")),
    ]
    rows = (
        (
            *(called.get(each.subject, "–"), word(each.state), each.most, each.month_most, each.since_on),
            *(_last(each.last) if each.last else ("",) * 6),
        )
        for each in found
    )
    return sheet(request.query, "mandates", columns, rows)


@page("property", "GET", "mandates/<uuid:mandate>/", name="mandate", needs=NEEDS)
def show(request: PropertyRequest, mandate: MandateId) -> HttpResponse:
    """This will show a mandate with what it took and will take; only its payer changes it."""
    shown = billing.mandate_page(request.scope, mandate=mandate, at=request.at)
    return request.render(
        "property/mandate.jinja",
        mandate=shown,
        community=community_of(request, shown.card.community),
        door=doors([shown.card.subject]).get(shown.card.subject, "–"),
        names=people.names(request.scope, parties=[shown.card.person]),
    )


def _last(last: billing.RoundCard) -> tuple[object, ...]:
    why = word(last.why) if last.why else ""
    return last.due_on, last.amount, last.taken, last.wallet, word(last.state), why


def _state(request: PropertyRequest) -> MandateState | None:
    asked = request.query.raw("state")
    return next((state for state in MandateState if state.value == asked), None)
