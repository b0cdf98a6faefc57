"""What to have tomorrow: an order proposed for each fresh thing, and the curve along which the merchant can move it."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from django.http import HttpResponse

from linli.faces.merchant.desk import show
from linli.faces.shell import voice
from linli.faces.shell.addresses import url
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.messages import in_language
from linli.faces.shell.pages import page
from linli.faces.shell.requests import MerchantRequest
from linli.faces.shell.sheets import most_rows, sheet
from linli.insight.demand import queries as demand
from linli.kernel import ids
from linli.kernel.ids import VariantId
from linli.kernel.refusals import NotFound
from linli.trade.catalogue import queries as catalogue
from linli.trade.catalogue.rules import moved_price

A_PAGE = 30


@page("merchant", "GET", "proposals/", name="order-proposals")
def proposals(request: MerchantRequest) -> HttpResponse:
    """This will propose tomorrow's order of every fresh thing, and what to mark down today."""
    lines = _lines(request)
    rows, off = _rows(request, lines), _off(lines)
    return show(
        request,
        "order-proposals.jinja",
        rows=rows,
        markdowns=[
            (line, card, batch, moved_price(card.usual, -off[line.variant]))
            for line, card in rows
            for batch in line.batches
            if batch.markdown_bp
        ],
        fill=round(demand.USUAL_FILL * 100),
        once=ids.new(),
        more=url("merchant:order-proposals", after=lines[-1].variant) if len(lines) == A_PAGE else None,
    )


@page("merchant", "GET", "proposals/file/", name="order-proposals-file")
def take_away(request: MerchantRequest) -> HttpResponse:
    """This will give tomorrow's order as a sheet: of every fresh thing, and not of one page of them."""
    columns = [_("Goods"), _("Variant"), _("Usually sold"), _("Left from today"), _("Keeps for, days"), _("To order")]
    columns.append(_("Expected waste, %"))
    rows = (
        (
            *(in_language(card.name), in_language(card.label), round(line.usual), round(line.left), line.life_d),
            *(line.point.order, f"{line.point.wasted_part * 100:.1f}"),
        )
        for line, card in _rows(request, _lines(request, most_rows()))
    )
    return sheet(request.query, "to-order", columns, rows)


@page("merchant", "GET", "proposals/markdowns/file/", name="markdowns-file")
def take_markdowns_away(request: MerchantRequest) -> HttpResponse:
    """This will give what to mark down today as a sheet, a batch to a row."""
    columns = [_("Goods"), _("Variant"), _("Left"), _("Last day"), _("Take off, %"), _("Usual price"), _("Price")]
    rows = (
        (
            in_language(card.name),
            in_language(card.label),
            batch.quantity,
            batch.expires_on,
            f"{batch.markdown_bp / 100:g}",
            card.usual,
            card.price,
        )
        for line, card in _rows(request, _lines(request, most_rows()))
        for batch in line.batches
        if batch.markdown_bp
    )
    return sheet(request.query, "markdowns", columns, rows)


def _rows(
    request: MerchantRequest, lines: tuple[demand.OrderLine, ...]
) -> list[tuple[demand.OrderLine, catalogue.VariantCard]]:
    cards = catalogue.kept_variants(request.scope, shop=request.shop, variants=[line.variant for line in lines])
    return [(line, cards[line.variant]) for line in lines if line.variant in cards]


@page("merchant", "GET", "proposals/<uuid:variant>/", name="order-proposal")
def proposal(request: MerchantRequest, variant: VariantId) -> HttpResponse:
    """This will show one thing's curve of what is served and what is lost, at the fill and life that are chosen."""
    card = catalogue.kept_variants(request.scope, shop=request.shop, variants=[variant]).get(variant)
    if card is None:
        raise NotFound("variant")
    fills = [round(each * 100) for each in demand.FILLS]
    fill = request.query.whole("fill", default=round(demand.USUAL_FILL * 100), low=50, high=98)
    life = request.query.whole("life", default=0, low=0, high=demand.MOST_LIFE_D)
    found = demand.item_page(
        request.scope,
        shop=request.shop,
        variant=variant,
        timezone=str(voice.current().zone),
        life_d=life or None,
        fill=fill / 100,
        at=request.at,
    )
    today = request.at.astimezone(voice.current().zone).date()
    return show(
        request,
        "order-proposal.jinja",
        item=found,
        card=card,
        days=[(today + timedelta(days=place), day) for place, day in enumerate(found.days, start=1)],
        fills=fills,
        fill=fill,
        most_life=demand.MOST_LIFE_D,
    )


def marked_down(request: MerchantRequest) -> dict[VariantId, int]:
    """This will give what is proposed today to be taken off each thing of the page: of several batches, the most."""
    return _off(_lines(request))


def _off(lines: tuple[demand.OrderLine, ...]) -> dict[VariantId, int]:
    found = {line.variant: max((batch.markdown_bp or 0 for batch in line.batches), default=0) for line in lines}
    return {variant: bp for variant, bp in found.items() if bp}


def _lines(request: MerchantRequest, limit: int = A_PAGE) -> tuple[demand.OrderLine, ...]:
    raw = request.query.raw("after")
    return demand.order_lines(
        request.scope,
        shop=request.shop,
        timezone=str(voice.current().zone),
        at=request.at,
        after=VariantId(_id(raw)) if raw else None,
        limit=limit,
    )


def _id(raw: str) -> UUID:
    try:
        return UUID(raw)
    except ValueError:
        raise NotFound("variant") from None
