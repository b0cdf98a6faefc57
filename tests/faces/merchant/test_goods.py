"""One listing in full: its picture, its variants, the choices of prepared food, and what places say of its price."""

from __future__ import annotations

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from builders import a_listing
from builders.pictures import a_picture
from harness.budget import budget
from linli.faces.merchant import goods as goods_page
from linli.kernel.money import Money
from linli.spine.scope import SYSTEM, Role
from linli.trade.catalogue import queries as catalogue
from linli.trade.catalogue.rules import Care, GroupDraft, OptionDraft

pytestmark = pytest.mark.django_db


@pytest.fixture
def desk(visitor, rice):
    return visitor(rice.shop.scope)


@pytest.fixture
def noodles(rice):
    spice = GroupDraft(
        name={"zh": "辣度", "en": "Spice"}, options=(OptionDraft(name={"zh": "不辣", "en": "Mild"}),), least=1, most=1
    )
    return a_listing("牛肉面", en="Beef noodles", shop=rice.shop, kind="prepared", price="26.00", groups=(spice,))


def text(response) -> str:
    return response.content.decode()


def where(listing, *more: object) -> str:
    return f"/m/goods/{listing.id}/" + "".join(f"{each}/" for each in more)


def kept(listing):
    (found,) = catalogue.shop_listings(SYSTEM, shop=listing.shop.id, only=listing.id)
    return found


def picture(content: bytes | None = None):
    return {"file": SimpleUploadedFile("rice.jpg", content or a_picture())}


def test_every_page_of_a_listing_opens_in_both_languages_within_its_budget(visitor, rice, noodles):
    budgets = {
        where(noodles): 6,
        where(noodles, "choices"): 5,
        where(rice, "variants", rice.variant): 3,
        where(rice, "variants", rice.variant, "offers"): 12,
    }
    for locale in ("zh-CN", "en"):
        client = visitor(rice.shop.scope, locale=locale)
        for page, statements in budgets.items():
            client.get(page)
            with budget(statements):
                assert client.get(page).status_code == 200, page


def test_a_shop_says_how_its_goods_are_carried(desk, rice):
    assert desk.post(where(rice, "care"), {"care": ["chilled", "nonsense"]}).status_code == 303
    assert kept(rice).care == {Care.CHILLED}
    assert 'value="chilled" checked' in text(desk.get(where(rice)))
    assert desk.post(where(rice, "care"), {"care": ["heavy"], "heavy_from": "6"}).status_code == 303
    assert (kept(rice).care, kept(rice).heavy_from) == ({Care.HEAVY}, 6)
    assert desk.post(where(rice, "care"), {}).status_code == 303
    assert kept(rice).care == frozenset()


def test_a_picture_is_put_up_replaced_and_taken_down(desk, rice):
    assert desk.post(where(rice, "picture"), picture()).status_code == 303
    first = kept(rice).picture
    assert f"/pictures/{first}/small" in text(desk.get(where(rice)))
    assert f"/pictures/{first}/small" in text(desk.get("/m/goods/"))
    assert desk.post(where(rice, "picture"), picture(a_picture("PNG"))).status_code == 303
    assert kept(rice).picture not in (None, first)
    assert desk.post(where(rice, "picture-removal")).status_code == 303
    assert kept(rice).picture is None


@pytest.mark.parametrize("wrong", [{}, picture(b"%PDF-1.7 no picture"), picture(b"\xff\xd8\xff broken")])
def test_what_is_no_picture_is_refused_at_its_field(desk, rice, wrong):
    answer = desk.post(where(rice, "picture"), wrong)
    assert answer.status_code in (415, 422)
    assert 'id="file-wrong"' in text(answer)
    assert kept(rice).picture is None


def test_a_variant_is_changed_and_taken_off_the_shelf_alone(desk, rice):
    page = where(rice, "variants", rice.variant)
    form = {"label.zh": "5公斤", "label.en": "5 kg", "measure": "bag", "barcode": "6901234567892"}
    assert desk.post(page, form).status_code == 303
    (variant,) = kept(rice).variants
    assert (variant.label, variant.measure, variant.barcode, variant.listed) == (
        {"zh": "5公斤", "en": "5 kg"}, "bag", "6901234567892", False,
    )  # fmt: skip
    assert "off the shelf" in text(desk.get(where(rice)))
    assert desk.post(page, form | {"listed": "1"}).status_code == 303
    assert kept(rice).variants[0].listed


def test_choices_are_changed_and_added_and_empty_rows_left_out(desk, noodles):
    assert 'value="辣度"' in text(desk.get(where(noodles, "choices")))
    form = {
        "groups.0.name.zh": "辣度", "groups.0.name.en": "Spice", "groups.0.least": "1", "groups.0.most": "1",
        "groups.0.options.0.name.zh": "不辣", "groups.0.options.1.name.zh": "特辣", "groups.0.options.1.price": "1.5",
        "groups.0.options.2.name.zh": "", "groups.1.name.zh": "加料", "groups.1.least": "0", "groups.1.most": "1",
        "groups.1.options.0.name.zh": "加蛋", "groups.1.options.0.price": "2", "groups.1.options.0.minutes": "3",
        "groups.2.name.zh": "",
    }  # fmt: skip
    assert desk.post(where(noodles, "choices"), form).status_code == 303
    spice, extra = catalogue.kept_choices(SYSTEM, listing=noodles.id)
    assert (spice.least, spice.most) == (1, 1)
    assert [(o.name["zh"], o.price.minor) for o in spice.options] == [("不辣", 0), ("特辣", 150)]
    assert [(o.name["zh"], o.price.minor, o.minutes) for o in extra.options] == [("加蛋", 200, 3)]
    assert "Change the choices" in text(desk.get(where(noodles)))


