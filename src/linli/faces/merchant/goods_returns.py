"""What came back to the shop: looked at, counted in, and on the shelf again or written off."""

from __future__ import annotations

from django.http import HttpResponse

from linli.faces.merchant.desk import show
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.messages import in_language
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import MerchantRequest
from linli.faces.shell.sheets import sheet
from linli.kernel.ids import OrderId
from linli.kernel.refusals import NotFound
from linli.spine.may import May
from linli.trade.orders import actions, queries

NEEDS = May.FULFIL_ORDER
LONGEST = 200


@page("merchant", "GET", "goods-returns/", needs=NEEDS)
def index(request: MerchantRequest) -> HttpResponse:
    """This will list what waits to be counted in."""
    return show(request, "goods-returns.jinja", found=queries.came_back(request.scope), longest=LONGEST)


@page("merchant", "GET", "goods-returns/file/", name="goods-returns-file", needs=NEEDS)
def take_away(request: MerchantRequest) -> HttpResponse:
    """This will give what waits to be counted in as a sheet, a good to a row."""
    columns = [_("Order"), _("Came back"), _("Count in by"), _("Goods"), _("Variant"), _("Units")]
    rows = (
        (one.number, one.back_at, one.due_at, in_language(line.title), in_language(line.label), line.quantity)
        for one in queries.came_back(request.scope)
        for line in one.lines
    )
    return sheet(request.query, "returned-goods", columns, rows)


@page(
    "merchant", "POST", "goods-returns/<uuid:order>/", name="goods-return", asks="merchant:goods-returns", needs=NEEDS
)
def count(request: MerchantRequest, order: OrderId) -> HttpResponse:
    """This will put what is still good on the shelf, and write off the rest."""
    one = next((each for each in queries.came_back(request.scope) if each.order == order), None)
    if one is None:
        raise NotFound("order")
    actions.count_in(
        request.scope,
        order=order,
        sellable={
            line.variant: request.form.whole(f"sellable.{line.variant}", low=0, high=line.quantity)
            for line in one.lines
        },
        why=request.form.maybe_text("why", most=LONGEST) or "",
        at=request.at,
    )
    return see_other("merchant:goods-returns", said=_("Counted in. The stock book says what became of each."))
