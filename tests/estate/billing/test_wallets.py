"""A wallet is never below nothing, pays what its buckets may pay, and the book says the same, movement by movement."""

from datetime import date

import pytest
from django.db import IntegrityError, transaction

from builders.billing import a_desk
from builders.clock import AT
from linli.estate.billing import actions, queries, rules
from linli.estate.billing.actions.online import NothingOwed
from linli.estate.billing.actions.repaying import NotPaid
from linli.estate.billing.actions.wallet_moves import NotInWallet
from linli.estate.billing.actions.wallet_paying import EmptyWallet
from linli.estate.billing.actions.wallets import NoWallet
from linli.estate.billing.models import Line, Receipt, TopUp, Wallet, WalletEntry
from linli.ground.policies import actions as policies
from linli.ground.policies import queries as known_policies
from linli.kernel.money import Money
from linli.kernel.refusals import Invalid, NotFound
from linli.money.ledger import queries as ledger
from linli.money.ledger.rules import (
    desk_cash,
    due_from_platform,
    fee_receivable,
    fee_wallet,
    prepaid_fee,
    property_book,
)
from linli.money.payments import actions as payments
from linli.money.payments import queries as collections
from linli.spine.scope import SYSTEM

pytestmark = pytest.mark.django_db
GENERAL, PROPERTY = rules.Bucket.GENERAL, rules.Bucket.PROPERTY
CASH = rules.Channel.CASH
TITLE = {"zh": "换锁", "en": "New lock"}


@pytest.fixture
def desk():
    return a_desk()


@pytest.fixture
def home(desk):
    return desk.a_home()


def yuan(text):
    return Money.parse(text)


def book_of(desk, address):
    return str(ledger.balance(SYSTEM, book=property_book(desk.company), address=address))


def kept(desk, home, bucket):
    return book_of(desk, fee_wallet(desk.community.id, home.owner, bucket.value))


def put_in(desk, home, bucket, amount):
    return actions.take_topup(
        desk.scope,
        community=desk.community.id,
        person=home.owner,
        bucket=bucket,
        amount=yuan(amount),
        channel=CASH,
        at=AT,
    )


def issued(desk, *homes, amount="100", month=3):
    desk.charged(desk.priced(desk.an_item(), "fixed", amount=amount), *homes)
    desk.issued(date(2026, month, 1))


def a_repair(desk, home, amount):
    item = actions.ensure_item(desk.scope, community=desk.community.id, word="repair", name=TITLE, at=AT)
    return actions.charge_once(
        desk.scope,
        community=desk.community.id,
        subject=home.id,
        item=item,
        amount=yuan(amount),
        title=TITLE,
        source="work_order:1",
        at=AT,
    )


def set_terms(desk, **values):
    policies.set_policy(
        SYSTEM, word="billing", level="community", place=desk.community.id, values=values, start_at=AT, at=AT
    )
    known_policies.forget()


def agrees(desk):
    return queries.differences(desk.scope, community=desk.community.id, company=desk.company) == ()


def test_what_is_put_in_is_a_debt_of_the_company_with_a_number(desk, home):
    assert put_in(desk, home, GENERAL, "50.00") == f"W{AT.year}-000001"
    assert put_in(desk, home, GENERAL, "25.00") == f"W{AT.year}-000002"
    assert kept(desk, home, GENERAL) == "-75.00"
    assert book_of(desk, desk_cash("front")) == "75.00"
    statement = queries.wallet_statement(home.scope, community=desk.community.id, person=home.owner)
    assert [(str(line.amount), str(line.after)) for line in statement] == [("25.00", "75.00"), ("50.00", "50.00")]
    assert agrees(desk)


def test_a_top_up_on_the_phone_arrives_once(desk, home):
    collection = actions.begin_topup(
        home.scope, community=desk.community.id, bucket=PROPERTY, amount=yuan("300.00"), at=AT
    )
    card = collections.collection(SYSTEM, collection=collection)
    payments.record_bank_transfer(SYSTEM, collection=collection, account="custody", amount=card.amount, line="1", at=AT)
    topup = TopUp.objects.inside().get(collection=collection).pk
    assert str(actions.record_topup(SYSTEM, topup=topup, at=AT)) == "300.00"
    assert str(actions.record_topup(SYSTEM, topup=topup, at=AT)) == "0.00"
    assert kept(desk, home, PROPERTY) == "-300.00"
    assert book_of(desk, due_from_platform(desk.community.city)) == "300.00"


