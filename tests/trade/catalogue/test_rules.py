"""Words, choices and sheets, and prices that are inherited as the oracle looks them up."""

from __future__ import annotations

from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from builders import AT, a_listing
from linli.kernel import ids
from linli.kernel.ids import CategoryId, OptionId
from linli.kernel.money import Money
from linli.kernel.refusals import Invalid
from linli.spine.sheets import read
from linli.trade.catalogue import actions, queries, rules
from linli.trade.catalogue.actions import OfferDraft
from linli.trade.catalogue.rules import ChoiceGroup, Kind, Level, ListingDraft, PricedOption, VariantDraft, WrongChoices
from linli.trade.catalogue.rules.sheet import COLUMNS, plan_of
from trade.catalogue.oracle import effective

said = st.tuples(st.none() | st.integers(1, 99_999), st.none() | st.booleans()).filter(lambda o: o != (None, None))


@pytest.mark.django_db
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(offers=st.dictionaries(st.sampled_from(list(Level)), said))
def test_prices_and_visibility_are_inherited_as_the_oracle_looks_them_up(
    offers: dict[Level, tuple[int | None, bool | None]],
) -> None:
    milk = a_listing(price="10.00")
    here = milk.shop.community
    places: dict[Level, UUID] = {Level.CITY: here.city, Level.DISTRICT: here.district, Level.COMMUNITY: here.id}
    drafts = [
        OfferDraft(
            variant=milk.variant,
            level=level,
            place=places[level],
            price=None if price is None else Money(price),
            visible=visible,
        )
        for level, (price, visible) in offers.items()
    ]
    if drafts:
        actions.set_offers(milk.shop.scope, offers=drafts, at=AT)
    price, visible = effective(1000, {level.value: offer for level, offer in offers.items()})
    shelf = [v.price for found in queries.shelf(community=here.id).listings for v in found.variants]
    priced = [p.price for p in queries.prices(community=here.id, variants=[milk.variant]).values()]
    assert shelf == priced == ([Money(price)] if visible else [])


chinese = st.text(st.sampled_from("东北大米牛奶苹果香蕉酱油鸡蛋"), min_size=1, max_size=8)
words = st.text(st.sampled_from("abcdefgs "), max_size=12)


@given(name=chinese, other=words, data=st.data())
def test_every_part_of_a_name_finds_it(name: str, other: str, data: st.DataObject) -> None:
    stored = set(rules.search_tokens([name, other]))
    start = data.draw(st.integers(0, len(name) - 1))
    end = data.draw(st.integers(start + 1, len(name)))
    assert set(rules.asked_tokens(name[start:end])) <= stored
    for word in other.split():
        assert set(rules.asked_tokens(word)) <= stored
        assert set(rules.asked_tokens(word.upper())) <= stored


@pytest.mark.parametrize(
    ("asked", "name"),
    [
        ("tomato", "Tomatoes"),
        ("TOMATOES", "tomato"),
        ("berry", "Berries"),
        ("ｍｉｌｋ", "Milk"),
        ("pingguo", "红富士苹果"),
    ],
)
def test_other_spellings_of_the_same_word_find_it(asked: str, name: str) -> None:
    assert set(rules.asked_tokens(asked)) <= set(rules.search_tokens([name]))


def test_choices_are_counted_group_by_group() -> None:
    heat, extra = ids.new(), ids.new()
    mild, hot, egg, ham = (OptionId(ids.new()) for _ in range(4))
    groups = {heat: ChoiceGroup({}, 1, 1), extra: ChoiceGroup({}, 0, 2)}
    options = {
        key: PricedOption(group, {}, Money(0), 0)
        for key, group in ((mild, heat), (hot, heat), (egg, extra), (ham, extra))
    }
    for chosen in ((mild,), (hot, egg), (mild, egg, ham)):
        rules.check_choices(groups, options, chosen)
    for chosen in ((), (egg,), (mild, hot), (mild, mild), (mild, OptionId(ids.new())), (mild, egg, egg)):
        with pytest.raises(WrongChoices):
            rules.check_choices(groups, options, chosen)


@pytest.mark.parametrize("price", [Money(0), Money(-1), Money(100_000_001)])
def test_a_price_is_something_and_not_a_slip(price: Money) -> None:
    draft = ListingDraft(name={"zh": "米", "en": "Rice"}, kind=Kind.PACKAGED, variants=(VariantDraft(price=price),))
    with pytest.raises(Invalid) as refused:
        rules.check_draft(draft, at="")
    assert refused.value.field == "variants.0.price"


SHEET = """名称,英文名称,类型,分类,规格,价格,条码
大米,Rice,,粮油,5kg,59.90,690
大米,,,,10kg,108,
牛奶,Milk,生鲜,,,12.5,
"""


def test_rows_of_one_name_are_the_variants_of_one_listing() -> None:
    grain = CategoryId(ids.new())
    plan = plan_of(read("goods.csv", SHEET.encode("gb18030"), COLUMNS), {"粮油": grain})
    assert plan.errors == []
    rice, milk = plan.drafts
    assert (rice.name, rice.kind, rice.category) == ({"zh": "大米", "en": "Rice"}, Kind.PACKAGED, grain)
    assert [(v.label["zh"], v.price) for v in rice.variants] == [("5kg", Money(5990)), ("10kg", Money(10800))]
    assert (milk.kind, [(v.label, v.price) for v in milk.variants]) == (Kind.FRESH, [({}, Money(1250))])


def test_what_is_wrong_in_a_sheet_is_told_cell_by_cell() -> None:
    sheet = "名称,类型,分类,规格,价格\n,,,,1\n米,石头,,,1\n面,,没有,,1\n油,,,,便宜\n糖,,,,1\n糖,,,,2\n盐,,,,-1\n"
    plan = plan_of(read("goods.csv", sheet.encode(), COLUMNS), {})
    assert [(e.row, e.column) for e in plan.errors] == [
        (2, "name"),
        (3, "kind"),
        (4, "category"),
        (5, "price"),
        (7, "label"),
        (8, "price"),
    ]
