"""Whatever a payment was for, who paid it a second time or too late reads that it goes back."""

from datetime import date

import pytest

from builders.billing import a_desk
from builders.clock import AT
from harness.payments_words import told_of_money_going_back
from linli.estate.billing import actions, reactions, rules
from linli.kernel import ids
from linli.kernel.money import Money
from linli.money.payments import queries as collections
from linli.money.payments.events import Collected, CollectedTooLate
from linli.spine.outbox import reactions_to
from linli.spine.scope import SYSTEM

pytestmark = pytest.mark.django_db
DEPOSIT = {"word": "access_card", "title": {"zh": "门禁卡押金", "en": "Access card deposit"}}


def comes_again(collection):
    """The same collection is paid a second time: told to whoever of billing listens for its purpose."""
    card = collections.collection(SYSTEM, collection=collection)
    fact = CollectedTooLate(
        collection=collection,
        purpose=card.purpose,
        for_=card.for_,
        amount=card.amount,
        refund=ids.new(),
        why="twice",
        at=AT,
    )
    (react,) = [each for each in reactions_to(fact.kind) if each.purpose == card.purpose]
    assert react.name == "billing.tell_goes_back"
    reactions.tell_goes_back(fact)


@pytest.fixture
def desk():
    return a_desk()


def a_deposit(desk, home):
    deposit = actions.ask_deposit(
        desk.scope,
        community=desk.community.id,
        subject=home.id,
        obligor=home.owner,
        amount=Money(10000),
        at=AT,
        **DEPOSIT,
    )
    return actions.begin_deposit(home.scope, deposit=deposit, at=AT)


def a_topup(desk, home):
    bucket = rules.Bucket.PROPERTY
    return actions.begin_topup(home.scope, community=desk.community.id, bucket=bucket, amount=Money(10000), at=AT)


def a_term(desk, home):
    fee = desk.priced(desk.an_item("property_fee"), "fixed", amount="100")
    desk.charged(fee, home)
    offer = actions.offer_term(
        desk.scope, community=desk.community.id, item=fee, months=1, gifts=0, price=rules.TermPrice.LOCKED, at=AT
    )
    return actions.begin_term(home.scope, offer=offer, home=home.id, first_on=date(2026, 3, 1), at=AT)


@pytest.mark.parametrize("asked", [a_deposit, a_topup, a_term], ids=["deposit", "wallet", "term"])
def test_who_pays_the_same_twice_or_too_late_is_told_whatever_it_was_for(desk, asked):
    home, neighbour = desk.a_home(), desk.a_home()
    comes_again(asked(desk, home))
    assert told_of_money_going_back(home.owner) == ["100.00"]
    assert told_of_money_going_back(neighbour.owner) == []


def test_every_purpose_that_money_is_collected_for_tells_its_payer_of_money_that_goes_back():
    served = {each.purpose for each in reactions_to(Collected.kind)}
    assert served >= {"bill", "deduction", "deposit", "wallet", "term", "parking", "shared_parking", "order"}
    assert {each.purpose for each in reactions_to(CollectedTooLate.kind)} == served
