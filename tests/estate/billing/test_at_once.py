"""What two do at the same moment with one wallet, one term, one plan or one mandate happens once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import date
from functools import partial
from threading import Barrier

from django.db import connection

from builders.billing import Desk, a_desk
from builders.clock import AT
from builders.people import a_person
from builders.places import Home
from harness.at_once import ends_at_once
from harness.databases import OwnDatabase
from harness.payments_words import as_the_house
from linli.estate.billing import actions, queries, rules
from linli.kernel.money import Money
from linli.kernel.refusals import Refusal

MARCH = date(2026, 3, 1)


def both(verb: Callable[[], object]) -> list[str]:
    """What two threads get that do the same at the same moment."""
    barrier = Barrier(2)

    def one(_nth: int) -> str:
        try:
            barrier.wait(10)
            return str(verb())
        except Refusal as refusal:
            return type(refusal).__name__
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        return sorted(pool.map(one, range(2)))


def an_issued_month(desk: Desk, home: Home) -> None:
    desk.charged(desk.priced(desk.an_item(), "fixed", amount="80"), home)
    desk.issued(MARCH)


def filled(desk: Desk, home: Home, amount: str) -> None:
    actions.take_topup(
        desk.scope,
        community=desk.community.id,
        person=home.owner,
        bucket=rules.Bucket.GENERAL,
        amount=Money.parse(amount),
        channel=rules.Channel.CASH,
        at=AT,
    )


def agrees(desk: Desk) -> bool:
    return queries.differences(desk.scope, community=desk.community.id, company=desk.company) == ()


def test_two_who_spend_a_wallet_at_once_spend_it_once(own_database: OwnDatabase):
    desk = a_desk()
    home = desk.a_home()
    filled(desk, home, "100.00")
    an_issued_month(desk, home)
    got = both(lambda: actions.pay_from_wallet(home.scope, subject=home.id, at=AT))
    assert got == ["80.00", "NothingOwed"]
    (wallet,) = queries.wallets(desk.scope, community=desk.community.id)
    assert str(wallet.balance) == "20.00"
    assert queries.account_page(desk.scope, subject=home.id).open == Money.zero
    assert agrees(desk)


def a_plan(desk: Desk, home: Home):
    lines = [line for (line,) in as_the_house("SELECT id FROM billing_line WHERE subject = %s", home.id)]
    return actions.ask_plan(
        desk.scope, subject=home.id, lines=lines, count=2, first_on=date(2026, 4, 10), why="Lost their job", at=AT
    )


def test_two_who_sell_the_same_months_at_once_sell_them_once(own_database: OwnDatabase):
    desk = a_desk()
    home = desk.a_home()
    fee = desk.priced(desk.an_item("property_fee"), "fixed", amount="100")
    desk.charged(fee, home)
    offer = actions.offer_term(
        desk.scope, community=desk.community.id, item=fee, months=3, gifts=0, price=rules.TermPrice.LOCKED, at=AT
    )
    cash = {"offer": offer, "home": home.id, "channel": rules.Channel.CASH, "at": AT}
    overlapping = (MARCH, date(2026, 5, 1))
    ends = ends_at_once(*(partial(actions.take_term, desk.scope, first_on=day, **cash) for day in overlapping))
    assert ends["done"] == 1
    assert sum(ends.values()) == 2
    assert as_the_house("SELECT state FROM billing_term WHERE state = 'held'") == [("held",)]
    assert agrees(desk)


def test_two_who_approve_a_plan_at_once_approve_it_once(own_database: OwnDatabase):
    desk = a_desk()
    home = desk.a_home()
    an_issued_month(desk, home)
    plan = a_plan(desk, home)
    bosses = [replace(desk.scope, person=a_person()) for _nth in range(2)]
    ends = ends_at_once(*(partial(actions.decide_plan, boss, plan=plan, approve=True, at=AT) for boss in bosses))
    assert ends == {"done": 1, "WrongState": 1}
    assert as_the_house("SELECT count(*) FROM billing_pause WHERE end_on IS NULL") == [(1,)]
    assert len(queries.plan_page(desk.scope, plan=plan).parts) == 2


def test_one_who_pays_and_one_who_approves_a_plan_at_once_leave_what_is_owed_divided(own_database: OwnDatabase):
    desk = a_desk()
    home = desk.a_home()
    an_issued_month(desk, home)
    plan, boss = a_plan(desk, home), replace(desk.scope, person=a_person())
    cash = {"subject": home.id, "amount": Money.parse("30.00"), "channel": rules.Channel.CASH, "at": AT}
    ends = ends_at_once(
        partial(actions.decide_plan, boss, plan=plan, approve=True, at=AT),
        partial(actions.take_payment, desk.scope, **cash),
    )
    assert ends == {"done": 2}
    page = queries.plan_page(desk.scope, plan=plan)
    assert str(page.card.open) == "50.00"
    assert Money.total(each.part.amount for each in page.parts) == page.card.total
    assert str(page.card.total) in {"80.00", "50.00"}
    assert agrees(desk)
