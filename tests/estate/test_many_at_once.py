"""Two of the staff press the same button over the same ticked rows at the same moment: each row is done once, and
whoever came second is told of every one, and why."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from uuid import UUID

from builders import AT, a_person
from builders.billing import Desk, a_desk
from builders.notices import a_board
from builders.workorders import a_crew
from harness.at_once import at_once
from harness.databases import OwnDatabase
from harness.payments_words import as_the_house
from linli.estate.billing import actions as billing
from linli.estate.notices import actions as notices
from linli.estate.parcels import actions as parcels
from linli.estate.parcels.rules import Carrier, Scan
from linli.estate.parking import actions as parking
from linli.estate.parking.rules import ListKind
from linli.estate.workorders import actions as work
from linli.kernel.ids import ParcelId
from linli.kernel.together import Together
from linli.spine.scope import Scope


def both(desk: Desk, act: Callable[..., Together], **said: object) -> tuple[Together, Together]:
    """Two people of one desk do the same at the same moment."""
    first, second = at_once(*(partial(act, scope, **said) for scope in (desk.scope, a_colleague(desk))))
    assert isinstance(first, Together)
    assert isinstance(second, Together)
    return first, second


def a_colleague(desk: Desk) -> Scope:
    return replace(desk.scope, person=a_person())


def done_by(answers: tuple[Together, Together]) -> Counter[UUID]:
    return Counter(each for answer in answers for each in answer.done)


def refused_by(answers: tuple[Together, Together]) -> dict[UUID, str]:
    return {each.of: each.why for answer in answers for each in answer.refused}


def some_parcels(number: int) -> tuple[Desk, tuple[ParcelId, ...]]:
    desk = a_desk()
    desk.a_home("3-2-501")
    scans = [Scan(f"SF1000{nth}", "3-2-501") for nth in range(number)]
    taken = parcels.scan_in(desk.scope, community=desk.community.id, carrier=Carrier.SF, shelf="A1", scans=scans, at=AT)
    return desk, taken.parcels


def steps(table: str, verb: str) -> list[tuple[int]]:
    return as_the_house(f"SELECT count(*) FROM {table} WHERE verb = %s", verb)


def test_orders_are_given_to_one_worker_once_and_never_beyond_their_limit(own_database: OwnDatabase):
    crew = a_crew()
    worker = crew.a_worker(most_open=2)
    orders = [crew.raised(at=AT + timedelta(minutes=nth)) for nth in range(4)]
    answers = both(crew.desk, work.give_many, orders=orders, person=worker.person, at=AT + timedelta(hours=1))
    assert done_by(answers) == Counter(orders[:2])
    assert set(refused_by(answers).values()) <= {"workorders.HandsFull", "kernel.Invalid"}
    assert steps("workorders_move", "give") == [(2,)]
    assert as_the_house("SELECT count(*) FROM notify_message WHERE template LIKE 'work_given%%'") == [(1,)]


def test_orders_are_called_off_once_and_the_one_that_somebody_works_on_is_named_to_both(own_database: OwnDatabase):
    crew = a_crew()
    working = crew.working(crew.a_worker())
    orders = [crew.raised(), crew.raised()]
    answers = both(crew.desk, work.cancel_many, orders=[*orders, working], why="停水检修", at=AT)
    assert done_by(answers) == Counter(orders)
    assert [each.why for answer in answers for each in answer.refused if each.of == working] == [
        "kernel.WrongState"
    ] * 2
    assert refused_by(answers).keys() == {*orders, working}
    assert steps("workorders_move", "cancel") == [(2,)]


def test_parcels_leave_once_whichever_of_two_counters_was_first(own_database: OwnDatabase):
    desk, found = some_parcels(3)
    hand_out = partial(parcels.hand_out_seen_many, desk.scope, parcels=found, taker="王伟", at=AT)
    give_back = partial(parcels.give_back_many, a_colleague(desk), parcels=found, at=AT)
    first, second = at_once(hand_out, give_back)
    assert isinstance(first, Together)
    assert isinstance(second, Together)
    assert done_by((first, second)) == Counter(found)
    assert refused_by((first, second)) == dict.fromkeys(found, "kernel.WrongState")
    assert {len(first.done), len(second.done)} == {0, 3}
    assert as_the_house("SELECT count(*) FROM parcels_move WHERE verb IN ('fetch', 'give_back')") == [(3,)]


def test_of_parcels_somebody_is_reminded_once(own_database: OwnDatabase):
    desk, found = some_parcels(2)
    answers = both(desk, parcels.remind_many, parcels=found, at=AT)
    assert done_by(answers) == Counter(found)
    assert refused_by(answers) == dict.fromkeys(found, "parcels.RemindedLately")
    assert steps("parcels_move", "remind") == [(2,)]
    again = parcels.remind_many(desk.scope, parcels=found, at=AT + timedelta(hours=2))
    assert set(again.done) == set(found)


def test_notices_are_withdrawn_once_and_a_draft_is_named_to_both(own_database: OwnDatabase):
    board = a_board()
    published, draft = [board.published(), board.published()], board.written()
    answers = both(board.desk, notices.withdraw_many, notices=[*published, draft], at=AT)
    assert done_by(answers) == Counter(published)
    assert refused_by(answers) == dict.fromkeys([*published, draft], "kernel.WrongState")
    assert steps("notices_move", "withdraw") == [(2,)]


def test_notices_that_two_pin_at_once_are_pinned_once_in_their_history(own_database: OwnDatabase):
    board = a_board()
    published = [board.published(), board.published()]
    answers = both(board.desk, notices.pin_many, notices=published, pinned=True, at=AT)
    assert done_by(answers).keys() == set(published)
    assert steps("notices_move", "pin") == [(2,)]


def test_entries_of_the_parking_lists_end_once(own_database: OwnDatabase):
    desk = a_desk()
    listed = [
        parking.list_plate(
            desk.scope, community=desk.community.id, plate=plate, kind=ListKind.BLOCKED, reason="欠费", at=AT
        )
        for plate in ("浙A11111", "浙A22222")
    ]
    answers = both(desk, parking.unlist_plates, listed=listed, at=AT + timedelta(hours=1))
    assert done_by(answers) == Counter(listed)
    assert refused_by(answers) == dict.fromkeys(listed, "parking.EndedAlready")


def test_of_debts_somebody_is_reminded_once(own_database: OwnDatabase):
    desk = a_desk()
    homes = [desk.a_home(f"3-1-50{nth}") for nth in (1, 2)]
    fee = desk.priced(desk.an_item("property_fee"), "fixed", amount="100")
    for home in homes:
        desk.charged(fee, home)
    billing.draft_month(desk.scope, community=desk.community.id, first_on=date(2026, 3, 1), at=AT)
    billing.issue_month(desk.scope, community=desk.community.id, first_on=date(2026, 3, 1), at=AT)
    late = AT + timedelta(days=70)
    debts = [home.id for home in homes]
    answers = both(desk, billing.remind_many, community=desk.community.id, subjects=debts, at=late)
    assert done_by(answers) == Counter(debts)
    assert refused_by(answers) == dict.fromkeys(debts, "billing.NoReminderDue")
    assert as_the_house("SELECT count(*) FROM notify_message WHERE template = 'fees_late_last'") == [(2,)]
