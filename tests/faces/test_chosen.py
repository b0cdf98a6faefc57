"""Rows ticked in the lists of the desks: done with those of which it may be, said of the others which and why."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client

from builders import AT
from builders.billing import a_desk
from builders.notices import a_board
from builders.workorders import a_crew
from linli.estate.billing import actions as billing
from linli.estate.billing.models import ArrearsNote
from linli.estate.notices import queries as notices
from linli.estate.notices.rules import NoticeState
from linli.estate.parcels import actions as parcels
from linli.estate.parcels.queries import parcel_page
from linli.estate.parcels.rules import Carrier, ParcelState, Scan
from linli.estate.parking import actions as parking
from linli.estate.parking import queries as parking_queries
from linli.estate.parking.rules import ListKind
from linli.estate.workorders import actions as work
from linli.estate.workorders.rules import WorkState
from linli.faces.shell import dispatch, doorway

pytestmark = pytest.mark.django_db
NOW = AT + timedelta(days=70)


@pytest.fixture(autouse=True)
def now(monkeypatch):
    monkeypatch.setattr(dispatch, "now", lambda: AT)
    monkeypatch.setattr(doorway, "now", lambda: AT)


@pytest.fixture
def crew():
    return a_crew()


def after(client: Client, where: str, fields: dict[str, object]) -> str:
    """What stands on the list to which the change leads back."""
    answer = client.post(where, fields)
    assert answer.status_code == 303, answer.content.decode()[-1500:]
    shown = client.get(answer["Location"])
    assert shown.status_code == 200
    return shown.content.decode()


@pytest.mark.parametrize(
    ("locale", "given", "left"), [("en", "2 orders are given", "1 was left"), ("zh-CN", "已把 2", "1 项")]
)
def test_orders_are_given_and_the_one_that_is_over_is_named_with_its_reason(crew, visitor, locale, given, left):
    worker, desk = crew.a_worker(), visitor(crew.steward, locale=locale)
    first, second, over = (crew.raised() for _nth in range(3))
    work.cancel_work(crew.resident, order=over, at=AT)
    assert f'value="{first}"' in desk.get("/p/work-orders/").content.decode()
    said = after(desk, "/p/work-orders/giving/", {"chosen": [first, second, over], "person": worker.person})
    assert given in said
    assert left in said
    assert crew.page(over).number + ("：" if locale == "zh-CN" else ": ") in said
    assert [crew.page(each).assignee for each in (first, second, over)] == [worker.person, worker.person, None]


def test_a_change_comes_back_to_the_list_as_it_was_narrowed(crew, visitor):
    order, desk = crew.raised(), visitor(crew.steward)
    where = "/p/work-orders/ending/?state=raised"
    answer = desk.post(where, {"chosen": [order], "why": "Asked twice"})
    assert answer["Location"] == "/p/work-orders/?state=raised"
    assert crew.page(order).state is WorkState.CANCELLED


def test_nothing_ticked_is_said_on_the_list_and_what_was_ticked_stays_so(crew, visitor):
    order, desk = crew.raised(), visitor(crew.steward, locale="en")
    none = desk.post("/p/work-orders/ending/", {"why": "Asked twice"})
    assert (none.status_code, "Tick at least one row first." in none.content.decode()) == (422, True)
    unsaid = desk.post("/p/work-orders/ending/", {"chosen": [order], "why": ""})
    assert unsaid.status_code == 422
    assert f'value="{order}" aria-label="Choose {crew.page(order).number}" checked' in unsaid.content.decode()
    assert crew.page(order).state is WorkState.RAISED


def test_parcels_are_reminded_of_handed_out_and_given_back(visitor):
    desk = a_desk()
    for door in ("3-2-501", "3-2-502"):
        desk.a_home(door)
    scans = [Scan("SF10001", "3-2-501"), Scan("SF10002", "3-2-501"), Scan("SF10003", "3-2-502")]
    taken = parcels.scan_in(
        desk.scope, community=desk.community.id, carrier=Carrier.SF, shelf="A1", scans=scans, at=AT
    ).parcels
    client = visitor(desk.scope, locale="en")

    def states() -> list[ParcelState]:
        return [parcel_page(desk.scope, parcel=each, at=AT).card.state for each in taken]

    assert "3 parcels are reminded of." in after(client, "/p/parcels/reminders/", {"chosen": taken})
    several = client.post("/p/parcels/handovers/", {"chosen": taken, "taker": "Wang Wei"})
    assert (several.status_code, states()) == (422, [ParcelState.WAITING] * 3)
    said = after(client, "/p/parcels/handovers/", {"chosen": taken[:2], "taker": "Wang Wei"})
    assert "2 parcels are handed out." in said
    said = after(client, "/p/parcels/returns/", {"chosen": taken})
    assert "1 parcel went back" in said
    assert "2 were left as they are." in said
    assert states() == [ParcelState.FETCHED, ParcelState.FETCHED, ParcelState.RETURNED]


def test_debts_are_reminded_of_and_written_down_about(visitor, monkeypatch):
    desk = a_desk()
    home = desk.a_home("3-1-501")
    desk.charged(desk.priced(desk.an_item("property_fee"), "fixed", amount="100"), home)
    billing.draft_month(desk.scope, community=desk.community.id, first_on=date(2026, 3, 1), at=AT)
    billing.issue_month(desk.scope, community=desk.community.id, first_on=date(2026, 3, 1), at=AT)
    monkeypatch.setattr(dispatch, "now", lambda: NOW)
    client, about = visitor(desk.scope, locale="en"), {"chosen": [home.id], "community": desk.community.id}
    assert "1 debt is reminded of." in after(client, "/p/arrears/chosen/reminders/", about)
    assert "No reminder is due" in after(client, "/p/arrears/chosen/reminders/", about)
    notes = "/p/arrears/chosen/notes/"
    assert client.post(notes, {**about, "kind": "promise", "text": "Said so"}).status_code == 422
    assert "Written down about 1 debt." in after(client, notes, {**about, "kind": "visit", "text": "Nobody there"})
    assert [(note.subject, note.text) for note in ArrearsNote.objects.inside()] == [(home.id, "Nobody there")]
    letters = client.post("/p/arrears/letters/", {**about, "only_chosen": "1", "days": "1"})
    assert letters.content.startswith(b"%PDF")


def test_entries_of_the_parking_lists_are_ended_once(visitor):
    desk = a_desk()
    listed = [
        parking.list_plate(
            desk.scope, community=desk.community.id, plate=plate, kind=ListKind.BLOCKED, reason="欠费", at=AT
        )
        for plate in ("浙A11111", "浙A22222")
    ]
    client = visitor(desk.scope, locale="en")
    assert "2 entries have ended." in after(client, "/p/parking/lists/endings/", {"chosen": listed})
    again = after(client, "/p/parking/lists/endings/", {"chosen": listed[:1]})
    assert "This entry has ended already." in again
    assert parking_queries.listed(desk.scope, community=desk.community.id, at=AT) == ()


def test_notices_are_pinned_and_withdrawn_and_a_draft_is_named_with_its_reason(visitor):
    board = a_board()
    first, second, draft = board.published(), board.published(), board.written(title={"zh": "草稿"})
    client, every = visitor(board.desk.scope, locale="en"), {"chosen": [first, second, draft]}

    def lines() -> dict[object, notices.DeskNotice]:
        return {one.notice: one for one in notices.notices(board.desk.scope, communities=[board.desk.community.id])}

    said = after(client, "/p/notices/pins/pin/", every)
    assert "2 notices stand above the others." in said
    assert "草稿: Only what is published can be pinned." in said
    assert [lines()[each].is_pinned for each in (first, second, draft)] == [True, True, False]
    said = after(client, "/p/notices/withdrawals/", every)
    assert "2 notices are withdrawn." in said
    assert "1 was left as it is." in said
    states = [lines()[each].state for each in (first, second, draft)]
    assert states == [NoticeState.WITHDRAWN, NoticeState.WITHDRAWN, NoticeState.DRAFT]
    assert client.post("/p/notices/pins/paint/", every).status_code == 404
    stranger = after(visitor(a_board().desk.scope, locale="en"), "/p/notices/pins/unpin/", every)
    assert "There is no such notice here." in stranger
    assert lines()[first].is_pinned
