"""One payee: where its money goes, how long it is held, and the hold itself; every change stands in the audit."""

from __future__ import annotations

from django.http import HttpResponse

from linli.faces.shell.chosen import back, chosen
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.messages import ngettext
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import PlatformRequest
from linli.ground.people import queries as people
from linli.ground.places import queries as places
from linli.ground.policies.queries import policy
from linli.kernel.ids import PartyId
from linli.kernel.refusals import NotFound
from linli.kernel.together import Together
from linli.money.payments.rules import PaymentPolicy
from linli.money.payouts import actions, queries
from linli.money.payouts.rules import MOST_HOLD_DAYS
from linli.spine.may import May

NEEDS = May.RUN_PAYOUTS


@page("platform", "GET", "payees/<uuid:payee>/", name="payee", needs=NEEDS)
def show(request: PlatformRequest, payee: PartyId) -> HttpResponse:
    """This will show a payee with its latest payouts."""
    return request.render(
        "platform/payee.jinja",
        payee=queries.payee(request.scope, payee=payee),
        name=_named(request, payee),
        payouts=queries.payouts(request.scope, payee=payee, limit=20),
        most_days=MOST_HOLD_DAYS,
        splits=_splits_somewhere(request),
    )


@page("platform", "POST", "payees/<uuid:payee>/receiver/", asks="platform:payee", needs=NEEDS)
def set_receiver(request: PlatformRequest, payee: PartyId) -> HttpResponse:
    """This will set the bank account that a payee's money goes to from the next drawing on."""
    _named(request, payee)
    actions.set_receiver(
        request.scope,
        payee=payee,
        name=request.form.text("name"),
        account=request.form.text("account", most=64),
        bank=request.form.text("bank"),
        at=request.at,
    )
    return see_other("platform:payee", payee, said=_("Set. The next drawing goes there; who set it is written down."))


@page("platform", "POST", "payees/<uuid:payee>/hold-days/", asks="platform:payee", needs=NEEDS)
def set_hold_days(request: PlatformRequest, payee: PartyId) -> HttpResponse:
    """This will set how long what the payee earns from now on is held; empty means as everybody's."""
    _named(request, payee)
    days = request.form.whole("days", high=MOST_HOLD_DAYS) if request.form.maybe_text("days") else None
    actions.set_hold_days(request.scope, payee=payee, days=days, at=request.at)
    return see_other("platform:payee", payee, said=_("Set for what is earned from now on."))


@page("platform", "POST", "payees/<uuid:payee>/split-receiver/", asks="platform:payee", needs=NEEDS)
def set_split_receiver(request: PlatformRequest, payee: PartyId) -> HttpResponse:
    """This will set under which name the provider knows a payee as a receiver of shares; empty: it is none."""
    _named(request, payee)
    receiver = request.form.maybe_text("receiver", most=64) or ""
    actions.set_split_receiver(request.scope, payee=payee, receiver=receiver, at=request.at)
    said = _("Set. What it earns of held payments leaves as a share.") if receiver else _("It receives no shares.")
    return see_other("platform:payee", payee, said=said)


@page("platform", "POST", "payees/<uuid:payee>/hold/", asks="platform:payee", needs=NEEDS)
def hold(request: PlatformRequest, payee: PartyId) -> HttpResponse:
    """This will keep everything a payee has in the house, with a reason that the payee reads."""
    _named(request, payee)
    actions.hold_payee(request.scope, payee=payee, why=request.form.text("hold_why"), at=request.at)
    return see_other("platform:payee", payee, said=_("Held. Nothing leaves until somebody frees it."))


@page("platform", "POST", "payees/<uuid:payee>/freeing/", asks="platform:payouts", needs=NEEDS)
def free(request: PlatformRequest, payee: PartyId) -> HttpResponse:
    """This will let a held payee be paid again."""
    actions.free_payee(request.scope, payee=payee, at=request.at)
    return see_other("platform:payee", payee, said=_("Freed. The next drawing pays it."))


@page("platform", "POST", "payees/holds/", asks="platform:payouts", needs=NEEDS)
def hold_many(request: PlatformRequest) -> HttpResponse:
    """This will hold the ticked payees for one reason, which each of them reads."""
    payees, why = [PartyId(each) for each in chosen(request)], request.form.text("holds_why", most=200)
    done = actions.hold_payees(request.scope, payees=payees, why=why, at=request.at)
    return _back(request, done, ngettext("{n} payee is held.", "{n} payees are held.", len(done.done)))


@page("platform", "POST", "payees/freeings/", asks="platform:payouts", needs=NEEDS)
def free_many(request: PlatformRequest) -> HttpResponse:
    """This will let the ticked payees be paid again."""
    done = actions.free_payees(request.scope, payees=[PartyId(each) for each in chosen(request)], at=request.at)
    return _back(request, done, ngettext("{n} payee is free again.", "{n} payees are free again.", len(done.done)))


def _back(request: PlatformRequest, done: Together, said: str) -> HttpResponse:
    left = [PartyId(each.of) for each in done.refused]
    known = people.names(request.scope, parties=left) if left else {}
    return back(request, "platform:payouts", done, said=said, names={payee: known.get(payee, "–") for payee in left})


def _splits_somewhere(request: PlatformRequest) -> bool:
    """Whether providers split payments in a city of this operator; what policies say is remembered for seconds."""
    own, at = request.scope.city, request.at
    reached = [city.id for city in places.cities() if own is None or city.id == own]
    return any(policy(request.scope, PaymentPolicy, at=at, city=city).held_for_split for city in reached)


def _named(request: PlatformRequest, payee: PartyId) -> str:
    name = people.names(request.scope, parties=[payee]).get(payee)
    if name is None:
        raise NotFound("payee")
    return name
