"""Places in slots: held whole or not at all, to the last one, and never after the cut-off."""

from __future__ import annotations

from datetime import timedelta

import pytest

from builders import AT, a_shop
from builders.delivery import a_zone
from harness.payments_words import as_the_house
from linli.kernel.money import Money
from linli.spine.scope import SYSTEM
from linli.trade.delivery import actions, queries, rules, tasks

pytestmark = pytest.mark.django_db


def taken() -> dict[str, int]:
    rows = as_the_house("SELECT axis, sum(taken)::int FROM delivery_capacity GROUP BY axis HAVING sum(taken) > 0")
    return dict(rows)


def holds() -> int:
    return as_the_house("SELECT count(*) FROM delivery_hold")[0][0]


def test_a_slot_is_held_for_each_order_on_every_axis():
    zone = a_zone(drops=3)
    actions.hold_slots(SYSTEM, held=zone.holding(2), at=AT)
    assert taken() == {"drops": 2, "gate": 2}
    assert (zone.slot().left, zone.slot(nth=1).left) == (1, 3)


def test_a_checkout_that_does_not_fit_holds_nothing():
    zone = a_zone(drops=3)
    actions.hold_slots(SYSTEM, held=zone.holding(2), at=AT)
    with pytest.raises(actions.SlotFull) as refused:
        actions.hold_slots(SYSTEM, held=zone.holding(2), at=AT)
    assert refused.value.values == {"axis": "drops"}
    assert (taken(), holds()) == ({"drops": 2, "gate": 2}, 4)


def test_a_first_checkout_larger_than_the_slot_is_refused_too():
    zone = a_zone(drops=1)
    with pytest.raises(actions.SlotFull):
        actions.hold_slots(SYSTEM, held=zone.holding(2), at=AT)
    assert (taken(), holds()) == ({}, 0)


def test_nothing_is_held_from_the_cut_off_on():
    zone = a_zone()
    held, last = zone.holding(), zone.slot().cut_off_at
    with pytest.raises(actions.CutOff):
        actions.hold_slots(SYSTEM, held=held, at=last)
    assert holds() == 0
    actions.hold_slots(SYSTEM, held=held, at=last - timedelta(microseconds=1))
    assert holds() == 2


def test_a_slot_that_was_called_off_is_neither_offered_nor_held():
    zone = a_zone()
    held, slot = zone.holding(), zone.slot()
    actions.call_off_slot(SYSTEM, slot=slot.slot, why="台风", at=AT)
    assert zone.slot().slot != slot.slot
    with pytest.raises(actions.CutOff):
        actions.hold_slots(SYSTEM, held=held, at=AT)
    assert holds() == 0


def test_what_is_freed_can_be_held_again_and_freeing_twice_frees_once():
    zone = a_zone(drops=1)
    held = zone.holding()
    actions.hold_slots(SYSTEM, held=held, at=AT)
    orders = [part.order for part in held.places]
    assert actions.release_slots(SYSTEM, orders=orders) == 2
    assert actions.release_slots(SYSTEM, orders=orders) == 0
    assert taken() == {}
    actions.hold_slots(SYSTEM, held=zone.holding(), at=AT)
    assert taken() == {"drops": 1, "gate": 1}


def test_what_nobody_paid_is_freed_after_its_limit_and_what_is_kept_stays():
    zone = a_zone()
    paid, forgotten = zone.holding(), zone.holding()
    for held in (paid, forgotten):
        actions.hold_slots(SYSTEM, held=held, at=AT)
    actions.keep_slots(SYSTEM, orders=[paid.places[0].order])
    assert tasks.release_overdue(at=AT + timedelta(minutes=24)) == 0
    assert tasks.release_overdue(at=AT + timedelta(minutes=25)) == 2
    assert taken() == {"drops": 1, "gate": 1}
    assert as_the_house('SELECT DISTINCT "order" FROM delivery_hold') == [(paid.places[0].order,)]


KITCHEN = rules.KitchenTerms(value=Money(100_00), minutes=12)


def a_kitchen() -> object:
    shop = a_shop().open_around_the_clock()
    actions.set_kitchen(shop.scope, shop=shop.id, kitchen=KITCHEN, at=AT)
    return shop


def cooked() -> list[tuple[str, int]]:
    return as_the_house(
        "SELECT to_char(start_at AT TIME ZONE 'Asia/Shanghai', 'HH24:MI'), taken::int FROM delivery_capacity"
        " WHERE axis = 'kitchen' AND taken > 0 ORDER BY start_at"
    )


