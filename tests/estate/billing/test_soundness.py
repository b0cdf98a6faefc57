"""What the doctor finds in billing: each row is broken behind the walls, named, and mended again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

import pytest
from pytest_django import DjangoDbBlocker

from builders.billing import a_desk
from builders.clock import AT
from harness.databases import Databases, OwnDatabase, django_on
from linli.estate.billing import actions, queries, rules
from linli.kernel.money import Money
from linli.kernel.refusals import Denied
from linli.spine.findings import Finding
from linli.spine.scope import GUEST, SYSTEM
from linli.works.doctor.examination import PARTS

JANUARY = date(2026, 1, 1)
NOW = AT + timedelta(days=3)


@pytest.fixture(scope="module")
def town(databases: Databases, django_db_blocker: DjangoDbBlocker) -> Iterator[OwnDatabase]:
    """A month that was issued, paid in part, credited and late; a deposit that is held, a receipt with a rest."""
    database = databases.clone()
    with django_db_blocker.unblock(), django_on(database):
        desk = a_desk()
        home, other = desk.a_home(), desk.a_home()
        item = desk.an_item("property_fee")
        late = rules.LateRule(rate=Decimal("0.0005"))
        draft = rules.TariffDraft(preset="fixed", parameters={"amount": "1000"}, terms=rules.Terms(late=late))
        actions.set_tariff(desk.scope, item=item, draft=draft, start_on=date(2020, 1, 1), at=AT)
        desk.charged(item, home, other)
        desk.issued(JANUARY)
        cash = {"channel": rules.Channel.CASH, "at": AT}
        actions.take_payment(desk.scope, subject=home.id, amount=Money.parse("300"), payer=home.owner, **cash)
        actions.take_payment(desk.scope, subject=other.id, amount=Money.parse("1012"), payer=other.owner, **cash)
        (owed,) = queries.account_page(desk.scope, subject=home.id).open_lines
        actions.credit_line(
            desk.scope, line=owed.line.line, amount=Money.parse("50"), why="The lift stood still", at=AT
        )
        actions.accrue_late_fees(SYSTEM, at=AT)
        deposit = actions.ask_deposit(
            desk.scope,
            community=desk.community.id,
            subject=home.id,
            obligor=home.owner,
            word="renovation",
            title={"en": "Renovation"},
            amount=Money.parse("2000"),
            at=AT,
        )
        actions.take_deposit(desk.scope, deposit=deposit, **cash)
        yield database
    databases.drop(database.name)


@dataclass(frozen=True)
class Case:
    """What somebody with the superuser's key does to the rows, how it is undone, and what is found meanwhile."""

    invariants: tuple[str, ...]
    harm: str
    cure: str
    words: str


OWED = "What is owed stands in the company's book, account by account"
PAID = "What is paid of a line is what receipts paid of it"
CREDITED = "What is credited of a line is what its credits say"
NIGHTS = "The late fee of a line is the sum of its nights"
CASES = (
    Case(
        (OWED,),
        "UPDATE billing_line SET amount_minor = amount_minor + 1 WHERE credited_minor > 0",
        "UPDATE billing_line SET amount_minor = amount_minor - 1 WHERE credited_minor > 0",
        "the lines say",
    ),
    Case(
        ("What is kept of receipts stands in the company's book",),
        "UPDATE billing_receipt SET rest_minor = rest_minor + 100 WHERE rest_minor > 0",
        "UPDATE billing_receipt SET rest_minor = rest_minor - 100 WHERE rest_minor > 0",
        "the book says -12.00, the lines say -13.00",
    ),
    Case(
        ("What is held of deposits stands in the company's book",),
        "UPDATE billing_deposit SET deducted_minor = 500",
        "UPDATE billing_deposit SET deducted_minor = 0",
        "the book says -2000.00, the lines say -1995.00",
    ),
    Case(
        (PAID, OWED),
        "UPDATE billing_line SET paid_minor = 30001 WHERE paid_minor = 30000",
        "UPDATE billing_line SET paid_minor = 30000 WHERE paid_minor = 30001",
        "says 300.01, and it adds up to 300.00",
    ),
    Case(
        (CREDITED, OWED),
        "UPDATE billing_line SET credited_minor = 5001 WHERE credited_minor = 5000",
        "UPDATE billing_line SET credited_minor = 5000 WHERE credited_minor = 5001",
        "says 50.01, and it adds up to 50.00",
    ),
    Case(
        (NIGHTS,),
        "UPDATE billing_late SET minor = minor + 1",
        "UPDATE billing_late SET minor = minor - 1",
        "and it adds up to",
    ),
    Case(
        ("No deposit and no waiver waits beyond its time",),
        "UPDATE billing_deposit SET state = 'asked', taken_at = taken_at, lapses_at = lapses_at - interval '60 days'",
        "UPDATE billing_deposit SET state = 'held', lapses_at = lapses_at + interval '60 days'",
        "The deposit ",
    ),
)


def wrong() -> dict[str, Finding]:
    return {finding.invariant: finding for finding in PARTS["billing"](NOW) if not finding.ok}


def test_a_desk_that_nobody_touched_is_well(town: OwnDatabase):
    assert wrong() == {}
    assert len(PARTS["billing"](NOW)) == len({each for case in CASES for each in case.invariants})


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.invariants[0])
def test_what_is_broken_behind_the_walls_is_found_and_named(town: OwnDatabase, case: Case):
    with town.connect_as_superuser() as link:
        link.execute("SET session_replication_role = replica")
        changed = link.execute(case.harm).rowcount
        try:
            found = wrong()
        finally:
            link.execute(case.cure)
    assert changed > 0
    assert set(found) == set(case.invariants)
    assert case.words in " ".join(map(str, found[case.invariants[0]].details))
    assert wrong() == {}


@pytest.mark.django_db
def test_nobody_but_the_house_may_look():
    with pytest.raises(Denied):
        queries.check(GUEST, at=AT)
