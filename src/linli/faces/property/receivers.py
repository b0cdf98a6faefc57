"""The bank account that the company's commission goes to: named once, looked at once more, and then set."""

from __future__ import annotations

from django.http import HttpResponse

from linli.faces.property.communities import own_communities
from linli.faces.shell import sealed_accounts
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import PropertyRequest
from linli.faces.shell.sealed_accounts import Typed
from linli.ground.people import queries as people
from linli.money.payouts import actions, queries
from linli.spine.may import May


@page("property", "GET", "payouts/receiver/", needs=May.NAME_RECEIVER)
def receiver(request: PropertyRequest) -> HttpResponse:
    """This will show where the money goes, what waits, and ask for another account."""
    return _asked(request)


@page("property", "POST", "payouts/receiver/", needs=May.NAME_RECEIVER)
def look_again(request: PropertyRequest) -> HttpResponse:
    """This will show what was typed once more; nothing is changed yet."""
    return _asked(request, sealed_accounts.typed(request.form, of=request.company))


@page(
    "property",
    "POST",
    "payouts/receiver/confirmation/",
    name="receiver-confirmation",
    asks="property:receiver",
    needs=May.NAME_RECEIVER,
)
def confirm(request: PropertyRequest) -> HttpResponse:
    """This will set the account that was looked at; its last digits are typed again."""
    said = sealed_accounts.confirmed(request.form, of=request.company)
    actions.name_receiver(
        request.scope, payee=request.company, name=said.name, account=said.account, bank=said.bank, at=request.at
    )
    return see_other("property:receiver", said=_("The account is set. Payouts on their way keep the old one."))


def _asked(request: PropertyRequest, said: Typed | None = None) -> HttpResponse:
    own_communities(request)
    staff = people.company_staff(request.scope, company=request.company, at=request.at)
    return request.render(
        "property/receiver.jinja",
        payee=queries.payee(request.scope, payee=request.company),
        may_change=request.person in {each.party for each in staff if each.is_everywhere},
        said=said,
    )