@pytest.mark.parametrize(
    "change",
    [
        {"groups.0.most": "5"}, {"groups.0.options.0.name.zh": ""}, {"groups.0.options.0.price": "dear"},
        {"groups.0.most": "0"},
    ],
)  # fmt: skip
def test_choices_that_contradict_themselves_are_refused_and_stay(desk, noodles, change):
    before = catalogue.kept_choices(SYSTEM, listing=noodles.id)
    form = {
        "groups.0.name.zh": "辣度",
        "groups.0.least": "1",
        "groups.0.most": "1",
        "groups.0.options.0.name.zh": "不辣",
    }
    answer = desk.post(where(noodles, "choices"), form | change)
    assert answer.status_code == 422
    assert "notice-bad" in text(answer)
    assert catalogue.kept_choices(SYSTEM, listing=noodles.id) == before


def test_packaged_goods_have_no_choices(desk, rice):
    assert desk.get(where(rice, "choices")).status_code == 404


def offer_form(page: str, **changes: str) -> dict[str, str]:
    """What the page's own form would send, unless changed."""
    hidden = dict(re.findall(r'type="hidden" name="(offers\.\d+\.\w+)" value="([^"]+)"', page))
    return hidden | {f"offers.{name.replace('_', '.')}": value for name, value in changes.items()}


def test_a_community_has_its_own_price_until_it_says_nothing_again(desk, rice):
    page = where(rice, "variants", rice.variant, "offers")
    blank = offer_form(text(desk.get(page)))
    assert len(blank) == 6  # a city, its district, the community
    assert desk.post(page, blank | {"offers.1.price": "27", "offers.2.price": "25.50"}).status_code == 303
    community = rice.shop.community.id

    def price():
        return catalogue.prices(community=community, variants=[rice.variant])[rice.variant].price

    assert price() == Money(2550)
    shown = text(desk.get(page))
    assert "set here" in shown
    assert "inherited" in shown
    assert desk.post(page, blank | {"offers.1.price": "27"}).status_code == 303
    assert price() == Money(2700)
    assert desk.post(page, blank | {"offers.2.visible": "0"}).status_code == 303
    assert catalogue.prices(community=community, variants=[rice.variant]) == {}
    assert desk.post(page, blank).status_code == 303
    assert price() == Money(2900)


@pytest.mark.parametrize("written", ["free", "0", "-1"])
def test_a_price_of_a_place_that_cannot_be_used_is_refused_at_its_field(desk, rice, written):
    page = where(rice, "variants", rice.variant, "offers")
    answer = desk.post(page, offer_form(text(desk.get(page))) | {"offers.2.price": written})
    assert answer.status_code == 422
    assert 'id="offers.2.price-wrong"' in text(answer)
    assert catalogue.kept_offers(SYSTEM, listing=rice.id, variant=rice.variant) == ()


def test_strangers_find_no_page_of_a_listing_and_change_nothing(visitor, rice, noodles, strangers):
    before = kept(rice), kept(noodles), catalogue.kept_choices(SYSTEM, listing=noodles.id)
    variant = where(rice, "variants", rice.variant)
    for scope in strangers:
        client = visitor(scope)
        for page in (where(rice), where(noodles, "choices"), variant, f"{variant}offers/"):
            assert client.get(page).status_code == 404, (scope.role, page)
        assert client.post(where(rice, "picture"), picture()).status_code == 404
        assert client.post(where(rice, "picture-removal")).status_code == 404
        assert client.post(variant, {"label.zh": "x"}).status_code == 404
        form = {"offers.0.level": "city", "offers.0.place": str(rice.shop.community.city), "offers.0.price": "1"}
        assert client.post(f"{variant}offers/", form).status_code == 404
        assert client.post(where(noodles, "choices"), {}).status_code == 404
    assert (kept(rice), kept(noodles), catalogue.kept_choices(SYSTEM, listing=noodles.id)) == before
    assert {scope.role for scope in strangers} >= {Role.MERCHANT, Role.RESIDENT}


def test_goods_are_sorted_by_name_and_price_over_all_pages(visitor, rice, monkeypatch):
    monkeypatch.setattr(goods_page, "A_PAGE", 2)
    for name, en, price in (("鲜奶", "Milk", "9.00"), ("苹果", "Apples", "30.00")):
        a_listing(name, en=en, shop=rice.shop, price=price)
    clerk = visitor(rice.shop.scope, locale="en")

    def shown(by: str) -> list[list[str]]:
        found, address = [], f"/m/goods/{by}"
        while address:
            html = text(clerk.get(address))
            found.append(re.findall(r'">(Rice|Milk|Apples)</a>', html))
            onward = re.search(r'<a href="([^"]+)" rel="next"', html)
            address = onward[1].replace("&amp;", "&") if onward else ""
        return found

    assert shown("") == [["Apples", "Milk"], ["Rice"]]
    assert shown("?by=name") == [["Apples", "Milk"], ["Rice"]]
    assert shown("?by=-name") == [["Rice", "Milk"], ["Apples"]]
    assert shown("?by=price") == [["Milk", "Rice"], ["Apples"]]
    assert shown("?by=-price") == [["Apples", "Rice"], ["Milk"]]
