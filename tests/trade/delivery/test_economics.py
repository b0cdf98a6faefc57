"""What pooling costs and saves, on cases small enough to be worked by hand."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from linli.config.commands.plan import plan
from linli.kernel import ids
from linli.kernel.ids import CommunityId
from linli.kernel.money import Money
from linli.trade.delivery.rules import DeliveryPolicy, Way, fee, free_from
from linli.trade.delivery.rules.drops import Brought, expected_drops, free_delivery_from_fen
from linli.trade.delivery.rules.economics import (
    Bill,
    Community,
    Costs,
    SlotChoice,
    bill,
    break_even_orders,
    choose,
    marginal_drop_fen,
    milk_run,
    wave_of,
)
from linli.trade.delivery.rules.waves import simple
from linli.trade.delivery.rules.what_if import make_town

COSTS = Costs(detour=1.0)
SHOP = ((0.0, 0.0),)
NEAR = Community(((1_000.0, 0.0),), (4,))
BEYOND = Community(((1_500.0, 0.0),), (4,))


def test_one_building_costs_its_minutes_its_way_its_departure_and_the_collection():
    """2 km are 8 minutes, the stop 1.5 + 4 x 0.75: 12.5 minutes at 0.50, 0.60 of way, 4.00; 3 minutes at the shop."""
    worth = bill([NEAR], SHOP, COSTS, simple)
    assert (worth.fen, worth.orders, worth.couriers, worth.minutes, worth.km) == (625 + 60 + 400 + 150, 4, 1, 15.5, 2.0)
    assert worth.fen_per_order == 1_235 / 4


def test_neighbours_on_one_way_are_pooled_and_the_saving_is_what_they_share():
    choice = choose([NEAR, BEYOND], SHOP, COSTS, simple)
    assert [each.fen for each in choice.alone] == [1_235, 1_465]
    assert choice.pooled.fen == ((12 + 9) * 50 + 90 + 400 + 150)
    assert (choice.is_pooled, choice.saving_fen) == (True, 1_235 + 1_465 - 1_690)


def test_a_slot_is_not_pooled_where_that_is_dearer():
    dear, cheap = Bill(900, 3, 1, 1.0, 1.0), Bill(400, 3, 1, 1.0, 1.0)
    choice = SlotChoice(pooled=dear, alone=(cheap, cheap))
    assert (choice.is_pooled, choice.saving_fen) == (False, -100)
    assert SlotChoice(pooled=Bill(800, 6, 1, 1.0, 1.0), alone=(cheap, cheap)).is_pooled


def test_one_drop_more_at_a_building_that_is_visited_anyway_costs_its_minutes():
    assert marginal_drop_fen([NEAR], SHOP, COSTS, simple, more=4) == pytest.approx(37.5, abs=0.5)


def test_delivery_is_free_from_the_basket_whose_margin_pays_for_its_drop():
    assert free_delivery_from_fen(120, 600) == 2_000
    assert free_delivery_from_fen(121, 600) == 2_100
    with pytest.raises(ValueError, match="without a margin"):
        free_delivery_from_fen(120, 0)


@pytest.mark.parametrize(
    ("drop_fen", "settings", "from_"),
    [
        (315.0, {}, Money(32_00)),
        (320.0, {}, Money(32_00)),
        (320.1, {}, Money(33_00)),
        (0.0, {}, Money(29_00)),
        (5_000.0, {}, Money(99_00)),
        (None, {}, Money(59_00)),
        (315.0, {"free_from_follows": False}, Money(59_00)),
        (315.0, {"free_from": Money.zero}, None),
        (315.0, {"margin_bp": 500, "free_from_most": Money(40_00)}, Money(40_00)),
    ],
)
def test_a_shared_run_is_free_from_the_basket_that_pays_for_it_within_the_operators_bounds(drop_fen, settings, from_):
    terms = DeliveryPolicy(**settings)
    assert free_from(terms, drop_fen) == from_
    if from_ is not None:
        assert fee(Way.POOLED, from_, terms, drop_fen) == Money.zero
        assert fee(Way.POOLED, from_ - Money(1), terms, drop_fen) == terms.fee_pooled
    assert fee(Way.ALONE, Money(999_00), terms, drop_fen) == terms.fee_alone


def test_a_community_that_had_too_few_orders_is_expected_to_be_like_its_zone():
    many, few, none = (CommunityId(ids.new()) for _ in range(3))
    found = expected_drops([Brought(many, 20, 4_000), Brought(few, 4, 2_000), Brought(none, 0, 0)], least=12)
    assert found == {many: 200.0, few: 250.0, none: 250.0}
    assert expected_drops([Brought(few, 11, 2_000), Brought(none, 0, 0)], least=12) == {}


@pytest.mark.parametrize(("earned", "from_orders"), [(1_000, 1), (100, 10), (99, 11), (5, 200), (4, None)])
def test_a_slot_breaks_even_at_the_first_number_of_orders_that_earns_its_cost(earned, from_orders):
    assert break_even_orders(lambda orders: 1_000 / orders, earned) == from_orders


def test_a_milk_run_goes_round_the_merchants_without_crossing_its_way():
    square = [(100.0, 100.0), (0.0, 100.0), (100.0, 0.0)]
    assert milk_run(square, COSTS) == (400 / 250 + 3 * 3.0, 400.0)
    assert milk_run([], COSTS) == (0.0, 0.0)


def test_nothing_to_deliver_costs_nothing():
    assert bill([Community(((1.0, 1.0),), (0,))], SHOP, COSTS, simple) == Bill(0, 0, 0, 0.0, 0.0)


def test_a_wave_has_a_stop_for_each_building_with_orders():
    wave = wave_of([Community(((10.0, 0.0), (20.0, 0.0)), (0, 3)), NEAR], COSTS)
    assert [(stop.orders, stop.district) for stop in wave.stops] == [(3, "0"), (4, "1")]


def test_the_same_town_is_made_again():
    assert make_town(3, seed=4) == make_town(3, seed=4) != make_town(3, seed=5)


def test_an_operator_asks_what_if_and_gets_a_table_a_chart_and_json(tmp_path: Path):
    words = ["delivery", "--communities", "2", "--orders", "4", "--towns", "1", "--cpu-seconds", "0.1"]
    drawn = tmp_path / "costs.svg"
    told = CliRunner().invoke(plan, [*words, "--chart", str(drawn)])
    assert told.exit_code == 0, told.output
    assert told.output.splitlines()[1].split()[:2] == ["2", "4"]
    assert drawn.read_text(encoding="utf-8").count("<rect") == 2
    answers = json.loads(CliRunner().invoke(plan, [*words, "--json"]).output)
    assert answers[0]["pooled_fen_per_order"] < answers[0]["alone_fen_per_order"]
    assert answers[0]["is_pooled"] is True


def test_nothing_to_deliver_is_said_in_a_sentence():
    told = CliRunner().invoke(plan, ["delivery", "--orders", "0"])
    assert (told.exit_code, "nothing to deliver" in told.output) == (2, True)
