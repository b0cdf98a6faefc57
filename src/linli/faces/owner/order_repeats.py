"""Ordering again: the basket is filled with what an earlier order had, as far as it is still sold."""

from __future__ import annotations

from django.http import HttpResponse

from linli.faces.shell import formats
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.messages import in_language, ngettext
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import OwnerRequest
from linli.kernel.ids import OrderId
from linli.trade.orders import actions

MOST_NAMED = 4


@page("owner", "POST", "orders/<uuid:order>/repeat/", asks="owner:order")
def create(request: OwnerRequest, order: OrderId) -> HttpResponse:
    """This will fill the basket again and say what is missing."""
    again = actions.order_again(request.scope, order=order, at=request.at)
    missing = formats.listed(in_language(names) for names in again.missing[:MOST_NAMED])
    if not again.put:
        return see_other("owner:order", order, said=_("Nothing of this is sold at the moment: {names}.", names=missing))
    said = ngettext("{n} thing is in your basket again.", "{n} things are in your basket again.", again.put)
    if missing:
        said += " " + _("Not to be had at the moment: {names}.", names=missing)
    return see_other("owner:basket", said=said)
