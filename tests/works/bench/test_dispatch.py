"""The bench of the dispatcher: days are read as they were written, nobody hears the future, and no fault is missed."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from linli.config.cli import linli
from linli.works.bench.dispatch import days
from linli.works.bench.dispatch.feeder import init_of, play
from linli.works.bench.dispatch.lines import NotUnderstood, answer
from linli.works.bench.dispatch.messages import Step, Told
from linli.works.bench.dispatch.player import Player
from linli.works.bench.dispatch.records import Assignment, Move, Record
from linli.works.bench.dispatch.scorer import score

DAY = days.invented(1, shops=5, couriers=14, orders=60)
GIVEN = {
    "delivered": 43,
    "undelivered_pct": 28.333,
    "click_to_door_min": 48.58,
    "click_to_door_p90_min": 86.8,
    "over_target_min": 14.67,
    "ready_to_pickup_min": 22.98,
    "ready_to_pickup_p90_min": 64.8,
    "floor_min": 25.13,
    "cost_per_order": 14.07,
    "utilisation": 0.392,
    "orders_per_bundle": 1.0,
}


class FirstComeFirstServed:
    """The plainest of dispatchers: the oldest order to the first idle courier whose shift lasts two hours yet."""

    def __init__(self, day: days.Day) -> None:
        self.day, self.open, self.heard = day, list[str](), list[Step]()

    def __call__(self, step: Step) -> list[Told]:
        self.heard.append(step)
        self.open += [new.id for new in step.new]
        idle = [key for key, now in step.couriers.items() if now.state == "idle"]
        lasting = [key for key in idle if self.day.couriers[key].ends >= step.t + 60]
        given = [Told(courier=who, deliver=[what]) for who, what in zip(lasting, self.open, strict=False)]
        del self.open[: len(given)]
        return given


def played(day: days.Day = DAY) -> Record:
    return play(day, FirstComeFirstServed(day))


def test_a_day_is_read_as_it_was_written(tmp_path: Path):
    days.write(DAY, tmp_path / DAY.name)
    assert days.read(tmp_path / DAY.name) == DAY


def test_a_folder_without_a_day_says_what_is_missing(tmp_path: Path):
    with pytest.raises(days.NoDay, match=r"instance_parameters\.txt"):
        days.read(tmp_path)


def test_an_order_of_an_unknown_shop_is_no_day(tmp_path: Path):
    strange = replace(DAY.orders["o1"], shop="r99")
    days.write(replace(DAY, orders={"o1": strange}), tmp_path)
    with pytest.raises(days.NoDay, match="r99"):
        days.read(tmp_path)


def test_the_scorer_finds_what_the_public_rules_say_of_the_same_record():
    """The figures are those of another program, written from the same public description, for this very record."""
    found = score(DAY, played())
    assert found.faults == ()
    assert {name: getattr(found, name) for name in GIVEN} == GIVEN


def test_nobody_hears_of_an_order_before_it_is_placed_nor_of_its_ready_time_when_that_is_hidden():
    listener = FirstComeFirstServed(DAY)
    play(DAY, listener, believed=True)
    told = {new.id: (step.t, new.ready) for step in listener.heard for new in step.new}
    assert {key: at for key, (at, _) in told.items()} == {key: order.placed for key, order in DAY.orders.items()}
    shop = [order.ready - order.placed for order in DAY.orders.values() if order.shop == "r1"]
    usual = sum(shop) / len(shop)
    first = next(order for order in DAY.orders.values() if order.shop == "r1")
    assert told[first.key][1] == round(first.placed + usual) != first.ready
    for step in listener.heard:
        for key, ready in step.ready_updates.items():
            truth = DAY.orders[key].ready
            assert ready == truth if truth <= step.t else ready > step.t


def test_instructions_that_break_a_rule_are_not_carried_out_and_say_why():
    first = DAY.orders["o1"]
    other = next(order for order in DAY.orders.values() if order.shop != first.shop)
    wrongs = {
        "nobody to be told anything": Told(courier="c99", goto="r1"),
        "no such shop": Told(courier="c1", goto="r99"),
        "no orders, or one of them twice": Told(courier="c1", deliver=[]),
        "an order that is unknown, not yet placed or already taken": Told(courier="c1", deliver=["o60"]),
    }

    def wrong(step: Step) -> list[Told]:
        if step.t == first.placed:
            return list(wrongs.values())
        if step.t == other.placed:
            return [Told(courier="c1", deliver=["o1", other.key])]
        return []

    record = play(DAY, wrong)
    assert [why for _, _, why in record.refused] == [*wrongs, "orders of several shops"]
    assert record.assignments == []
    assert record.moves == []


def planted(change: Callable[[Record], None]) -> tuple[str, ...]:
    record = played()
    change(record)
    return score(DAY, record).faults


def first(record: Record, change: Callable[[Assignment], Assignment]) -> None:
    record.assignments[0] = change(record.assignments[0])


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (lambda r: first(r, lambda a: replace(a, pickup=a.pickup - 30)), "before it was told, or before it was ready"),
        (lambda r: first(r, lambda a: replace(a, told=-1)), "told before the order was placed"),
        (lambda r: first(r, lambda a: replace(a, drops=(a.drops[0] - 5,))), "was not where the orders are"),
        (lambda r: first(r, lambda a: replace(a, orders=("o99",))), "orders that do not exist"),
        (lambda r: first(r, lambda a: replace(a, courier="c99")), "c99 is no courier"),
        (lambda r: r.assignments.append(r.assignments[0]), "an order is delivered twice"),
        (lambda r: r.moves.pop(0), "was not where the orders are"),
        (lambda r: r.moves.append(Move("c1", 10_000, "r99", "r1")), "places that do not exist"),
        (lambda r: r.moves.append(Move("c14", 10_000, "r2", "r1")), "was at"),
        (lambda r: r.moves.insert(0, Move("c14", -5, "c14", "r1")), "before the shift"),
    ],
)
def test_the_scorer_finds_a_planted_fault(change: Callable[[Record], None], fault: str):
    found = planted(change)
    assert any(fault in one for one in found), found


def test_the_scorer_finds_a_pickup_after_the_end_of_the_shift():
    record = played()
    early = {key: replace(courier, ends=courier.began + 30) for key, courier in DAY.couriers.items()}
    assert any("after the end of the shift" in one for one in score(replace(DAY, couriers=early), record).faults)


def test_the_scorer_finds_orders_of_two_shops_that_travel_together():
    record = played()
    one = record.assignments[0]
    mate = next(o.key for o in DAY.orders.values() if o.shop != DAY.orders[one.orders[0]].shop)
    record.assignments[0] = replace(one, orders=(*one.orders, mate), drops=(*one.drops, one.drops[0] + 9))
    assert any("several shops" in fault for fault in score(DAY, record).faults)


@pytest.mark.parametrize("believed", [False, True])
def test_the_product_breaks_no_rule_and_does_better_than_first_come_first_served(believed: bool):
    record = play(DAY, Player(init_of(DAY)), believed=believed)
    found, plain = score(DAY, record), score(DAY, played())
    assert found.faults == ()
    assert record.refused == []
    assert found.delivered >= plain.delivered
    assert found.click_to_door_min < plain.click_to_door_min


def as_lines(day: days.Day) -> tuple[list[str], Record]:
    """What a feeder writes while the product's dispatcher answers, and what came of it."""
    import msgspec

    player, written = Player(init_of(day)), [msgspec.json.encode(init_of(day)).decode()]

    def decide(step: Step) -> list[Told]:
        written.append(msgspec.json.encode(step).decode())
        return player(step)

    return written, play(day, decide)


