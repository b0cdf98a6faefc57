"""What anybody may see: communities, shops, the shelf, products. Nothing personal is among it."""

from __future__ import annotations

from urllib.parse import parse_qs, quote, urlsplit

import pytest
from django.test import Client

from builders import AT, a_listing
from builders.corner import Corner, around, owner
from builders.shops import GroupDraft
from harness.visitors import Visitor, part
from linli.kernel import ids
from linli.kernel.money import Money
from linli.spine.scope import Role, Scope
from linli.trade.catalogue.queries import listing_page
from linli.trade.catalogue.rules import OptionDraft
from linli.trade.orders import queries as orders
from linli.trade.shops import actions as shops
from linli.trade.stock import actions as stock

pytestmark = pytest.mark.django_db


def test_a_guest_looks_around_without_signing_in(corner: Corner, visitor: Visitor):
    guest = visitor()
    for where in (
        owner("communities"),
        around(corner.community.id),
        around(corner.community.id, "shelf"),
        around(corner.community.id, "shops", corner.greengrocer.id),
        around(corner.community.id, "listings", corner.tomatoes.id),
    ):
        assert guest.get(where).status_code == 200, where


@pytest.mark.parametrize("words", ["番茄", "tomato", "fanqie"])
def test_goods_are_found_in_chinese_in_english_and_by_pinyin(corner: Corner, visitor: Visitor, words: str):
    found = visitor().get(around(corner.community.id, "shelf"), {"words": words}).content.decode()
    assert "Tomatoes" in found
    assert "Loaf" not in found


def test_a_search_for_nothing_says_so(corner: Corner, visitor: Visitor):
    assert (
        "Nothing like this here"
        in visitor().get(around(corner.community.id, "shelf"), {"words": "bicycle"}).content.decode()
    )


def test_the_shelf_goes_on_by_key(corner: Corner, visitor: Visitor):
    for nth in range(30):
        a_listing(f"米{nth:02d}", en=f"Rice No {nth:02d}", shop=corner.bakery, stock=1)
    guest = visitor()
    first = guest.get(around(corner.community.id, "shelf")).content.decode()
    more = first.split('rel="next"')[0].rpartition('href="')[2].partition('"')[0].replace("&amp;", "&")
    second = guest.get(more).content.decode()
    assert first.count("product-card-text") == 30
    assert second.count("product-card-text") == 2
    assert "Rice No 29" in second
    assert "Show more" not in second


def test_a_card_tells_what_is_left_honestly(corner: Corner, visitor: Visitor):
    stock.count_stock(corner.greengrocer.scope, variant=corner.tomatoes.variant, counted=0, why="eaten", at=AT)
    shelf = visitor().get(around(corner.community.id, "shelf")).content.decode()
    assert "Sold out" in shelf
    assert "3 left" in shelf


def test_a_dish_shows_its_choices_with_what_they_cost(corner: Corner, visitor: Visitor):
    size = GroupDraft(
        name={"zh": "份量", "en": "Size"},
        least=1,
        most=1,
        options=(
            OptionDraft(name={"zh": "小", "en": "Small"}, price=Money(0)),
            OptionDraft(name={"zh": "大", "en": "Large"}, price=Money(300)),
        ),
    )
    dish = a_listing("牛肉面", en="Beef noodles", shop=corner.bakery, kind="prepared", groups=(size,), stock=9)
    shown = visitor(corner.scope).get(around(corner.community.id, "listings", dish.id)).content.decode()
    assert "Large" in shown
    assert "+¥3" in shown
    wanted = {"variant": dish.variant, "quantity": "2", "options.size": dish.options[1]}
    assert visitor(corner.scope).post(around(corner.community.id, "listings", dish.id), wanted).status_code == 303
    (line,) = orders.basket_page(corner.scope, community=corner.community.id, at=AT).shops[0].lines
    assert (line.quantity, [c.name["en"] for c in line.choices]) == (2, ["Large"])


def test_a_dish_without_choices_is_taken_at_one_press(corner: Corner, visitor: Visitor):
    soup = a_listing("汤", en="Soup", shop=corner.bakery, kind="prepared", stock=9)
    spice = GroupDraft(
        name={"zh": "辣", "en": "Heat"}, least=0, most=1, options=(OptionDraft(name={"zh": "微辣", "en": "Mild"}),)
    )
    noodles = a_listing("面", en="Noodles", shop=corner.bakery, kind="prepared", groups=(spice,), stock=9)
    shelf = visitor(corner.scope).get(around(corner.community.id, "shelf")).content.decode()
    assert f'action="{around(corner.community.id, "listings", soup.id)}"' in shelf
    assert f'action="{around(corner.community.id, "listings", noodles.id)}"' not in shelf
    assert shelf.count("choose-link") == 1


def test_a_dish_without_its_choice_is_refused_and_shown_again(corner: Corner, visitor: Visitor):
    size = GroupDraft(
        name={"zh": "份量", "en": "Size"}, least=1, most=1, options=(OptionDraft(name={"zh": "小", "en": "S"}),)
    )
    dish = a_listing("面", en="Noodles", shop=corner.bakery, kind="prepared", groups=(size,), stock=9)
    answer = visitor(corner.scope).post(
        around(corner.community.id, "listings", dish.id), {"variant": dish.variant, "quantity": "1"}
    )
    assert answer.status_code == 422
    said = answer.content.decode()
    (group,) = listing_page(community=corner.community.id, listing=dish.id).groups
    assert said.count('class="choices choices-wrong"') == 1
    assert f'id="wrong-{group}" role="alert"' in said
    assert "Please choose 1 here." in said
    assert orders.basket_page(corner.scope, community=corner.community.id, at=AT).pieces == 0


