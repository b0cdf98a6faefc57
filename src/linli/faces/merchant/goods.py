"""What the shop sells: its listings with their variants, prices and what is left of them."""

from __future__ import annotations

from django.http import HttpResponse

from linli.faces.merchant.desk import show
from linli.faces.shell import voice
from linli.faces.shell.addresses import url
from linli.faces.shell.forms import Fields
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.messages import in_language
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import MerchantRequest
from linli.faces.shell.sheets import most_rows, sheet
from linli.faces.shell.sorting import Sorting
from linli.kernel import ids
from linli.kernel.ids import CategoryId, ListingId, VariantId
from linli.kernel.refusals import NotFound
from linli.trade.catalogue import actions, queries
from linli.trade.catalogue.queries import GoodsSort
from linli.trade.catalogue.rules import MOST_PIECES, Care, Kind, ListingDraft, VariantDraft
from linli.trade.stock import queries as stock

A_PAGE = 40
SHELVES = {"on": True, "off": False}


@page("merchant", "GET", "goods/")
def goods(request: MerchantRequest) -> HttpResponse:
    """This will list the shop's listings, the newest first, narrowed by words."""
    after = request.query.maybe_id("after")
    asked, sorting = _asked(request)
    found = _found(request, after=ListingId(after) if after else None, limit=A_PAGE + 1)
    listings = found[:A_PAGE]
    variants = [variant.variant for listing in listings for variant in listing.variants]
    levels = stock.stock_of_shop(request.scope, shop=request.shop, at=request.at, only=variants, limit=200)
    last = listings[-1].listing if len(found) > A_PAGE else None
    return show(
        request,
        "goods.jinja",
        rows=[(listing, variant) for listing in listings for variant in listing.variants],
        levels={level.variant: level for level in levels},
        asked=asked,
        sorting=sorting,
        more=url("merchant:goods", **asked, by=sorting.word or None, after=last) if last else None,
        once=ids.new(),
    )


@page("merchant", "GET", "goods/file/", name="goods-file")
def take_away(request: MerchantRequest) -> HttpResponse:
    """This will give the goods that the list shows as a sheet, with what is in stock of each."""
    listings = _found(request, limit=most_rows())
    variants = [variant.variant for listing in listings for variant in listing.variants if variant.tracked]
    levels = {
        level.variant: level
        for level in stock.stock_of_shop(
            request.scope, shop=request.shop, at=request.at, only=variants, limit=max(1, len(variants))
        )
    }
    columns = [_("Goods"), _("Variant"), _("Kind"), _("Price"), _("Barcode"), _("On hand"), _("Held"), _("To sell")]
    columns += [_("Best before"), _("On the shelf")]
    rows = (
        (
            *(in_language(listing.name), in_language(one.label), listing.kind, one.price, one.barcode),
            *_stock_of(levels.get(one.variant), is_tracked=one.tracked),
            listing.listed and one.listed,
        )
        for listing in listings
        for one in listing.variants
    )
    return sheet(request.query, "goods", columns, rows)


def _stock_of(level: stock.StockLine | None, *, is_tracked: bool) -> tuple[object, ...]:
    if not is_tracked:
        return _("made to order"), "", "", ""
    return (level.on_hand, level.reserved, level.sellable, level.next_expiry_at) if level else (0, 0, 0, "")


def _asked(request: MerchantRequest) -> tuple[dict[str, str | None], Sorting]:
    """What the address narrows the goods to, and how it sorts them."""
    shelf = request.query.raw("shelf")
    asked = {"words": request.query.maybe_text("words", most=60), "shelf": shelf if shelf in SHELVES else None}
    return asked, Sorting.of(request, "merchant:goods", tuple(GoodsSort), asked)


def _found(request: MerchantRequest, *, after: ListingId | None = None, limit: int) -> tuple[queries.KeptListing, ...]:
    asked, sorting = _asked(request)
    return queries.shop_listings(
        request.scope,
        shop=request.shop,
        words=asked["words"],
        listed=SHELVES.get(asked["shelf"] or ""),
        order=GoodsSort(sorting.key) if sorting.key else GoodsSort.NEWEST,
        is_rising=sorting.is_rising,
        language=voice.current().locale[:2],
        after=after,
        limit=limit,
    )


@page("merchant", "GET", "goods/new/", name="new-listing")
def new(request: MerchantRequest) -> HttpResponse:
    """This will ask for what a listing needs."""
    return show(request, "new-listing.jinja", categories=queries.categories(), kinds=list(Kind))


@page("merchant", "POST", "goods/new/", name="new-listing")
def create(request: MerchantRequest) -> HttpResponse:
    """This will put a listing on the shelf; rows of variants without a price are left out."""
    form = request.form
    category = form.maybe_id("category")
    draft = ListingDraft(
        name=_name(form),
        kind=form.choice("kind", Kind),
        category=CategoryId(category) if category else None,
        description=both(form, "description", most=2000),
        variants=tuple(_variant(form, n) for n in range(VARIANT_ROWS) if n == 0 or form.maybe_money(_price(n))),
    )
    added = actions.add_listing(request.scope, shop=request.shop, draft=draft, at=request.at)
    return see_other("merchant:listing", added.listing, said=_("On the shelf. Now say how many there are."))


