"""A shop keeps its own goods and nobody else's; a sheet comes in whole or not at all."""

from __future__ import annotations

import pytest

from builders import AT, a_listing, a_shop
from harness.budget import budget
from linli.kernel.money import Money
from linli.kernel.refusals import Denied, Invalid, NotFound
from linli.spine.scope import SYSTEM
from linli.trade.catalogue import actions, queries
from linli.trade.catalogue.actions import OfferDraft
from linli.trade.catalogue.rules import Care, Kind, Level, ListingDraft, VariantDraft

pytestmark = pytest.mark.django_db
RICE = {"zh": "大米", "en": "Rice"}


def test_many_listings_cost_as_many_statements_as_one() -> None:
    shop = a_shop()
    drafts = [
        ListingDraft(name=RICE, kind=Kind.PACKAGED, variants=(VariantDraft(price=Money(100)),)) for _ in range(50)
    ]
    with budget(4):  # begin, listings, variants, facts
        added = actions.add_listings(shop.scope, shop=shop.id, drafts=drafts, at=AT)
    assert len(added) == 50


def test_another_shops_goods_do_not_exist() -> None:
    rice, other = a_listing("大米", price="10.00"), a_shop()
    offer = OfferDraft(
        variant=rice.variant, level=Level.COMMUNITY, place=rice.shop.community.id, price=Money(1), visible=None
    )
    draft = ListingDraft(name=RICE, kind=Kind.PACKAGED, variants=(VariantDraft(price=Money(1)),))
    for verb in (
        lambda: actions.set_price(other.scope, variant=rice.variant, price=Money(1), at=AT),
        lambda: actions.unlist(other.scope, listing=rice.id, at=AT),
        lambda: actions.set_care(other.scope, listing=rice.id, care=[Care.HEAVY], at=AT),
        lambda: actions.set_offers(other.scope, offers=[offer], at=AT),
        lambda: actions.add_listing(other.scope, shop=rice.shop.id, draft=draft, at=AT),
    ):
        with pytest.raises(NotFound):
            verb()
    (shown,) = queries.shelf(community=rice.shop.community.id).listings
    assert [v.price for v in shown.variants] == [Money(1000)]
    assert queries.care_of(variants=[rice.variant]) == {}


def test_an_unlisted_listing_comes_back_as_it_was() -> None:
    rice = a_listing("大米")
    before = queries.shelf(community=rice.shop.community.id)
    actions.unlist(rice.shop.scope, listing=rice.id, at=AT)
    assert queries.prices(community=rice.shop.community.id, variants=[rice.variant]) == {}
    actions.relist(rice.shop.scope, listing=rice.id, at=AT)
    assert queries.shelf(community=rice.shop.community.id) == before


def test_a_category_never_stands_under_itself_and_the_tree_stays_low() -> None:
    top = actions.add_category(SYSTEM, name=RICE, at=AT)
    chain = [top]
    for _ in range(4):
        chain.append(actions.add_category(SYSTEM, name=RICE, parent=chain[-1], at=AT))
    with pytest.raises(actions.TooDeep):
        actions.add_category(SYSTEM, name=RICE, parent=chain[-1], at=AT)
    with pytest.raises(Invalid):
        actions.move_category(SYSTEM, category=top, parent=chain[2], at=AT)
    with pytest.raises(Denied):
        actions.add_category(a_shop().scope, name=RICE, at=AT)
    assert [c.depth for c in queries.categories()] == [1, 2, 3, 4, 5]


def test_a_sheet_adds_what_is_new_sets_prices_of_what_is_known_and_may_come_twice() -> None:
    shop = a_shop()
    known = a_listing("大米", shop=shop, price="50.00", labels=("5kg",))
    sheet = "名称,规格,价格\n大米,5kg,59.90\n大米,10kg,108\n酱油,,9.90\n".encode()
    preview = actions.preview_listings(shop=shop.id, file_name="goods.csv", content=sheet)
    assert (preview.rows, preview.listings, preview.variants, preview.errors) == (3, 2, 3, ())
    assert (preview.new, preview.changed, preview.same) == (2, 1, 0)
    done = [actions.import_listings(shop.scope, shop=shop.id, file_name="g.csv", content=sheet, at=AT) for _ in "12"]
    assert done == [actions.Imported(1, 2, 1), actions.Imported(0, 0, 0)]
    again = actions.preview_listings(shop=shop.id, file_name="goods.csv", content=sheet)
    assert (again.new, again.changed, again.same) == (0, 0, 3)
    other = actions.preview_listings(shop=a_shop().id, file_name="goods.csv", content=sheet)
    assert (other.new, other.changed, other.same) == (3, 0, 0)
    rice, sauce = queries.shelf(community=shop.community.id).listings
    assert rice.listing == known.id
    assert [v.price for v in rice.variants] == [Money(5990), Money(10800)]
    assert [v.price for v in sauce.variants] == [Money(990)]


