"""The shelf and the prices: what a community sees, at its own prices, in one statement."""

from __future__ import annotations

import pytest

from builders import AT, a_community, a_listing, a_shop
from harness.budget import budget
from linli.kernel.money import Money
from linli.kernel.refusals import Invalid, NotFound
from linli.spine.scope import SYSTEM
from linli.trade.catalogue import actions, queries
from linli.trade.catalogue.actions import OfferDraft
from linli.trade.catalogue.rules import GroupDraft, Level, OptionDraft
from linli.trade.shops import actions as shops

pytestmark = pytest.mark.django_db


def names(shelf: queries.Shelf) -> list[str]:
    return [listing.name["zh"] for listing in shelf.listings]


def test_a_shelf_shows_what_approved_shops_sell_here_and_nothing_else() -> None:
    here = a_community()
    shop, second = a_shop(community=here), a_shop(community=here)
    rice = a_listing("东北大米", shop=shop, price="59.90")
    a_listing("酱油", shop=second)
    elsewhere = a_shop(community=a_community(lat=31.0))
    a_listing("远方的米", shop=elsewhere)
    hidden = a_listing("下架的米", shop=shop)
    actions.unlist(shop.scope, listing=hidden.id, at=AT)
    with budget(1):
        shelf = queries.shelf(community=here.id)
    assert names(shelf) == ["东北大米", "酱油"]
    first = shelf.listings[0]
    assert (first.listing, first.shop, first.kind) == (rice.id, shop.id, "packaged")
    assert [(v.variant, v.price) for v in first.variants] == [(rice.variant, Money(5990))]
    assert names(queries.shelf(community=here.id, shop=second.id)) == ["酱油"]
    shops.suspend(SYSTEM, shop=second.id, why="证照不符", at=AT)
    assert names(queries.shelf(community=here.id)) == ["东北大米"]


def test_pages_follow_a_stable_key_while_listings_come_and_go() -> None:
    shop = a_shop()
    listed = [a_listing(f"商品{n}", shop=shop) for n in range(5)]
    community = shop.community.id
    first = queries.shelf(community=community, limit=2)
    actions.unlist(shop.scope, listing=listed[0].id, at=AT)
    a_listing("新商品", shop=shop)
    second = queries.shelf(community=community, limit=2, after=first.next)
    third = queries.shelf(community=community, limit=2, after=second.next)
    assert names(first) + names(second) + names(third) == ["商品0", "商品1", "商品2", "商品3", "商品4", "新商品"]
    assert third.next is None
    with pytest.raises(Invalid):
        queries.shelf(community=community, after="no key")


def test_hidden_goods_at_the_front_of_a_shop_neither_shorten_nor_skip_a_page() -> None:
    here = a_community()
    shop, second = a_shop(community=here), a_shop(community=here)
    hidden = [a_listing(f"藏{n}", shop=shop) for n in range(7)]
    a_listing("米", shop=second), a_listing("油", shop=shop), a_listing("盐", shop=second), a_listing("糖", shop=shop)
    drafts = [OfferDraft(variant=each.variant, level=Level.COMMUNITY, place=here.id, visible=False) for each in hidden]
    actions.set_offers(shop.scope, offers=drafts, at=AT)
    with budget(2):  # the second asks for all keys, because the first six of a shop brought nothing to see
        first = queries.shelf(community=here.id, limit=2)
    with budget(1):
        second_page = queries.shelf(community=here.id, limit=2, after=first.next)
    assert names(first) + names(second_page) == ["米", "油", "盐", "糖"]
    assert second_page.next is None


def test_the_most_specific_offer_wins_for_price_and_visibility_apart() -> None:
    shop = a_shop()
    milk = a_listing("牛奶", shop=shop, price="10.00")
    here = shop.community

    def offer(level: Level, place: object, price: str | None = None, visible: bool | None = None) -> None:
        draft = OfferDraft(
            variant=milk.variant,
            level=level,
            place=place,  # type: ignore[arg-type]
            price=None if price is None else Money.parse(price),
            visible=visible,
        )
        actions.set_offers(shop.scope, offers=[draft], at=AT)

    def seen() -> tuple[Money | None, Money | None]:
        shelf = queries.shelf(community=here.id).listings
        priced = queries.prices(community=here.id, variants=[milk.variant])
        return (shelf[0].variants[0].price if shelf else None, priced[milk.variant].price if priced else None)

    offer(Level.CITY, here.city, "9.00", visible=False)
    assert seen() == (None, None)
    offer(Level.DISTRICT, here.district, visible=True)
    assert seen() == (Money(900), Money(900))
    offer(Level.COMMUNITY, here.id, "8.50")
    assert seen() == (Money(850), Money(850))
    actions.clear_offers(shop.scope, variants=[milk.variant], place=here.id, at=AT)
    assert seen() == (Money(900), Money(900))


