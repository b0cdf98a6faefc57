"""What a variant costs from place to place: what a city, a district or a community says, and what it inherits."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from uuid import UUID

from django.http import HttpResponse

from linli.faces.merchant.desk import show
from linli.faces.merchant.goods import kept
from linli.faces.merchant.goods_variants import variant_of
from linli.faces.shell.forms import Fields
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import MerchantRequest
from linli.ground.places import queries as places
from linli.kernel.ids import ListingId, VariantId
from linli.kernel.money import Money
from linli.trade.catalogue import actions, queries
from linli.trade.catalogue.actions import OfferDraft
from linli.trade.catalogue.rules import Level
from linli.trade.shops import queries as shops

MOST_PLACES = 300


@dataclass(frozen=True, slots=True)
class OfferRow:
    """A place in the table: what it says itself, and what holds there after all."""

    place: UUID
    level: Level
    name: dict[str, str]
    said_price: Money | None
    said_visible: bool | None
    price: Money
    visible: bool


@page("merchant", "GET", "goods/<uuid:listing>/variants/<uuid:variant>/offers/")
def offers(request: MerchantRequest, listing: ListingId, variant: VariantId) -> HttpResponse:
    """This will show the city, its districts and the communities that the shop serves, each with what it says."""
    found = kept(request, listing)
    chosen = variant_of(found, variant)
    said = {line.place: line for line in queries.kept_offers(request.scope, listing=listing, variant=variant)}
    rows = list(_rows(request, chosen, said))
    return show(request, "offers.jinja", listing=found, variant=chosen, rows=rows, Level=Level)


@page("merchant", "POST", "goods/<uuid:listing>/variants/<uuid:variant>/offers/")
def set_offers(request: MerchantRequest, listing: ListingId, variant: VariantId) -> HttpResponse:
    """This will make each place say what stands in its row; an empty row says nothing."""
    variant_of(kept(request, listing), variant)
    form = request.form
    drafts = [_draft(form, n, variant) for n in range(MOST_PLACES) if f"offers.{n}.place" in form]
    actions.settle_offers(request.scope, offers=drafts, at=request.at)
    return see_other("merchant:offers", listing, variant, said=_("The prices of the places are set."))


def _draft(form: Fields, nth: int, variant: VariantId) -> OfferDraft:
    at = f"offers.{nth}"
    shown = form.raw(f"{at}.visible")
    return OfferDraft(
        variant=variant,
        level=form.choice(f"{at}.level", Level),
        place=form.id(f"{at}.place"),
        price=form.maybe_money(f"{at}.price"),
        visible=None if shown == "" else shown == "1",
    )


def _rows(
    request: MerchantRequest, variant: queries.KeptVariant, said: dict[UUID, queries.OfferLine]
) -> Iterator[OfferRow]:
    """From the wide to the narrow, each district followed by its communities."""
    zone = [each.community for each in shops.shop(request.scope, shop=request.shop).zone]
    cards = sorted(places.communities(ids=zone), key=lambda card: (str(card.city), str(card.district_id)))
    city = district = None
    for card in cards:
        if city is None or city.place != card.city:
            city = _row(card.city, Level.CITY, card.city_name, said, variant.price, variant.listed)
            yield city
        if district is None or district.place != card.district_id:
            district = _row(card.district_id, Level.DISTRICT, card.district, said, city.price, city.visible)
            yield district
        yield _row(card.id, Level.COMMUNITY, card.name, said, district.price, district.visible)


def _row(
    place: UUID, level: Level, name: dict[str, str], said: dict[UUID, queries.OfferLine], price: Money, visible: bool
) -> OfferRow:
    own = said.get(place)
    own_price, own_visible = (own.price, own.visible) if own else (None, None)
    return OfferRow(
        place,
        level,
        name,
        own_price,
        own_visible,
        price if own_price is None else own_price,
        visible if own_visible is None else own_visible,
    )