def test_a_sheet_asks_the_database_as_often_for_many_more_variants_as_for_one() -> None:
    shop = a_shop()
    for n in range(12):
        a_listing(f"大米{n}", shop=shop, labels=("5kg",))

    def sheet(*labels: str) -> bytes:
        return "\n".join(["名称,规格,价格", *(f"大米{n},{label},108" for n in range(12) for label in labels)]).encode()

    for wanted in (("10kg",), ("20kg", "25kg", "50kg")):
        with budget(7):  # begin, categories, known, lock, variants, insert, words
            done = actions.import_listings(shop.scope, shop=shop.id, file_name="g.csv", content=sheet(*wanted), at=AT)
        assert done == actions.Imported(0, 12 * len(wanted), 0)
    kept = queries.shop_listings(shop.scope, shop=shop.id)
    assert {tuple(v.label["zh"] for v in each.variants) for each in kept} == {("5kg", "10kg", "20kg", "25kg", "50kg")}
    assert len(queries.shelf(community=shop.community.id, words="50kg").listings) == 12


def test_a_variant_of_anothers_listing_is_not_added_and_nothing_else_is() -> None:
    shop, other = a_shop(), a_listing(shop=a_shop())
    mine = a_listing(shop=shop, labels=("5kg",))
    draft = VariantDraft(price=Money(100), label={"zh": "x", "en": "x"})
    with pytest.raises(NotFound):
        actions.add_variants(shop.scope, shop=shop.id, drafts=[(mine.id, draft), (other.id, draft)], at=AT)
    (kept,) = queries.shop_listings(shop.scope, shop=shop.id)
    assert len(kept.variants) == 1


def test_a_sheet_says_how_goods_are_carried_and_what_it_leaves_empty_stays() -> None:
    shop = a_shop()
    known = a_listing("大米", shop=shop)
    actions.set_care(shop.scope, listing=known.id, care=[Care.FRAGILE], at=AT)
    head = "名称,价格,配送要求,几件起算重物\n"
    actions.import_listings(
        shop.scope,
        shop=shop.id,
        file_name="g.csv",
        content=(head + "大米,50,,\n矿泉水,2,重物、易碎,6\n").encode(),
        at=AT,
    )
    care = {each.name["zh"]: (each.care, each.heavy_from) for each in queries.shop_listings(shop.scope, shop=shop.id)}
    assert care == {"大米": ({Care.FRAGILE}, 1), "矿泉水": ({Care.HEAVY, Care.FRAGILE}, 6)}
    actions.import_listings(
        shop.scope, shop=shop.id, file_name="g.csv", content=(head + "大米,50,chilled,\n").encode(), at=AT
    )
    (rice,) = queries.shop_listings(shop.scope, shop=shop.id, only=known.id)
    assert rice.care == {Care.CHILLED}


@pytest.mark.parametrize(("cells", "column", "value"), [("冰,", "care", "冰"), ("重物,0", "heavy_from", "0")])
def test_a_sheet_that_asks_for_unknown_care_brings_nothing(cells, column, value) -> None:
    sheet = f"名称,价格,配送要求,几件起算重物\n水,2,{cells}\n".encode()
    (error,) = actions.preview_listings(shop=a_shop().id, file_name="goods.csv", content=sheet).errors
    assert (error.row, error.column, error.value) == (2, column, value)


def test_a_sheet_with_one_wrong_cell_brings_nothing() -> None:
    shop = a_shop()
    sheet = "名称,价格\n大米,59.90\n酱油,便宜\n".encode()
    (error,) = actions.preview_listings(shop=a_shop().id, file_name="goods.csv", content=sheet).errors
    assert (error.row, error.column, error.value) == (3, "price", "便宜")
    with pytest.raises(actions.SheetHasErrors):
        actions.import_listings(shop.scope, shop=shop.id, file_name="goods.csv", content=sheet, at=AT)
    assert queries.shop_listings(shop.scope, shop=shop.id) == ()
