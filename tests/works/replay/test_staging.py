"""The stage is set once: who was killed before the cast was written down gets the same cast again."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from builders import a_city
from linli.spine import sql
from linli.trade.catalogue import queries as catalogue
from linli.trade.shops import queries as shops
from linli.trade.stock import queries as stock
from linli.works.replay.cast import STALLS, Cast
from linli.works.replay.panel import Product
from linli.works.replay.staging import SPARE, STAGE_HAND, set_stage
from linli.works.replay.wish import StageBroken

pytestmark = pytest.mark.django_db
AT = datetime(2017, 3, 5, tzinfo=UTC)
MILK = Product(11, "GROCERY", "Whole milk · 11", "1 GA", 150)
APPLES = Product(12, "PRODUCE", "Apples · 12", "", 99)
ONCE = STAGE_HAND.keyed("replay-stage-test")


def staged() -> Cast:
    return set_stage(ONCE, names=["7.0", "8.0"], products=[MILK, APPLES], demand=[(0, 11, 3), (0, 12, 4)], at=AT)


def counted() -> list[tuple[int, int]]:
    return sql.fetch("SELECT (SELECT count(*) FROM shops_shop), (SELECT count(*) FROM stock_batch)")


def test_a_stage_that_is_set_again_is_the_same_stage():
    first = staged()
    before = counted()

    again = staged()

    assert again == first
    assert counted() == before
    assert before[0][0] == len(STALLS)


def test_whoever_lives_there_finds_the_goods_that_keep_and_a_courier_brings_them():
    cast = staged()
    (community,) = cast.communities
    grocery = cast.markets[0][0]

    assert sorted(cast.households) == ["7.0", "8.0"]
    assert (
        catalogue.prices(community=community, variants=[grocery.variants[11]])[grocery.variants[11]].price.minor == 150
    )
    assert stock.available(variants=[grocery.variants[11]], at=AT) == {grocery.variants[11]: 3 + SPARE}
    terms = shops.sale_terms(community=community, shops=[grocery.shop], at=AT)[grocery.shop]
    assert terms.courier not in (None, terms.merchant)


def test_a_database_that_holds_something_else_is_left_alone():
    a_city()
    with pytest.raises(StageBroken, match="holds something else"):
        staged()
    assert sql.fetch("SELECT count(*) FROM shops_shop") == [(0,)]
