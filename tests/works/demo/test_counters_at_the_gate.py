"""The town's car park and rounds: no page of them is empty for a stranger."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from linli.estate.assets import queries as assets
from linli.estate.contracts import queries as contracts
from linli.estate.parking import queries as parking
from linli.estate.patrols import queries as patrols
from linli.kernel.money import Money
from linli.spine.scope import SYSTEM, Scope
from linli.works.demo import settling, town
from linli.works.demo.assets import live as live_assets
from linli.works.demo.contracts import live as live_contracts
from linli.works.demo.parking import live as live_parking
from linli.works.demo.patrols import live as live_patrols
from linli.works.demo.town import MERCHANT_PHONE
from linli.works.demo.wishing import buyer, desk, keeper

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 7, 31, 4, 0, tzinfo=UTC)


@pytest.fixture
def company() -> Scope:
    settling.settle(SYSTEM, town=town.plan(homes=12), at=NOW - timedelta(days=10))
    found = desk(town.COMPANY_PHONE, NOW)
    assert found is not None
    return found


def test_cars_stand_in_the_garage_and_one_left_owing(company: Scope):
    live_parking(company, now=NOW)
    (lot,) = parking.lots(company, at=NOW)
    assert (lot.temporary, lot.residents, lot.held) == (5, 4, 4)
    assert len(parking.stays(company, standing="owing")) == 1
    assert len(parking.stays(company, standing="left")) == 19
    shop = keeper(MERCHANT_PHONE, NOW)
    assert shop is not None
    assert [stock.given for stock in parking.my_stocks(shop)] == [2]  # to a car inside, and as a code for a guest
    assert len(parking.my_offers(shop, at=NOW)) == 1


def test_neighbours_who_are_away_let_the_visitor_have_their_space(company: Scope):
    live_parking(company, now=NOW)
    visitor = buyer(town.RESIDENT_PHONE, NOW)
    assert visitor is not None
    free = parking.free_hours(visitor, community=company.communities[0], day=date(2026, 8, 1), at=NOW)
    assert sorted({each.price for each in free}) == [Money(200), Money(300), Money(400)]


def test_a_round_was_walked_with_a_finding_one_missed_and_one_is_under_way(company: Scope):
    live_patrols(company, now=NOW)
    found = {row.state.value: (row.visited, row.findings) for row in patrols.patrols(company)}
    assert found == {"done": (5, 1), "missed": (0, 0), "walking": (2, 0)}


def test_assets_are_entered_one_is_late_one_in_repair_and_a_stock_taking_is_under_way(company: Scope):
    live_assets(company, now=NOW)
    held = assets.assets(company, sought=assets.Sought())
    assert (len(held), [each.own_number for each in held if each.state.value == "in_repair"]) == (12, ["JK-02"])
    due = assets.tasks(company, today=NOW.date())
    assert [(task.plan_name, task.late_days) for task in due][:1] == [("水泵月度保养", 4)]
    (taking,) = assets.takings(company)
    assert (taking.counted, taking.every, taking.different) == (7, 12, 1)


def test_contracts_run_one_ends_soon_one_waits_and_a_supplier_was_paid(company: Scope):
    live_contracts(company, now=NOW)
    found = {card.subject: (card.state.value, str(card.total)) for card in contracts.contracts(company)}
    assert found == {
        "东门商铺 3 号租赁": ("in_force", "250444.00"),
        "电梯轿厢广告位": ("ending", "36000.00"),
        "电梯维保": ("in_force", "28800.00"),
        "北门早餐点位": ("draft", "9600.00"),
        "地下储藏间 B2-17 租赁": ("in_force", "2160.00"),
    }