@pytest.mark.parametrize(
    "words", ["大米", "米", "东北大米", "dami", "dongbei dami", "DM", "rice", "Rices", "ric", "大米 5kg"]
)
def test_goods_are_found_by_the_words_people_type(words: str) -> None:
    shop = a_shop()
    a_listing("东北大米", en="Northeast Rice", shop=shop, labels=("5kg", "10kg"))
    a_listing("小米粥", en="Porridge", shop=shop)
    shelf = queries.shelf(community=shop.community.id, words=words)
    assert "东北大米" in names(shelf)
    assert names(shelf) == ["东北大米"] or words == "米"


@pytest.mark.parametrize("words", ["米大", "oil", "!!!", "东大", "' OR 1=1 --"])
def test_what_is_not_there_is_not_found(words: str) -> None:
    shop = a_shop()
    a_listing("东北大米", en="Northeast Rice", shop=shop)
    assert names(queries.shelf(community=shop.community.id, words=words)) == []


def test_names_that_begin_with_the_words_come_first_across_pages() -> None:
    shop = a_shop()
    for name in ("糙大米", "有机米 大包", "大米", "香米"):
        a_listing(name, en="x", shop=shop, labels=("大米味",) if name == "香米" else ())
    community = shop.community.id
    first = queries.shelf(community=community, words="大米", limit=2)
    rest = queries.shelf(community=community, words="大米", limit=2, after=first.next)
    assert (names(first), names(rest)) == (["大米", "糙大米"], ["香米"])


def test_a_category_holds_what_stands_under_it() -> None:
    shop = a_shop()
    food = actions.add_category(SYSTEM, name={"zh": "食品", "en": "Food"}, at=AT)
    grain = actions.add_category(SYSTEM, name={"zh": "粮油", "en": "Grain"}, parent=food, at=AT)
    other = actions.add_category(SYSTEM, name={"zh": "日用", "en": "Household"}, position=1, at=AT)
    rice = a_listing("大米", shop=shop)
    actions.edit_listing(
        shop.scope,
        listing=rice.id,
        name={"zh": "大米", "en": "Rice"},
        description={},
        category=grain,
        picture=None,
        at=AT,
    )
    community = shop.community.id
    assert [names(queries.shelf(community=community, category=c)) for c in (food, grain, other)] == [
        ["大米"],
        ["大米"],
        [],
    ]
    actions.move_category(SYSTEM, category=grain, parent=other, at=AT)
    assert [names(queries.shelf(community=community, category=c)) for c in (food, grain, other)] == [
        [],
        ["大米"],
        ["大米"],
    ]
    assert [(c.name["en"], c.depth) for c in queries.categories()] == [("Food", 1), ("Household", 1), ("Grain", 2)]
    loose = a_listing("散米", shop=shop)
    with budget(1):
        assert queries.categories_of(variants=[rice.variant, loose.variant]) == {rice.variant: grain}


def test_prices_leave_out_what_cannot_be_bought_here_and_bring_the_choices() -> None:
    spicy = GroupDraft(
        name={"zh": "辣度", "en": "Heat"},
        least=1,
        most=1,
        options=(
            OptionDraft(name={"zh": "微辣", "en": "Mild"}),
            OptionDraft(name={"zh": "特辣", "en": "Hot"}, price=Money(100), minutes=2),
        ),
    )
    noodles = a_listing("牛肉面", kind="prepared", price="22.00", groups=(spicy,))
    foreign = a_listing("远方的米", shop=a_shop(community=a_community(lat=31.0)))
    with budget(1):
        priced = queries.prices(community=noodles.shop.community.id, variants=[noodles.variant, foreign.variant])
    assert list(priced) == [noodles.variant]
    found = priced[noodles.variant]
    assert (found.price, found.kind, found.shop) == (Money(2200), "prepared", noodles.shop.id)
    assert [(o.name["en"], o.price, o.minutes) for o in found.options.values()] == [
        ("Mild", Money(0), 0),
        ("Hot", Money(100), 2),
    ]
    assert [(g.name["en"], g.least, g.most) for g in found.groups.values()] == [("Heat", 1, 1)]
    assert {o.group for o in found.options.values()} == set(found.groups)


def test_a_listing_page_shows_its_visible_variants_or_does_not_exist() -> None:
    rice = a_listing("大米", labels=("5kg", "10kg"))
    shop = rice.shop
    actions.edit_variant(
        shop.scope,
        variant=rice.variants[0],
        label={"zh": "5kg", "en": "5kg"},
        measure="袋",
        barcode="690",
        listed=False,
        at=AT,
    )
    page = queries.listing_page(community=shop.community.id, listing=rice.id)
    assert [v.variant for v in page.variants] == [rice.variants[1]]
    with pytest.raises(NotFound):
        queries.listing_page(community=a_community(lat=31.0).id, listing=rice.id)


def test_a_merchant_keeps_the_whole_list_and_strangers_see_none_of_it() -> None:
    rice = a_listing("大米", labels=("5kg", "10kg"))
    kept = queries.shop_listings(rice.shop.scope, shop=rice.shop.id)
    assert [(k.listing, [v.variant for v in k.variants]) for k in kept] == [(rice.id, list(rice.variants))]
    assert queries.shop_listings(rice.shop.scope, shop=rice.shop.id, words="油") == ()
    with pytest.raises(NotFound):
        queries.shop_listings(a_shop().scope, shop=rice.shop.id)