@page("merchant", "GET", "goods/<uuid:listing>/", name="listing")
def show_listing(request: MerchantRequest, listing: ListingId) -> HttpResponse:
    """This will show a listing to the one who keeps it."""
    found = kept(request, listing)
    prepared = found.kind is Kind.PREPARED
    return show(
        request,
        "listing.jinja",
        listing=found,
        categories=queries.categories(),
        choices=queries.kept_choices(request.scope, listing=listing) if prepared else (),
        prepared=prepared,
        cares=list(Care),
    )


@page("merchant", "POST", "goods/<uuid:listing>/", name="listing")
def edit(request: MerchantRequest, listing: ListingId) -> HttpResponse:
    """This will change what is said of a listing."""
    category = request.form.maybe_id("category")
    before = kept(request, listing)
    actions.edit_listing(
        request.scope,
        listing=listing,
        name=_name(request.form),
        description=both(request.form, "description", most=2000),
        category=CategoryId(category) if category else None,
        picture=before.picture,
        at=request.at,
    )
    return see_other("merchant:listing", listing, said=_("Changed."))


@page("merchant", "POST", "goods/<uuid:listing>/unlisting/", asks="merchant:listing")
def unlist(request: MerchantRequest, listing: ListingId) -> HttpResponse:
    """This will take a listing off the shelf."""
    actions.unlist(request.scope, listing=listing, at=request.at)
    return see_other("merchant:listing", listing, said=_("Off the shelf. Nobody can order it now."))


@page("merchant", "POST", "goods/<uuid:listing>/relisting/", asks="merchant:listing")
def relist(request: MerchantRequest, listing: ListingId) -> HttpResponse:
    """This will put a listing back on the shelf."""
    actions.relist(request.scope, listing=listing, at=request.at)
    return see_other("merchant:listing", listing, said=_("Back on the shelf."))


@page("merchant", "POST", "goods/<uuid:listing>/care/", name="listing-care", asks="merchant:listing")
def set_care(request: MerchantRequest, listing: ListingId) -> HttpResponse:
    """This will say how a listing's goods are carried."""
    ticked = set(request.form.many("care"))
    heavy_from = request.form.whole("heavy_from", low=1, high=MOST_PIECES, default=1)
    care = [care for care in Care if care in ticked]
    actions.set_care(request.scope, listing=listing, care=care, heavy_from=heavy_from, at=request.at)
    return see_other("merchant:listing", listing, said=_("Couriers who can carry it so are sent from now on."))


@page("merchant", "POST", "goods/<uuid:listing>/variants/", asks="merchant:listing")
def add_variant(request: MerchantRequest, listing: ListingId) -> HttpResponse:
    """This will offer a listing in one more variant."""
    draft = VariantDraft(
        price=request.form.money("price"),
        label=both(request.form, "label", most=60),
        measure=request.form.maybe_text("measure", most=20) or "",
        barcode=request.form.maybe_text("barcode", most=40) or "",
    )
    actions.add_variant(request.scope, listing=listing, draft=draft, at=request.at)
    return see_other("merchant:listing", listing, said=_("Added."))


@page("merchant", "POST", "goods/<uuid:listing>/prices/<uuid:variant>/", name="price", asks="merchant:listing")
def set_price(request: MerchantRequest, listing: ListingId, variant: VariantId) -> HttpResponse:
    """This will set a variant's own price."""
    price = request.form.money(f"price.{variant}")
    actions.set_price(request.scope, variant=variant, price=price, at=request.at)
    return see_other("merchant:listing", listing, said=_("The price is changed."))


def kept(request: MerchantRequest, listing: ListingId) -> queries.KeptListing:
    """This will give a listing of this shop, or refuse with NotFound."""
    found = queries.shop_listings(request.scope, shop=request.shop, only=listing, limit=1)
    if not found:
        raise NotFound("listing")
    return found[0]


VARIANT_ROWS = 4


def _price(nth: int) -> str:
    return f"variants.{nth}.price"


def _variant(form: Fields, nth: int) -> VariantDraft:
    at = f"variants.{nth}"
    return VariantDraft(
        price=form.money(_price(nth)),
        label=both(form, f"{at}.label", most=60),
        measure=form.maybe_text(f"{at}.measure", most=20) or "",
    )


def _name(form: Fields) -> dict[str, str]:
    chinese = form.text("name.zh", most=120)
    return {"zh": chinese, "en": form.maybe_text("name.en", most=120) or chinese}


def both(form: Fields, name: str, *, most: int) -> dict[str, str]:
    """This will read a text in both languages; the one that is missing is said in the other's words."""
    chinese, english = form.maybe_text(f"{name}.zh", most=most), form.maybe_text(f"{name}.en", most=most)
    return {"zh": chinese or english or "", "en": english or chinese or ""} if chinese or english else {}
