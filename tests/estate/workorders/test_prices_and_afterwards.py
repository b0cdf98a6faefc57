"""What a job costs and who agrees; how it was; and who hears of what is late."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from builders import AT, a_picture
from builders.orders import climb
from builders.workorders import HOUR, MINUTE, a_crew
from harness.budget import budget
from harness.payments_words import as_the_house
from linli.estate.billing import actions as billing
from linli.estate.billing.rules import Channel
from linli.estate.workorders import actions, queries, rules, tasks
from linli.estate.workorders.actions.after import RatedAlready
from linli.estate.workorders.actions.doing import AgreedAlready
from linli.estate.workorders.actions.pricing import NobodyToAgree, UnderWarranty
from linli.estate.workorders.actions.raising import PriceChanged
from linli.estate.workorders.rules import Material, QuoteState, Skill, WorkState
from linli.kernel.life import WrongState
from linli.kernel.money import Money
from linli.kernel.refusals import Invalid, NotFound

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def store(tmp_path, settings):
    settings.HOME = tmp_path


@pytest.fixture
def crew():
    return a_crew()


def messages(template):
    return [row[0] for row in as_the_house("SELECT party FROM notify_message WHERE template = %s", template)]


def put_under_warranty(crew, word, *, days):
    card = next(one for one in queries.types_of_company(crew.desk.scope) if one.word == word)
    said = {"word": word, "name": card.name, "kind": card.kind, "skill": card.skill, "minutes": card.minutes}
    actions.keep_type(crew.desk.scope, **said, under=card.under, price=card.price, warranty_days=days, at=AT)


class TestPricing:
    def test_a_price_is_agreed_before_the_work_charged_once_and_paid(self, crew):
        worker = crew.a_worker()
        order = crew.working(worker)
        used = Material("阀芯", Decimal("1.5"), Money(12_50))
        actions.add_material(worker, order=order, name="阀芯", material=used, at=AT)
        assert actions.quote_work(worker, order=order, labour=Money(30_00), what="更换阀芯", at=AT) == Money(48_75)
        assert [card.waits_for_me for card in queries.orders_to_answer(crew.resident)] == [True]
        with pytest.raises(NotFound):
            actions.agree_to_quote(crew.resident, order=order, amount=Money(30_00), at=AT)
        assert crew.page(order).state is WorkState.QUOTED
        actions.agree_to_quote(crew.resident, order=order, amount=Money(48_75), at=AT + 2 * HOUR)
        page = crew.page(order)
        assert (page.state, page.price, page.due_at) == (WorkState.WORKING, Money(48_75), AT + 26 * HOUR)
        with pytest.raises(AgreedAlready):
            actions.add_material(worker, order=order, name="胶", material=used, at=AT)
        actions.add_material(worker, order=order, name="生料带", at=AT)
        actions.finish_work(worker, order=order, uploads=[("b.jpg", a_picture())], at=AT + 3 * HOUR)
        charged = crew.page(order)
        assert charged.charge_line is not None
        assert charged.paid_at is None
        billing.take_payment(
            crew.desk.scope, subject=crew.home.id, amount=Money(48_75), channel=Channel.CASH, at=AT + 4 * HOUR
        )
        climb(AT + 4 * HOUR)
        assert crew.page(order).paid_at == AT + 4 * HOUR

    def test_a_declined_or_forgotten_price_is_not_charged(self, crew):
        worker = crew.a_worker()
        order = crew.working(worker)
        actions.quote_work(worker, order=order, labour=Money(30_00), at=AT)
        actions.decline_quote(crew.resident, order=order, why="太贵", at=AT)
        actions.quote_work(worker, order=order, labour=Money(20_00), at=AT)
        assert tasks.run_out(at=AT + 24 * HOUR) == 1
        page = crew.page(order)
        assert [quote.state for quote in page.quotes] == [QuoteState.DECLINED, QuoteState.LAPSED]
        assert (page.state, page.price) == (WorkState.WORKING, Money.zero)
        actions.finish_work(worker, order=order, at=AT + 25 * HOUR)
        assert crew.page(order).charge_line is None

    def test_what_was_paid_for_is_put_right_for_nothing(self, crew):
        worker = crew.a_worker()
        order = crew.working(worker)
        actions.quote_work(worker, order=order, labour=Money(30_00), at=AT)
        actions.agree_to_quote(crew.resident, order=order, amount=Money(30_00), at=AT)
        actions.finish_work(worker, order=order, at=AT)
        again = crew.working(worker, at=AT + HOUR)
        with pytest.raises(UnderWarranty):
            actions.quote_work(worker, order=again, labour=Money(10_00), at=AT + HOUR)
        actions.reopen_work(crew.resident, order=order, why="又漏了", at=AT + HOUR)
        actions.give_work(crew.desk.scope, order=order, person=worker.person, at=AT + HOUR)
        actions.accept_work(worker, order=order, at=AT + HOUR)
        actions.arrive_at_work(worker, order=order, at=AT + HOUR)
        line = crew.page(order).charge_line
        actions.finish_work(worker, order=order, at=AT + 2 * HOUR)
        page = crew.page(order)
        assert (page.charge_line, page.reopened, page.state) == (line, 1, WorkState.DONE)

    def test_a_service_asked_for_again_inside_its_warranty_is_free_and_then_costs_its_price(self, crew):
        worker, thirty_days = crew.a_worker(Skill.SERVICE), timedelta(days=30)
        put_under_warranty(crew, "aircon", days=30)
        where = {"homes": [crew.home.id], "type_id": crew.type_id("aircon")}
        assert queries.warranties(crew.resident, **where, at=AT) == {}
        assert crew.page(crew.done(worker, "aircon", agrees_to=Money(120_00))).charge_line
        held = queries.warranties(crew.resident, **where, at=AT + HOUR)
        assert [each.until_at for each in held.values()] == [AT + thirty_days]
        assert queries.warranties(a_crew().resident, **where, at=AT + HOUR) == {}
        again = crew.page(crew.done(worker, "aircon", at=AT + thirty_days - HOUR))
        assert (again.price, again.quotes, again.charge_line) == (Money.zero, (), None)
        with pytest.raises(PriceChanged):
            crew.raised("aircon", at=AT + thirty_days)

    def test_two_services_asked_for_before_the_first_was_charged_are_both_charged(self, crew):
        worker = crew.a_worker(Skill.SERVICE)
        put_under_warranty(crew, "aircon", days=30)
        first, second = (crew.working(worker, "aircon", agrees_to=Money(120_00)) for _ in range(2))
        actions.finish_work(worker, order=first, at=AT + HOUR)
        assert queries.warranty(crew.desk.scope, order=second, at=AT + 2 * HOUR) is None
        actions.finish_work(worker, order=second, at=AT + 2 * HOUR)
        lines = {crew.page(each).charge_line for each in (first, second)}
        assert (len(lines), None in lines) == (2, False)
        third = crew.page(crew.done(worker, "aircon", at=AT + 3 * HOUR))
        assert (third.price, third.charge_line) == (Money.zero, None)

    def test_a_leak_reported_before_the_first_was_charged_may_have_a_price_of_its_own(self, crew):
        worker = crew.a_worker()
        first, second = crew.working(worker), crew.working(worker)
        actions.quote_work(worker, order=first, labour=Money(30_00), at=AT)
        actions.agree_to_quote(crew.resident, order=first, amount=Money(30_00), at=AT)
        actions.finish_work(worker, order=first, at=AT + HOUR)
        assert actions.quote_work(worker, order=second, labour=Money(10_00), at=AT + HOUR) == Money(10_00)

    def test_nobody_is_quoted_a_price_for_a_public_place(self, crew):
        worker = crew.a_worker(Skill.CARPENTRY)
        order = actions.raise_work_order(
            crew.resident, community=crew.desk.community.id, type_id=crew.type_id("public"), place="长椅", at=AT
        )
        actions.give_work(crew.desk.scope, order=order, person=worker.person, at=AT)
        actions.accept_work(worker, order=order, at=AT)
        actions.arrive_at_work(worker, order=order, at=AT)
        with pytest.raises(NobodyToAgree):
            actions.quote_work(worker, order=order, labour=Money(30_00), at=AT)
        assert crew.page(order).quotes == ()


class TestAfterwards:
    def test_who_asked_rates_it_once_and_the_desk_asks_afterwards(self, crew):
        order = crew.done(crew.a_worker())
        with pytest.raises(NotFound):
            actions.rate_work(crew.desk.scope, order=order, stars=5, at=AT)
        actions.rate_work(crew.resident, order=order, stars=2, words="慢", at=AT)
        with pytest.raises(RatedAlready):
            actions.rate_work(crew.resident, order=order, stars=5, at=AT)
        heard = rules.Satisfaction.DISSATISFIED
        actions.record_return_visit(crew.steward, order=order, satisfaction=heard, words="等太久", at=AT)
        page = crew.page(order)
        assert (page.stars, page.rating_words, page.visits[0].words) == (2, "慢", "等太久")
        assert crew.page(order, scope=crew.resident).visits == ()

    def test_it_is_re_opened_within_days_and_then_closed(self, crew):
        order = crew.done(crew.a_worker())
        week = timedelta(days=7)
        assert tasks.run_out(at=AT + week - MINUTE) == 0
        actions.reopen_work(crew.resident, order=order, why="没修好", at=AT + week - MINUTE)
        page = crew.page(order)
        assert (page.state, page.due_at) == (WorkState.RAISED, AT + week + 29 * MINUTE)
        other = crew.done(crew.a_worker())
        assert tasks.run_out(at=AT + week) == 1
        with pytest.raises(WrongState):
            actions.reopen_work(crew.resident, order=other, why="没修好", at=AT + week)
        assert crew.page(other).state is WorkState.CLOSED

    def test_it_is_called_off_until_somebody_has_come(self, crew):
        worker = crew.a_worker()
        order = crew.given(worker)
        with pytest.raises(Invalid):
            actions.cancel_work(crew.steward, order=order, at=AT)
        actions.cancel_work(crew.resident, order=order, at=AT)
        assert crew.page(order).state is WorkState.CANCELLED
        begun = crew.working(worker)
        with pytest.raises(WrongState):
            actions.cancel_work(crew.resident, order=begun, at=AT)
        assert crew.page(begun).state is WorkState.WORKING


class TestEscalation:
    def test_what_is_late_is_told_to_the_steward_and_what_stays_late_to_the_manager(self, crew):
        steward = crew.steward
        orders = [crew.raised() for _ in range(3)]
        crew.raised(at=AT + HOUR)
        late = AT + 31 * MINUTE
        with budget(8):
            assert tasks.escalate(at=late) == 3
        assert messages("work_late") == [steward.person]
        assert tasks.escalate(at=late + 2 * HOUR) == 1
        assert tasks.escalate(at=late + 4 * HOUR) == 3
        assert [crew.page(order).told for order in orders] == [2, 2, 2]
        assert [move.verb for move in crew.page(orders[0]).moves] == ["raise", "escalate", "escalate"]
        assert tasks.escalate(at=late + 5 * HOUR) == 0
