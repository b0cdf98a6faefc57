"""A card of the shelf is made once for what it shows, and anew as soon as it shows anything else."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from builders import AT
from builders.corner import Corner, around
from harness.visitors import Visitor
from linli.faces.owner.shelves import FEW, Offered
from linli.faces.shell import templates, voice
from linli.faces.shell.templates import remembered
from linli.kernel import ids
from linli.kernel.ids import FileId, ListingId, ShopId, VariantId
from linli.kernel.money import Money
from linli.spine.scope import GUEST, Scope
from linli.trade.catalogue.queries import ShelfListing, ShelfVariant
from linli.trade.catalogue.rules import Kind
from linli.trade.stock import actions as stock

VARIANT = ShelfVariant(VariantId(ids.new()), {"zh": "500 克", "en": "500 g"}, Money(890))
LISTING = ShelfListing(
    ListingId(ids.new()), ShopId(ids.new()), {"zh": "番茄", "en": "Tomatoes"}, None, Kind.PACKAGED, (VARIANT,)
)
CARD = Offered(
    on_shelf=LISTING, price=Money(890), from_price=False, left=40, variant=VARIANT.variant, shop_name={"zh": "果蔬"}
)
OTHERS = {
    "listing": replace(CARD, on_shelf=replace(LISTING, listing=ListingId(ids.new()))),
    "name": replace(CARD, on_shelf=replace(LISTING, name={"zh": "番茄", "en": "Vine tomatoes"})),
    "names_swapped": replace(CARD, on_shelf=replace(LISTING, name={"zh": "Tomatoes", "en": "番茄"})),
    "picture": replace(CARD, on_shelf=replace(LISTING, picture=FileId(ids.new()))),
    "label": replace(CARD, on_shelf=replace(LISTING, variants=(replace(VARIANT, label={"zh": "1 公斤"}),))),
    "kinds": replace(CARD, on_shelf=replace(LISTING, variants=(VARIANT, VARIANT))),
    "price": replace(CARD, price=Money(891)),
    "from_price": replace(CARD, from_price=True),
    "few_left": replace(CARD, left=FEW),
    "fewer_left": replace(CARD, left=FEW - 1),
    "sold_out": replace(CARD, left=0),
    "no_single_variant": replace(CARD, variant=None),
    "shop": replace(CARD, shop_name={"zh": "超市"}),
    "no_shop": replace(CARD, shop_name=None),
}


@pytest.mark.parametrize("what", OTHERS)
def test_a_card_that_shows_something_else_looks_different(what: str):
    assert OTHERS[what].looks != CARD.looks


def test_a_card_does_not_say_how_many_are_left_of_what_is_plenty():
    assert replace(CARD, left=400).looks == CARD.looks


def test_a_card_is_made_once_in_each_language_and_for_each_kind_of_reader():
    made: list[str] = []

    def macro(card: Offered, reader: str) -> str:
        made.append(reader)
        return f"<{card.price.minor} {reader} {voice.current().locale}>"

    def shown(locale: str, cards: list[Offered], reader: str) -> str:
        voice.speak(locale, at=AT)
        try:
            return remembered(macro, cards, reader)
        finally:
            voice.hush()

    dearer = OTHERS["price"]
    assert shown("en", [CARD, dearer, CARD], "guest") == "<890 guest en><891 guest en><890 guest en>"
    assert shown("en", [CARD], "neighbour") == "<890 neighbour en>"
    assert shown("zh-hans", [CARD], "guest") == "<890 guest zh-hans>"
    assert shown("en", [CARD], "guest") == "<890 guest en>"
    assert made == ["guest", "guest", "neighbour", "guest"]


@pytest.mark.django_db
def test_a_shelf_that_looks_the_same_is_made_once_and_anew_when_something_changes(
    corner: Corner, visitor: Visitor, monkeypatch: pytest.MonkeyPatch
):
    made: list[str] = []
    render = templates.render

    def counted(name: str, *rest: Any, **block: Any) -> str:
        made.append(name)
        return render(name, *rest, **block)

    monkeypatch.setattr(templates, "render", counted)
    shelf = around(corner.community.id, "shelf")

    def look(scope: Scope = GUEST, locale: str = "en", **query: str) -> str:
        return str(visitor(scope, locale=locale).get(shelf, query).content.decode())

    first = look()
    assert (look(), len(made)) == (first, 1)
    others = [look(locale="zh-hans"), look(words="bread"), look(scope=corner.scope)]
    assert (len(made), len({first, *others})) == (4, 4), "another language, another address, another reader"
    assert "2 left" not in first
    stock.count_stock(corner.greengrocer.scope, variant=corner.tomatoes.variant, counted=2, why="eaten", at=AT)
    assert ("2 left" in look(), len(made)) == (True, 5)