def test_lines_are_answered_with_the_same_decisions():
    written, record = as_lines(DAY)
    out = io.StringIO()
    answer(written, out)
    answers = [json.loads(line) for line in out.getvalue().splitlines()]
    assert len(answers) == len(written) - 1
    delivered = [told["deliver"] for minute in answers for told in minute if "deliver" in told]
    assert delivered == [list(one.orders) for one in record.assignments]


def test_the_command_speaks_the_lines_of_the_contract():
    place = {"meters_per_minute": 100, "pickup_service": 4, "dropoff_service": 4, "target": 40, "max_ctd": 90}
    people = {"restaurants": {"r1": [0, 0]}, "couriers": {"c1": {"x": 300, "y": 0, "on": 0, "off": 60}}}
    order = {"id": "o1", "x": 0, "y": 500, "placed": 0, "rest": "r1", "ready": 5}
    idle = {"state": "idle", "loc": [300, 0], "free": 0, "rest": None}
    waiting = {"state": "at", "loc": [0, 0], "free": 3, "rest": "r1"}
    nothing = {"ready_updates": {}, "rejected": []}
    messages = [
        {"type": "init", "name": "n", "pay_order": 10, "pay_hour": 15, **place, **people},
        {"type": "step", "t": 0, "new": [order], "couriers": {"c1": idle}, **nothing},
        {"type": "step", "t": 5, "new": [], "couriers": {"c1": waiting}, **nothing},
    ]
    spoken = [json.dumps(message) for message in messages]
    answered = CliRunner().invoke(linli, ["bench", "dispatch"], input="\n".join(spoken) + "\n")
    assert answered.exit_code == 0, answered.output
    assert [json.loads(line) for line in answered.stdout.splitlines()] == [
        [{"courier": "c1", "goto": "r1"}],
        [{"courier": "c1", "deliver": ["o1"]}],
    ]


@pytest.mark.parametrize("line", ["nonsense", '{"type":"step","t":0,"new":[],"couriers":{}}', '{"type":"else"}'])
def test_a_line_that_is_no_message_is_named(line: str):
    with pytest.raises(NotUnderstood, match="Line 1"):
        answer([line], io.StringIO())


def test_the_command_plays_the_days_of_a_folder_and_ends_with_their_mean(tmp_path: Path):
    for seed in (1, 2):
        day = days.invented(seed, shops=4, couriers=8, orders=15, hours=3)
        days.write(day, tmp_path / day.name)
    answered = CliRunner().invoke(linli, ["bench", "dispatch", "--instances", str(tmp_path), "--json"])
    assert answered.exit_code == 0, answered.output
    one, two, both = (json.loads(line) for line in answered.stdout.splitlines())
    assert [one["day"], two["day"], both["day"]] == ["invented1", "invented2", "mean of 2"]
    assert both["click_to_door_min"] == pytest.approx((one["click_to_door_min"] + two["click_to_door_min"]) / 2, 0.001)
    assert both["orders"] == 30


def test_a_folder_without_days_is_said_in_one_sentence(tmp_path: Path):
    answered = CliRunner().invoke(linli, ["bench", "dispatch", "--instances", str(tmp_path)])
    assert answered.exit_code == 1
    assert "holds no day" in answered.output