def test_the_property_bucket_pays_first_and_never_a_repair(desk, home):
    put_in(desk, home, PROPERTY, "150.00")
    put_in(desk, home, GENERAL, "30.00")
    issued(desk, home)
    a_repair(desk, home, "80.00")
    assert str(actions.pay_from_wallet(home.scope, subject=home.id, at=AT)) == "130.00"
    lines = {line.kind: line for line in Line.objects.inside().filter(subject=home.id)}
    assert (lines["charge"].paid_minor, lines["once"].paid_minor) == (10000, 3000)
    assert (kept(desk, home, PROPERTY), kept(desk, home, GENERAL)) == ("-50.00", "0.00")
    assert book_of(desk, fee_receivable(home.id, home.owner)) == "50.00"
    receipts = Receipt.objects.inside().filter(channel="wallet").order_by("number")
    assert sorted(receipt.amount_minor for receipt in receipts) == [3000, 10000]
    assert agrees(desk)
    with pytest.raises(EmptyWallet):
        actions.pay_from_wallet(home.scope, subject=home.id, lines=[lines["once"].pk], at=AT)
    assert kept(desk, home, PROPERTY) == "-50.00"


def test_nobody_pays_what_another_owes_or_nothing(desk, home):
    put_in(desk, home, GENERAL, "30.00")
    with pytest.raises(NothingOwed):
        actions.pay_from_wallet(home.scope, subject=home.id, at=AT)
    stranger = desk.a_home()
    issued(desk, stranger)
    with pytest.raises(NothingOwed):
        actions.pay_from_wallet(home.scope, subject=stranger.id, at=AT)
    assert kept(desk, home, GENERAL) == "-30.00"


@pytest.mark.parametrize(("to", "bucket"), [("general", GENERAL), ("property", PROPERTY)])
def test_what_was_paid_too_much_goes_where_the_community_says(desk, home, to, bucket):
    issued(desk, home)
    set_terms(desk, overpaid_to=to)
    taken = actions.take_payment(desk.scope, subject=home.id, amount=yuan("130.00"), channel=CASH, at=AT)
    assert (str(taken.paid), str(taken.kept)) == ("100.00", "30.00")
    assert kept(desk, home, bucket) == "-30.00"
    assert book_of(desk, prepaid_fee(home.id, home.owner)) == "0.00"
    assert Receipt.objects.inside().get(pk=taken.receipt).rest_minor == 0
    assert agrees(desk)


def test_what_a_wallet_paid_of_a_line_goes_back_into_its_bucket_and_no_other_way(desk, home):
    put_in(desk, home, PROPERTY, "100.00")
    issued(desk, home)
    actions.pay_from_wallet(home.scope, subject=home.id, at=AT)
    (line,) = Line.objects.inside().filter(subject=home.id)
    with pytest.raises(NotPaid):
        actions.refund_line(desk.scope, line=line.pk, channel=CASH, why="by mistake", at=AT)
    assert kept(desk, home, PROPERTY) == "0.00"
    back = actions.refund_line(desk.scope, line=line.pk, channel=rules.Channel.WALLET, why="by mistake", at=AT)
    assert str(back) == "100.00"
    assert kept(desk, home, PROPERTY) == "-100.00"
    assert book_of(desk, fee_receivable(home.id, home.owner)) == "100.00"
    assert agrees(desk)