def test_a_kitchen_cooks_for_a_slot_just_before_it_begins_and_for_now_at_once():
    shop = a_kitchen()
    zone = a_zone(shop.community)
    actions.hold_slots(SYSTEM, held=zone.holding(value={shop.id: Money(130_00)}), at=AT)
    assert cooked() == [("16:30", 30_00), ("16:45", 100_00)]
    actions.hold_slots(SYSTEM, held=zone.holding(value={shop.id: Money(150_00)}, now=True), at=AT)
    assert cooked() == [("10:00", 100_00), ("10:15", 50_00), ("16:30", 30_00), ("16:45", 100_00)]
    found = queries.offered(community=zone.community.id, shops=[shop.id], at=AT).kitchens[shop.id]
    assert (found.terms, found.taken[AT]) == (KITCHEN, 100_00)


def test_a_full_kitchen_refuses_and_the_slot_stays_free():
    shop = a_kitchen()
    zone = a_zone(shop.community)
    actions.hold_slots(SYSTEM, held=zone.holding(value={shop.id: Money(799_99)}), at=AT)
    before = taken()
    with pytest.raises(actions.KitchenFull) as refused:
        actions.hold_slots(SYSTEM, held=zone.holding(value={shop.id: Money(2)}), at=AT)
    assert refused.value.field == f"shops.{shop.id}"
    assert taken() == before
    actions.hold_slots(SYSTEM, held=zone.holding(value={shop.id: Money(1)}), at=AT)


def test_an_overloaded_shop_takes_a_breath_that_ends_by_itself():
    shop = a_kitchen()
    zone = a_zone(shop.community)
    actions.hold_slots(SYSTEM, held=zone.holding(value={shop.id: Money(400_00)}, now=True), at=AT)
    assert tasks.pause_overloaded(at=AT) == 1
    until = as_the_house("SELECT paused_until FROM shops_shop WHERE id = %s", shop.id)[0][0]
    assert until == AT + timedelta(minutes=15)
    assert tasks.pause_overloaded(at=AT + timedelta(minutes=15)) == 0


def test_the_clock_closes_a_slot_at_its_cut_off_once():
    zone = a_zone()
    first = zone.slot()
    assert tasks.close_slots(at=first.cut_off_at - timedelta(seconds=1)) == 0
    assert [tasks.close_slots(at=first.cut_off_at) for _ in range(2)] == [1, 0]
    assert as_the_house("SELECT state FROM delivery_slot WHERE id = %s", first.slot) == [("closed",)]
    assert as_the_house("SELECT verb, after, person FROM delivery_slot_move") == [("close", "closed", None)]


def brought(zone, *, days: int, orders: int, fen: int) -> None:
    """So many orders were brought in the zone's first hour, so many days before it is offered now."""
    first = zone.slot()
    as_the_house(
        "WITH s AS (INSERT INTO delivery_slot (id, zone_id, start_at, end_at, cut_off_at, state)"
        " VALUES (gen_random_uuid(), %s, %s, %s, %s, 'closed') RETURNING id)"
        " INSERT INTO delivery_drop (slot_id, community, orders, fen) SELECT id, %s, %s, %s FROM s RETURNING id",
        zone.id, *(at - timedelta(days=days) for at in (first.start_at, first.end_at, first.cut_off_at)),
        zone.community.id, orders, fen,
    )  # fmt: skip


def next_like(zone, *, days: int = 4) -> queries.OfferedSlot:
    """The slot of the same hour that is opened only some days from now."""
    hour, later = zone.slot().start_at, AT + timedelta(days=days)
    tasks.open_slots(at=later)
    found = queries.offered(community=zone.community.id, at=later)
    return next(slot for slot in found.slots if (slot.start_at - hour) % timedelta(days=1) == timedelta())


def test_what_one_order_more_costs_is_learnt_from_the_waves_of_that_hour():
    zone = a_zone()
    brought(zone, days=1, orders=8, fen=2_400)
    brought(zone, days=8, orders=8, fen=2_720)
    brought(zone, days=40, orders=50, fen=50)
    slot = next_like(zone)
    assert slot.drop_fen == 320.0
    found = queries.offered(community=zone.community.id, at=AT + timedelta(days=4))
    assert found.free_from(slot) == Money(32_00)
    other = next(each for each in found.slots if each.drop_fen is None)
    assert found.free_from(other) == found.terms.free_from == Money(59_00)


def test_a_few_orders_teach_nothing_and_a_slot_that_is_sold_keeps_what_it_was_opened_with():
    zone = a_zone()
    brought(zone, days=1, orders=11, fen=1_100)
    assert next_like(zone).drop_fen is None
    brought(zone, days=2, orders=50, fen=500)
    assert next_like(zone).drop_fen is None
    assert next_like(zone, days=8).drop_fen is not None