def test_one_press_puts_it_into_the_basket_and_comes_back(corner: Corner, visitor: Visitor):
    shelf = around(corner.community.id, "shelf")
    answer = visitor(corner.scope).post(
        around(corner.community.id, "listings", corner.bread.id),
        {"variant": corner.bread.variant},
        headers={"referer": f"http://testserver{shelf}"},
    )
    assert (answer.status_code, answer["Location"]) == (303, shelf)
    assert orders.basket_page(corner.scope, community=corner.community.id, at=AT).pieces == 1


def test_with_scripts_only_the_basket_bar_changes(corner: Corner, visitor: Visitor):
    answer = visitor(corner.scope).post(
        around(corner.community.id, "listings", corner.bread.id),
        {"variant": corner.bread.variant},
        headers=part("basket-bar"),
    )
    said = answer.content.decode()
    assert "basket-bar-count" in said
    assert "<html" not in said


def test_guests_are_asked_to_sign_in_and_take_nothing(corner: Corner, visitor: Visitor):
    where = around(corner.community.id, "listings", corner.bread.id)
    assert "Sign in to order" in visitor().get(where).content.decode()
    assert visitor().post(where, {"variant": corner.bread.variant}).status_code == 404


def test_what_a_guest_chose_is_kept_while_they_sign_in(corner: Corner, visitor: Visitor):
    size = GroupDraft(
        name={"zh": "加料", "en": "Extra"}, least=0, most=1, options=(OptionDraft(name={"zh": "蛋", "en": "Egg"}),)
    )
    dish = a_listing("面", en="Noodles", shop=corner.bakery, kind="prepared", groups=(size,), stock=9)
    where = around(corner.community.id, "listings", dish.id)
    (group,) = listing_page(community=corner.community.id, listing=dish.id).groups
    guest = visitor()
    assert f'method="get" action="{where}sign-in/"' in guest.get(where).content.decode()
    wanted = {"variant": str(dish.variant), "quantity": "3", f"options.{group}": str(dish.options[0])}
    sent = guest.get(where + "sign-in/", wanted)
    assert sent.status_code == 303
    assert sent["Location"].startswith("/sign-in/?next=")
    onward = parse_qs(urlsplit(sent["Location"]).query)["next"][0]
    back = visitor(corner.scope).get(onward).content.decode()
    assert "Your choice is still here" in back
    assert f'value="{dish.options[0]}" data-price="0" checked' in back
    assert 'name="quantity" value="3"' in back
    assert orders.basket_page(corner.scope, community=corner.community.id, at=AT).pieces == 0
    once = visitor(corner.scope).post(where, wanted, headers={"referer": f"http://testserver{onward}"})
    assert once["Location"] == where


def test_a_guest_finds_the_communities_from_the_front_door(corner: Corner, visitor: Visitor):
    front = visitor().get("/").content.decode()
    assert f'href="{owner("communities")}"' in front
    there = around(corner.community.id, "shelf") + "?words=%E5%90%90%E5%8F%B8"
    shown = visitor().get(there).content.decode()
    assert "Loaf" in shown
    assert f"/sign-in/?next={quote(there, safe='')}" in shown


def test_a_neighbour_of_another_community_looks_but_takes_nothing(corner: Corner, visitor: Visitor):
    stranger = Scope(role=Role.RESIDENT, person=corner.scope.person)
    where = around(corner.community.id, "listings", corner.bread.id)
    assert "Only those who live in" in visitor(stranger).get(where).content.decode()
    assert visitor(stranger).post(where, {"variant": corner.bread.variant}).status_code == 404


def test_what_does_not_exist_or_does_not_sell_here_is_not_there(corner: Corner, visitor: Visitor):
    guest, nobody = visitor(), ids.new()
    assert guest.get(around(nobody)).status_code == 404
    assert guest.get(around(corner.community.id, "shops", nobody)).status_code == 404
    assert guest.get(around(corner.community.id, "listings", nobody)).status_code == 404


def test_a_closed_shop_says_when_it_opens(corner: Corner, visitor: Visitor):
    shops.pause(corner.bakery.scope, shop=corner.bakery.id, until=AT.replace(hour=4), at=AT)
    shown = visitor().get(around(corner.community.id, "shops", corner.bakery.id)).content.decode()
    assert "opens today 12:00" in shown


def test_home_shows_the_shops_and_a_quiet_day(resident: Client, corner: Corner):
    shown = resident.get(owner()).content.decode()
    assert shown.count('class="shop-card"') == 2
    assert "7-2-1203" in shown
    assert "courtyard" in shown


def test_a_person_without_a_home_is_told_what_to_do(corner: Corner, visitor: Visitor):
    person = Scope(role=Role.RESIDENT, person=corner.scope.person)
    assert "No home is tied to you yet" in visitor(person).get(owner()).content.decode()
