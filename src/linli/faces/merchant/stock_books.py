"""The stock book of one variant: its batches with what they cost, every movement, and what comes and goes."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from django.http import HttpResponse

from linli.faces.merchant.desk import show
from linli.faces.merchant.goods import kept
from linli.faces.shell import voice
from linli.faces.shell.addresses import url
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import MerchantRequest
from linli.faces.shell.sheets import most_rows, sheet
from linli.kernel import ids
from linli.kernel.ids import ListingId, VariantId
from linli.kernel.refusals import NotFound
from linli.trade.orders import queries as orders
from linli.trade.stock import actions, queries
from linli.trade.stock.rules import MovementKind

A_PAGE = 30


@page("merchant", "GET", "goods/<uuid:listing>/stock/<uuid:variant>/", name="stock")
def stock(request: MerchantRequest, listing: ListingId, variant: VariantId) -> HttpResponse:
    """This will open the book at its newest line."""
    of = kept(request, listing)
    chosen = next((each for each in of.variants if each.variant == variant), None)
    if chosen is None:
        raise NotFound("variant")
    before = request.query.whole("before", default=0, high=10**15)
    lines = queries.movements(request.scope, variant=variant, before=before or None, limit=A_PAGE)
    levels = queries.stock_of_shop(request.scope, shop=request.shop, at=request.at, only=[variant], limit=1)
    return show(
        request,
        "stock.jinja",
        listing=of,
        variant=chosen,
        level=levels[0] if levels else None,
        batches=queries.batches(request.scope, variant=variant),
        movements=lines,
        why_of=why_of,
        numbers=orders.order_numbers(request.scope, orders={line.order for line in lines if line.order}),
        more=url("merchant:stock", listing, variant, before=lines[-1].id) if len(lines) == A_PAGE else None,
        once=ids.new(),
    )


@page("merchant", "GET", "goods/<uuid:listing>/stock/<uuid:variant>/file/", name="stock-file")
def take_away(request: MerchantRequest, listing: ListingId, variant: VariantId) -> HttpResponse:
    """This will give the book of one variant as a sheet, the newest line first."""
    if variant not in {each.variant for each in kept(request, listing).variants}:
        raise NotFound("variant")
    found = queries.movements(request.scope, variant=variant, limit=most_rows())
    numbers = orders.order_numbers(request.scope, orders={line.order for line in found if line.order})
    columns = [_("When"), _("What"), _("Units"), _("Order"), _("Remark")]
    rows = (
        (line.at, line.kind, line.quantity, numbers.get(line.order, "") if line.order else "", why_of(line))
        for line in found
    )
    return sheet(request.query, "stock-book", columns, rows)


def why_of(line: queries.MovementLine) -> str:
    """This will say why a line stands in the book; what the house wrote itself, in the reader's language."""
    return _("past its date") if line.kind is MovementKind.DISPOSAL else line.why


@page("merchant", "POST", "goods/<uuid:listing>/stock/<uuid:variant>/receipt/", asks="merchant:stock")
def receive(request: MerchantRequest, listing: ListingId, variant: VariantId) -> HttpResponse:
    """This will take a batch in; it expires when its last day is over."""
    last_day = request.form.maybe_day("receipts.0.expires_at")
    ends = datetime.combine(last_day + timedelta(days=1), time(), voice.current().zone) if last_day else None
    actions.receive_batch(
        request.scope,
        variant=variant,
        quantity=request.form.whole("receipts.0.quantity", low=1),
        cost=request.form.maybe_money("receipts.0.cost"),
        expires_at=ends,
        at=request.at,
    )
    return see_other("merchant:stock", listing, variant, said=_("Received."))


@page("merchant", "POST", "goods/<uuid:listing>/stock/<uuid:variant>/count/", asks="merchant:stock")
def count(request: MerchantRequest, listing: ListingId, variant: VariantId) -> HttpResponse:
    """This will make the book say what was counted."""
    counted = request.form.whole("counted")
    why = request.form.maybe_text("count_why", most=200) or ""
    difference = actions.count_stock(request.scope, variant=variant, counted=counted, why=why, at=request.at)
    said = _("The book was right.") if not difference else _("The book is corrected by {n}.", n=f"{difference:+d}")
    return see_other("merchant:stock", listing, variant, said=said)


@page("merchant", "POST", "goods/<uuid:listing>/stock/<uuid:variant>/write-off/", asks="merchant:stock")
def write_off(request: MerchantRequest, listing: ListingId, variant: VariantId) -> HttpResponse:
    """This will take broken or spoilt units out."""
    units = request.form.whole("quantity", low=1)
    why = request.form.text("why", most=200)
    actions.write_off(request.scope, variant=variant, quantity=units, why=why, at=request.at)
    return see_other("merchant:stock", listing, variant, said=_("Written off."))
