"""Automatic payment on the phone: set up with a limit and signed at the provider, looked at, paused, ended by a tap."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpResponse, HttpResponseRedirect

from linli.estate.billing import actions
from linli.estate.billing import queries as billing
from linli.estate.billing.rules import BillingPolicy, MandateState
from linli.faces.owner.counters import insist_offered
from linli.faces.owner.payments import CHANNELS
from linli.faces.shell.addresses import url
from linli.faces.shell.charging import doors
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import OwnerRequest
from linli.ground.people import queries as people
from linli.ground.policies.queries import policy
from linli.kernel.ids import HomeId, MandateId
from linli.kernel.money import Money
from linli.money.payments import actions as payments

LIVE = (MandateState.ASKED, MandateState.ACTIVE, MandateState.PAUSED)


@page("owner", "GET", "mandates/")
def index(request: OwnerRequest) -> HttpResponse:
    """This will list what is paid automatically, and ask for what could be."""
    community = insist_offered(request, BillingPolicy)
    mandates = billing.my_mandates(request.scope)
    taken = {each.subject for each in mandates if each.state in LIVE}
    homes = [one.home for one in people.residents_homes(request.scope, person=request.person, at=request.at)]
    terms = policy(request.scope, BillingPolicy, at=request.at, community=community.id)
    return request.render(
        "owner/mandates.jinja",
        community=community,
        mandates=mandates,
        doors=doors(each.subject for each in mandates),
        homes=[home for home in homes if home.id not in taken and home.community == community.id],
        channels=CHANNELS,
        has_deduction=terms.has_deduction,
        most=terms.deduct_most,
        told_days=terms.deduct_told_days,
    )


@page("owner", "POST", "mandates/", name="mandates")
def create(request: OwnerRequest) -> HttpResponse:
    """This will keep what the resident wants, and send them to the provider to sign it."""
    insist_offered(request, BillingPolicy)
    form = request.form
    mandate = actions.ask_mandate(
        request.scope,
        home=HomeId(form.id("home")),
        channel=form.text("channel", most=20),
        most=form.money("most", low=Money(1)),
        month_most=form.maybe_money("month_most"),
        wallet_first=form.flag("wallet_first"),
        at=request.at,
    )
    return see_other("owner:mandate", mandate)


@page("owner", "GET", "mandates/<uuid:mandate>/", name="mandate")
def show(request: OwnerRequest, mandate: MandateId) -> HttpResponse:
    """This will show what is taken next, what was taken and why not; once it is signed, it says so by itself."""
    community = insist_offered(request, BillingPolicy)
    shown = billing.mandate_page(request.scope, mandate=mandate, at=request.at)
    return request.render(
        "owner/mandate.jinja",
        community=community,
        mandate=shown,
        door=doors([shown.card.subject]).get(shown.card.subject, ""),
    )


@page("owner", "POST", "mandates/<uuid:mandate>/signature/", name="mandate-signature", asks="owner:mandate")
def sign(request: OwnerRequest, mandate: MandateId) -> HttpResponse:
    """This will open the agreement and send its payer to the provider's page; only its own word counts as signed."""
    insist_offered(request, BillingPolicy)
    shown = billing.mandate_page(request.scope, mandate=mandate, at=request.at)
    signing = payments.begin_agreement(
        request.scope,
        agreement=shown.card.agreement,
        return_url=request.http.build_absolute_uri(url("owner:mandate", mandate)),
        at=request.at,
    )
    return HttpResponseRedirect(signing.url, status=303)


@page("owner", "POST", "mandates/<uuid:mandate>/limits/", name="mandate-limits", asks="owner:mandate")
def change(request: OwnerRequest, mandate: MandateId) -> HttpResponse:
    """This will set the limits anew."""
    insist_offered(request, BillingPolicy)
    form = request.form
    actions.change_mandate(
        request.scope,
        mandate=mandate,
        most=form.money("most", low=Money(1)),
        month_most=form.maybe_money("month_most"),
        wallet_first=form.flag("wallet_first"),
        at=request.at,
    )
    return see_other("owner:mandate", mandate, said=_("Changed."))


@page("owner", "POST", "mandates/<uuid:mandate>/pause/", name="mandate-pause", asks="owner:mandate")
def pause(request: OwnerRequest, mandate: MandateId) -> HttpResponse:
    """This will take nothing for a while."""
    return _tapped(request, actions.pause_mandate, mandate, _("Paused. Nothing is taken until you resume it."))


@page("owner", "POST", "mandates/<uuid:mandate>/resumption/", name="mandate-resumption", asks="owner:mandate")
def resume(request: OwnerRequest, mandate: MandateId) -> HttpResponse:
    """This will take again what falls due from now on."""
    return _tapped(request, actions.resume_mandate, mandate, _("Resumed. What falls due from today on is taken."))


@page("owner", "POST", "mandates/<uuid:mandate>/end/", name="mandate-end", asks="owner:mandate")
def end(request: OwnerRequest, mandate: MandateId) -> HttpResponse:
    """This will end it for good."""
    return _tapped(request, actions.end_mandate, mandate, _("Ended. Nothing is taken any more."))


def _tapped(request: OwnerRequest, act: Callable[..., None], mandate: MandateId, said: str) -> HttpResponse:
    insist_offered(request, BillingPolicy)
    act(request.scope, mandate=mandate, at=request.at)
    return see_other("owner:mandate", mandate, said=said)
