"""Goods from a spreadsheet: first what is wrong in which cell, then all of it or nothing."""

from __future__ import annotations

from django.http import HttpResponse

from linli.faces.merchant.desk import show
from linli.faces.shell import long_work
from linli.faces.shell.addresses import url
from linli.faces.shell.long_work import Outcome
from linli.faces.shell.messages import gettext, ngettext
from linli.faces.shell.pages import page
from linli.faces.shell.requests import MerchantRequest
from linli.faces.shell.sheets import most_rows, sheet
from linli.ground.chores.queries import ChoreCard
from linli.kernel.words import _
from linli.trade.catalogue import queries
from linli.trade.catalogue.rules.runs import IMPORT_LISTINGS, PREVIEW_LISTINGS, GoodsRun
from linli.trade.catalogue.rules.sheet import COLUMNS


@page("merchant", "GET", "goods/sheet/", name="goods-sheet")
def new(request: MerchantRequest) -> HttpResponse:
    """This will ask for the sheet, say which columns it may have, and what one that was looked at would do."""
    before = long_work.looked_at(request, request.query.maybe_id("preview"), PREVIEW_LISTINGS)
    found = before.answer if before else None
    return show(request, "goods-sheet.jinja", columns=COLUMNS, looked_at=before, preview=found)


@page("merchant", "GET", "goods/sheet/own/", name="own-goods-sheet")
def own(request: MerchantRequest) -> HttpResponse:
    """This will give the shop's own goods in the columns that are taken in, to be changed and brought back."""
    called = {card.category: card.name.get("zh", "") for card in queries.categories()}
    rows = (
        (
            *(one.name.get("zh", ""), one.name.get("en", ""), one.kind.value),
            called.get(one.category, "") if one.category else "",
            *(variant.label.get("zh", ""), variant.label.get("en", ""), variant.price),
            *(variant.measure, variant.barcode, one.description.get("zh", "")),
            *(", ".join(care.value for care in one.care), one.heavy_from if one.care else ""),
        )
        for one in queries.shop_listings(request.scope, shop=request.shop, limit=most_rows())
        for variant in one.variants
    )
    columns = [column.also[0] if request.locale.startswith("zh") else column.name for column in COLUMNS]
    return sheet(request.query, "goods", columns, rows)


@page("merchant", "POST", "goods/sheet/preview/", name="goods-sheet-preview", asks="merchant:goods-sheet")
def preview(request: MerchantRequest) -> HttpResponse:
    """This will have it told what an import would do; nothing is changed."""
    file, name = long_work.kept_sheet(request)
    return long_work.answer(
        request,
        kind=PREVIEW_LISTINGS,
        content=GoodsRun(request.shop),
        about=f"{request.shop}:{file}",
        label=name,
        file=file,
    )


@page("merchant", "POST", "goods/sheet/", name="goods-sheet")
def create(request: MerchantRequest) -> HttpResponse:
    """This will have the sheet imported: the one that was looked at, or one that comes along."""
    file, name = long_work.given_sheet(request, PREVIEW_LISTINGS, GoodsRun(request.shop))
    return long_work.answer(
        request,
        kind=IMPORT_LISTINGS,
        content=GoodsRun(request.shop),
        about=f"{request.shop}:{file}",
        lane=request.shop,
        label=name,
        file=file,
    )


@long_work.outcome_of(PREVIEW_LISTINGS, says=_("Look at a sheet of goods"), icon="search")
def looked_at(card: ChoreCard) -> Outcome:
    """This will say how much would change, or how much is wrong."""
    found = card.answer
    if not found:
        return Outcome(card.label, url("merchant:goods-sheet"))
    said = ngettext("{n} cell has to be corrected.", "{n} cells have to be corrected.", len(found.errors))
    if not found.errors:
        said = ngettext("{n} listing stands in it.", "{n} listings stand in it.", found.listings)
    return Outcome(card.label, url("merchant:goods-sheet", preview=card.id), said, is_good=not found.errors)


@long_work.outcome_of(IMPORT_LISTINGS, says=_("Goods from a spreadsheet"), icon="upload")
def imported(card: ChoreCard) -> Outcome:
    """This will say how much was added."""
    said = ""
    if card.answer:
        added, prices = card.answer.listings_added, card.answer.prices_set
        said = gettext("{added} listings added, {prices} prices set.", added=added, prices=prices)
    return Outcome(card.label, url("merchant:goods"), said)