def test_the_general_bucket_goes_back_whole_and_the_property_one_less_what_is_owed(desk, home):
    put_in(desk, home, PROPERTY, "150.00")
    put_in(desk, home, GENERAL, "20.00")
    issued(desk, home)
    cards = {card.bucket: card for card in queries.my_wallets(home.scope, community=desk.community.id)}
    assert (str(cards[PROPERTY].refundable), str(cards[GENERAL].refundable)) == ("50.00", "20.00")
    with pytest.raises(NotInWallet):
        actions.refund_wallet(
            desk.scope, wallet=cards[PROPERTY].wallet, channel=CASH, amount=yuan("50.01"), why="moves", at=AT
        )
    assert kept(desk, home, PROPERTY) == "-150.00"
    for bucket in (PROPERTY, GENERAL):
        actions.refund_wallet(desk.scope, wallet=cards[bucket].wallet, channel=CASH, why="moves", at=AT)
    assert (kept(desk, home, PROPERTY), kept(desk, home, GENERAL)) == ("-100.00", "0.00")
    assert book_of(desk, desk_cash("front")) == "100.00"
    assert agrees(desk)


def test_a_top_up_of_the_phone_goes_back_the_way_it_came_and_never_more_than_it_was(desk, home):
    collection = actions.begin_topup(
        home.scope, community=desk.community.id, bucket=GENERAL, amount=yuan("30.00"), at=AT
    )
    card = collections.collection(SYSTEM, collection=collection)
    payments.record_bank_transfer(SYSTEM, collection=collection, account="custody", amount=card.amount, line="1", at=AT)
    actions.record_topup(SYSTEM, topup=TopUp.objects.inside().get(collection=collection).pk, at=AT)
    put_in(desk, home, GENERAL, "20.00")
    (wallet,) = queries.my_wallets(home.scope, community=desk.community.id)
    back = {"wallet": wallet.wallet, "channel": rules.Channel.ONLINE, "why": "moves", "at": AT}
    assert str(actions.refund_wallet(desk.scope, amount=yuan("10.00"), **back)) == "10.00"
    assert str(actions.refund_wallet(desk.scope, **back)) == "20.00"
    with pytest.raises(NotInWallet):
        actions.refund_wallet(desk.scope, amount=yuan("0.01"), **back)
    refunds = collections.refunds(SYSTEM, collection=collection)
    assert sorted(str(refund.amount) for refund in refunds) == ["10.00", "20.00"]
    assert kept(desk, home, GENERAL) == "-20.00"
    assert agrees(desk)


def test_only_what_came_by_phone_goes_back_by_phone(desk, home):
    put_in(desk, home, GENERAL, "20.00")
    (card,) = queries.my_wallets(home.scope, community=desk.community.id)
    with pytest.raises(NotInWallet):
        actions.refund_wallet(desk.scope, wallet=card.wallet, channel=rules.Channel.ONLINE, why="moves", at=AT)
    assert kept(desk, home, GENERAL) == "-20.00"


def test_a_community_may_keep_no_wallets_and_limits_each_top_up(desk, home):
    with pytest.raises(Invalid):
        put_in(desk, home, GENERAL, "5000.01")
    set_terms(desk, has_wallet=False)
    with pytest.raises(NoWallet):
        put_in(desk, home, GENERAL, "1.00")
    assert not Wallet.objects.inside().exists()


def test_a_stranger_sees_no_wallet_and_a_resident_not_their_neighbours(desk, home):
    put_in(desk, home, GENERAL, "20.00")
    (card,) = queries.wallets(desk.scope, community=desk.community.id)
    other = a_desk()
    with pytest.raises(NotFound):
        queries.wallets(other.scope, community=desk.community.id)
    with pytest.raises(NotFound):
        actions.refund_wallet(other.scope, wallet=card.wallet, channel=CASH, why="mine", at=AT)
    with pytest.raises(NotFound):
        actions.begin_topup(
            other.a_home().scope, community=desk.community.id, bucket=GENERAL, amount=yuan("1.00"), at=AT
        )
    assert queries.my_wallets(desk.a_home().scope, community=desk.community.id) == ()
    assert kept(desk, home, GENERAL) == "-20.00"


def test_the_database_itself_lets_no_bucket_fall_below_nothing(desk, home):
    put_in(desk, home, GENERAL, "20.00")
    with pytest.raises(IntegrityError, match="billing_wallet_balance"), transaction.atomic():
        Wallet.objects.inside().update(balance_minor=-1)
    assert [entry.after_minor for entry in WalletEntry.objects.inside()] == [2000]
