"""The bank account that the shop's money goes to: named once, looked at once more, and then set."""

from __future__ import annotations

from django.core import signing
from django.http import HttpResponse

from linli.faces.merchant.desk import show
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import MerchantRequest
from linli.kernel.refusals import Invalid
from linli.money.payouts import queries as payouts
from linli.money.payouts.rules import checked_account
from linli.trade.shops import actions
from linli.trade.shops import queries as shops

SEAL = "linli.merchant.receiver"
SEAL_S = 15 * 60


@page("merchant", "GET", "statement/receiver/", name="receiver")
def receiver(request: MerchantRequest) -> HttpResponse:
    """This will show where the money goes, what waits, and ask for another account."""
    return _asked(request)


@page("merchant", "POST", "statement/receiver/", name="receiver")
def look_again(request: MerchantRequest) -> HttpResponse:
    """This will show what was typed once more; nothing is changed yet."""
    form = request.form
    said = (form.text("name", most=80), checked_account(form.text("account", most=60)), form.text("bank", most=80))
    return _asked(request, said=said, sealed=signing.dumps([str(request.shop), *said], salt=SEAL))


@page("merchant", "POST", "statement/receiver/confirmation/", name="receiver-confirmation", asks="merchant:receiver")
def confirm(request: MerchantRequest) -> HttpResponse:
    """This will set the account that was looked at; its last digits are typed again."""
    try:
        shop, name, account, bank = signing.loads(
            request.form.maybe_text("sealed", most=2000) or "", salt=SEAL, max_age=SEAL_S
        )
    except (signing.BadSignature, ValueError):
        raise Invalid("account", _("This took too long. Please type the account again.")) from None
    if shop != str(request.shop) or request.form.text("tail", most=4) != account[-4:]:
        raise Invalid("account", _("The last four digits differ. Please type the account again."))
    actions.set_receiver(request.scope, shop=request.shop, name=name, account=account, bank=bank, at=request.at)
    return see_other("merchant:receiver", said=_("The account is set. You get a message about it."))


def _asked(request: MerchantRequest, *, said: tuple[str, str, str] | None = None, sealed: str = "") -> HttpResponse:
    return show(
        request,
        "receiver.jinja",
        payee=payouts.payee(request.scope, payee=request.merchant),
        may_change=shops.staff(request.scope, shop=request.shop, at=request.at).may_change,
        said=said,
        sealed=sealed,
    )
