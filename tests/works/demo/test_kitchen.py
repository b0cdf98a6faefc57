"""The demo's resident finds what runs out, and its merchant what to order."""

from __future__ import annotations

import pytest

from builders import AT, a_home, a_listing
from builders.replenish import a_good
from linli.insight.demand import queries as demand
from linli.insight.replenish import queries
from linli.trade.catalogue.rules import Kind
from linli.works.demo import kitchen

pytestmark = pytest.mark.django_db


def test_the_resident_of_the_demo_finds_rice_that_runs_out_and_a_standing_order_that_is_due():
    rice = a_good()
    a_listing("鲜牛奶 950毫升", en="Fresh milk 950 ml", shop=rice.shop, kind=Kind.FRESH, stock=100)
    home = a_home(community=rice.shop.community).with_owner()

    kitchen.ask(home.scope, rice.shop.id, AT)

    page = queries.my_page(home.scope)
    proposed = {card.commodity: (card.is_standing, card.every_days, card.variant) for card in page.proposals}
    assert proposed["rice"] == (False, 41, rice.variant)
    assert proposed["milk"][:2] == (True, kitchen.STANDS_EVERY_D)
    assert {card.commodity: card.purchases for card in page.known} == {"rice": 8, "milk": 36}


def test_the_merchant_of_the_demo_finds_an_order_proposed():
    greens = a_listing("小青菜", en="Greens", kind=Kind.FRESH, stock=100)

    kitchen.count(greens.shop.scope, greens.shop.id, greens.shop.community.id, AT)

    (line,) = demand.order_lines(greens.shop.scope, shop=greens.shop.id, timezone="Asia/Shanghai", at=AT)
    assert line.variant == greens.variant
    assert line.usual >= 3


def test_the_merchant_of_the_demo_finds_a_price_off_what_will_be_left():
    tofu = a_listing(kitchen.TOO_MUCH, en="Soft tofu 400 g", kind=Kind.FRESH, stock=None)

    kitchen.count(tofu.shop.scope, tofu.shop.id, tofu.shop.community.id, AT)

    (line,) = demand.order_lines(tofu.shop.scope, shop=tofu.shop.id, timezone="Asia/Shanghai", at=AT)
    assert [batch.quantity for batch in line.batches] == [kitchen.SO_MUCH]
    assert line.batches[0].markdown_bp >= 1_500
