"""The bank account that the shop's money goes to: named once, looked at once more, and then set."""

from __future__ import annotations

from django.http import HttpResponse

from linli.faces.merchant.desk import show
from linli.faces.shell import sealed_accounts
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import MerchantRequest
from linli.faces.shell.sealed_accounts import Typed
from linli.money.payouts import queries as payouts
from linli.trade.shops import actions
from linli.trade.shops import queries as shops


@page("merchant", "GET", "statement/receiver/", name="receiver")
def receiver(request: MerchantRequest) -> HttpResponse:
    """This will show where the money goes, what waits, and ask for another account."""
    return _asked(request)


@page("merchant", "POST", "statement/receiver/", name="receiver")
def look_again(request: MerchantRequest) -> HttpResponse:
    """This will show what was typed once more; nothing is changed yet."""
    return _asked(request, sealed_accounts.typed(request.form, of=request.shop))


@page("merchant", "POST", "statement/receiver/confirmation/", name="receiver-confirmation", asks="merchant:receiver")
def confirm(request: MerchantRequest) -> HttpResponse:
    """This will set the account that was looked at; its last digits are typed again."""
    said = sealed_accounts.confirmed(request.form, of=request.shop)
    actions.set_receiver(
        request.scope, shop=request.shop, name=said.name, account=said.account, bank=said.bank, at=request.at
    )
    return see_other("merchant:receiver", said=_("The account is set. You get a message about it."))


def _asked(request: MerchantRequest, said: Typed | None = None) -> HttpResponse:
    return show(
        request,
        "receiver.jinja",
        payee=payouts.payee(request.scope, payee=request.merchant),
        may_change=shops.staff(request.scope, shop=request.shop, at=request.at).may_change,
        said=said,
    )
