"""What two do at the same moment with one wallet, one term, one plan or one mandate happens once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from threading import Barrier

from django.db import connection

from builders.billing import Desk, a_desk
from builders.clock import AT
from builders.places import Home
from harness.databases import OwnDatabase
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
    month = {"community": desk.community.id, "first_on": MARCH, "at": AT}
    actions.draft_month(desk.scope, **month)
    actions.issue_month(desk.scope, **month)


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
