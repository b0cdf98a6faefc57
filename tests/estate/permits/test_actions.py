"""Works, moves and goods against PostgreSQL, behind both walls."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from builders import AT, a_picture
from builders.billing import a_desk
from builders.people import a_phone
from harness.looking import rows_of
from linli.estate.billing import actions as billing
from linli.estate.billing.rules import Channel
from linli.estate.permits import actions, queries, rules, tasks
from linli.estate.permits.actions.asking import PapersMissing
from linli.estate.permits.actions.deciding import NothingHeld, StillWorking
from linli.estate.permits.actions.releasing import SlipOver
from linli.estate.permits.actions.relocating import ChecksMissing
from linli.estate.permits.models import Inspection, Permit, Release, Relocation
from linli.estate.permits.rules import Check, Direction, Look, PermitState, ReleaseState, RelocationState, Work
from linli.ground.people import queries as people
from linli.ground.policies import actions as policies
from linli.ground.policies import queries as known_policies
from linli.kernel.life import WrongState
from linli.kernel.money import Money
from linli.kernel.refusals import Denied, Invalid, NotFound
from linli.spine.scope import SYSTEM

pytestmark = pytest.mark.django_db
FROM, TO = date(2026, 3, 10), date(2026, 4, 10)


@pytest.fixture
def desk():
    return a_desk()


@pytest.fixture
def home(desk):
    return desk.a_home("1-1-101")


def ask(home, **given):
    wanted = {"home": home.id, "works": [Work.PAINT], "text": "刷墙", "start_on": FROM, "end_on": TO, "at": AT}
    return actions.ask_permit(home.scope, **(wanted | given))


def state(desk, permit):
    return queries.permit_page(desk.scope, permit=permit, at=AT).card.state


def pay(desk, permit):
    """The deposit at the desk, the fee with it; the facts carried as the worker carries them."""
    page = queries.permit_page(desk.scope, permit=permit, at=AT)
    billing.take_deposit(desk.scope, deposit=page.deposit, channel=Channel.CASH, at=AT)
    actions.note_deposit(SYSTEM, permit=permit, at=AT)
    billing.take_payment(desk.scope, subject=page.home, amount=page.fee, channel=Channel.CASH, at=AT)
    actions.note_fee(SYSTEM, permit=permit, at=AT)


def working(desk, home):
    permit = ask(home)
    actions.decide_permit(desk.scope, permit=permit, grant=True, at=AT)
    pay(desk, permit)
    return permit


def look(desk, permit, what, at=AT):
    actions.inspect_works(desk.scope, permit=permit, look=what, text="看过了", at=at)


def test_works_begin_when_deposit_and_fee_are_paid_and_not_before(desk, home):
    permit = ask(home)
    actions.decide_permit(desk.scope, permit=permit, grant=True, why="图纸齐全", at=AT)
    page = queries.permit_page(home.scope, permit=permit, at=AT)
    assert (page.card.label, page.deposit_amount, page.fee) == ("DP-260302-0001", Money(200_000), Money(30_000))
    billing.take_deposit(desk.scope, deposit=page.deposit, channel=Channel.CASH, at=AT)
    actions.note_deposit(SYSTEM, permit=permit, at=AT)
    assert state(desk, permit) is PermitState.GRANTED
    billing.take_payment(desk.scope, subject=home.id, amount=page.fee, channel=Channel.CASH, at=AT)
    actions.note_fee(SYSTEM, permit=permit, at=AT)
    actions.note_fee(SYSTEM, permit=permit, at=AT)
    done = queries.permit_page(desk.scope, permit=permit, at=AT)
    assert done.card.state is PermitState.WORKING
    assert [move.after for move in done.history] == ["asked", "granted", "working"]
    assert done.history[1].why == "图纸齐全"


def test_where_nothing_is_to_be_paid_works_begin_with_the_permit(desk, home):
    policies.set_policy(
        SYSTEM,
        word="permits",
        level="community",
        place=desk.community.id,
        values={"deposit": Money.zero, "fee": Money.zero},
        start_at=AT,
        at=AT,
    )
    known_policies.forget()
    permit = ask(home)
    actions.decide_permit(desk.scope, permit=permit, grant=True, at=AT)
    assert state(desk, permit) is PermitState.WORKING


def test_papers_that_works_need_come_with_the_request(desk, home):
    with pytest.raises(PapersMissing) as refused:
        ask(home, works=[Work.WALLS], contractor="大美装饰")
    assert refused.value.field == "paper.contract"
    assert rows_of(Permit).count() == 0
    picture = [("a.png", a_picture("PNG"))]
    papers = dict.fromkeys((rules.Paper.CONTRACT, rules.Paper.LICENCE, rules.Paper.DRAWINGS), picture)
    permit = ask(home, works=[Work.WALLS], contractor="大美装饰", papers=papers)
    shown = queries.permit_page(desk.scope, permit=permit, at=AT)
    assert {kind for kind, _link in shown.papers} == set(papers)


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"works": []}, "works"),
        ({"start_on": date(2026, 3, 1)}, "end_on"),
        ({"end_on": date(2026, 3, 9)}, "end_on"),
        ({"end_on": date(2026, 6, 8)}, "end_on"),
        ({"text": " "}, "text"),
    ],
)
def test_what_cannot_be_asked_is_refused_by_its_field(desk, home, given, field):
    with pytest.raises(Invalid) as refused:
        ask(home, **given)
    assert refused.value.field == field
    assert rows_of(Permit).count() == 0


def test_only_the_owner_asks_and_only_the_community_decides(desk, home):
    stranger, other = a_desk().a_home(), a_desk()
    tenant = replace(home.scope, person=stranger.owner)
    for scope in (stranger.scope, tenant):
        with pytest.raises(NotFound):
            actions.ask_permit(scope, home=home.id, works=[Work.PAINT], text="x", start_on=FROM, end_on=TO, at=AT)
    permit = ask(home)
    with pytest.raises(NotFound):
        actions.decide_permit(other.scope, permit=permit, grant=True, at=AT)
    with pytest.raises(Denied):
        actions.decide_permit(home.scope, permit=permit, grant=True, at=AT)
    with pytest.raises(NotFound):
        queries.permit_page(stranger.scope, permit=permit, at=AT)
    assert state(desk, permit) is PermitState.ASKED


def test_a_refusal_has_a_reason(desk, home):
    permit = ask(home)
    with pytest.raises(Invalid):
        actions.decide_permit(desk.scope, permit=permit, grant=False, at=AT)
    actions.decide_permit(desk.scope, permit=permit, grant=False, why="缺图纸", at=AT)
    assert queries.permit_page(home.scope, permit=permit, at=AT).history[-1].why == "缺图纸"
    with pytest.raises(WrongState):
        actions.decide_permit(desk.scope, permit=permit, grant=True, at=AT)


def test_an_unpaid_permit_lapses_by_the_clock(desk, home):
    permit = ask(home)
    actions.decide_permit(desk.scope, permit=permit, grant=True, at=AT)
    assert tasks.keep_deadlines(at=AT + timedelta(days=13)) == 0
    assert tasks.keep_deadlines(at=AT + timedelta(days=14)) == 1
    assert state(desk, permit) is PermitState.LAPSED


def test_works_are_stopped_resumed_finished_sent_back_and_accepted_on_foot(desk, home):
    permit = working(desk, home)
    look(desk, permit, Look.VIOLATION)
    look(desk, permit, Look.STOP)
    with pytest.raises(WrongState):
        actions.report_finished(home.scope, permit=permit, at=AT)
    look(desk, permit, Look.RESUME)
    actions.report_finished(home.scope, permit=permit, at=AT)
    look(desk, permit, Look.SEND_BACK)
    actions.report_finished(home.scope, permit=permit, at=AT)
    with pytest.raises(StillWorking):
        actions.settle_deposit(desk.scope, permit=permit, channel=Channel.CASH, at=AT)
    look(desk, permit, Look.ACCEPT)
    page = queries.permit_page(home.scope, permit=permit, at=AT)
    assert page.card.state is PermitState.ACCEPTED
    assert [each.look for each in page.inspections] == ["violation", "stop", "resume", "send_back", "accept"]


def test_the_deposit_goes_back_less_what_damage_cost_and_the_permit_closes(desk, home):
    permit = working(desk, home)
    actions.report_finished(home.scope, permit=permit, at=AT)
    look(desk, permit, Look.ACCEPT)
    with pytest.raises(Invalid) as refused:
        actions.settle_deposit(desk.scope, permit=permit, keep=Money(200_001), why="x", channel=Channel.CASH, at=AT)
    assert refused.value.field == "keep"
    back = actions.settle_deposit(
        desk.scope, permit=permit, keep=Money(35_000), why="电梯划伤", channel=Channel.CASH, at=AT
    )
    assert back == Money(165_000)
    assert state(desk, permit) is PermitState.CLOSED
    with pytest.raises(NothingHeld):
        actions.settle_deposit(desk.scope, permit=permit, channel=Channel.CASH, at=AT)


def test_more_time_is_asked_for_and_decided(desk, home):
    permit = working(desk, home)
    with pytest.raises(Invalid):
        actions.ask_extension(home.scope, permit=permit, end_on=date(2026, 5, 11), why="材料未到", at=AT)
    actions.ask_extension(home.scope, permit=permit, end_on=date(2026, 5, 1), why="材料未到", at=AT)
    assert queries.permits(desk.scope)[0].asks_for_more
    actions.decide_extension(desk.scope, permit=permit, grant=True, at=AT)
    assert queries.permits(desk.scope)[0].end_on == date(2026, 5, 1)
    with pytest.raises(NotFound):
        actions.decide_extension(desk.scope, permit=permit, grant=True, at=AT)


def test_goods_pass_the_gate_once_by_their_code(desk, home):
    slip = actions.ask_release(home.scope, home=home.id, goods="沙发一套", carrier="浙A12345", at=AT)
    code = queries.releases(home.scope)[0].code
    assert queries.releases(desk.scope)[0].code == ""
    assert queries.release_by_code(desk.scope, code=code, at=AT) == slip
    assert queries.release_by_code(a_desk().scope, code=code, at=AT) is None
    assert queries.release_by_code(desk.scope, code=code, at=AT + timedelta(hours=24)) is None
    actions.let_out(desk.scope, release=slip, at=AT)
    with pytest.raises(SlipOver):
        actions.let_out(desk.scope, release=slip, at=AT)
    assert queries.release_by_code(desk.scope, code=code, at=AT) is None
    card, history = queries.release_page(home.scope, release=slip)
    assert (card.state, [move.after for move in history]) == (ReleaseState.USED, ["issued", "used"])


def test_a_slip_expires_and_is_refused_from_its_time_on_even_if_the_clock_is_late(desk, home):
    slip = actions.ask_release(home.scope, home=home.id, goods="沙发", at=AT)
    with pytest.raises(SlipOver):
        actions.let_out(desk.scope, release=slip, at=AT + timedelta(hours=24))
    assert rows_of(Release).get().state == "issued"
    assert tasks.expire_releases(at=AT + timedelta(hours=24)) == 1
    assert rows_of(Release).get().state == "expired"
    second = actions.ask_release(home.scope, home=home.id, goods="冰箱", at=AT)
    actions.revoke_release(home.scope, release=second, at=AT)
    with pytest.raises(SlipOver):
        actions.let_out(desk.scope, release=second, at=AT)


def test_a_tenant_moves_in_when_everything_is_ticked_off(desk, home):
    phone = a_phone()
    move = actions.ask_relocation(
        home.scope,
        home=home.id,
        direction=Direction.MOVE_IN,
        residency="tenant",
        day=AT.date(),
        name="新租客",
        phone=phone,
        at=AT,
    )
    with pytest.raises(ChecksMissing):
        actions.finish_relocation(desk.scope, relocation=move, at=AT)
    assert len(people.household(SYSTEM, home=home.id, at=AT)) == 1
    for check in rules.checks_of(Direction.MOVE_IN):
        actions.check_relocation(desk.scope, relocation=move, item=check, at=AT)
    actions.finish_relocation(desk.scope, relocation=move, at=AT)
    assert [(each.name, each.kind) for each in people.household(SYSTEM, home=home.id, at=AT)][1:] == [
        ("新租客", "tenant")
    ]
    row = rows_of(Relocation).get()
    assert (row.state, row.name, row.phone) == ("done", "", "")


def test_a_tenant_moves_out_with_dues_acknowledged(desk, home):
    lived = home.with_tenant()
    tenant = next(each for each in people.household(SYSTEM, home=lived.id, at=AT) if each.kind == "tenant")
    with pytest.raises(Invalid):
        actions.ask_relocation(
            home.scope,
            home=home.id,
            direction=Direction.MOVE_OUT,
            residency="tenant",
            day=AT.date(),
            person=home.owner,
            at=AT,
        )
    move = actions.ask_relocation(
        home.scope,
        home=home.id,
        direction=Direction.MOVE_OUT,
        residency="tenant",
        day=AT.date(),
        person=tenant.party,
        at=AT,
    )
    with pytest.raises(Invalid):
        actions.check_relocation(desk.scope, relocation=move, item=Check.DUES, at=AT)
    for check in rules.checks_of(Direction.MOVE_OUT):
        actions.check_relocation(desk.scope, relocation=move, item=check, note="业主认可", at=AT)
    actions.finish_relocation(desk.scope, relocation=move, at=AT)
    assert {each.kind for each in people.household(SYSTEM, home=home.id, at=AT)} == {"owner"}
    assert queries.relocation_page(desk.scope, relocation=move).card.state is RelocationState.DONE
    with pytest.raises(WrongState):
        actions.call_off_relocation(home.scope, relocation=move, at=AT)


def test_an_erased_persons_words_are_gone(desk, home):
    permit = working(desk, home)
    look(desk, permit, Look.VIOLATION)
    actions.ask_release(home.scope, home=home.id, goods="沙发", at=AT)
    actions.forget_person(SYSTEM, person=home.owner, at=AT)
    row = rows_of(Permit).get()
    assert (row.text, row.contractor, rows_of(Release).get().goods, rows_of(Inspection).get().text) == ("", "", "", "")
