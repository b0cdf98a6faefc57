"""Wallets: money put in on the phone or at the desk, and given back from what is not needed."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import F

from linli.estate.billing import rules
from linli.estate.billing.actions.crediting import insist_on_reason
from linli.estate.billing.actions.paying import BY_HAND
from linli.estate.billing.actions.settling import insist_on_open_month, next_number
from linli.estate.billing.actions.wallet_moves import Keeper, Movement, NotInWallet, ensured, keeper_of, move, post
from linli.estate.billing.models import TopUp, Wallet
from linli.estate.billing.queries.wallets import owed_for_homes
from linli.ground.places import queries as places
from linli.ground.policies.queries import policy
from linli.kernel import ids
from linli.kernel.ids import CityId, CollectionId, CommunityId, PartyId, RefundId
from linli.kernel.money import Money
from linli.kernel.refusals import Invalid, NotFound, Refusal
from linli.kernel.words import _
from linli.money.ledger.rules import (
    OWN_BANK,
    Leg,
    credit,
    debit,
    desk_cash,
    due_from_platform,
    property_fee_collected,
)
from linli.money.payments import actions as payments
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.scope import SYSTEM, Scope

PURPOSE = "wallet"
PATIENCE = timedelta(minutes=15)
BACK = (rules.Channel.CASH, rules.Channel.BANK, rules.Channel.ONLINE)
MOST_TOPUPS = 200


class NoWallet(Refusal):
    """The community keeps no wallets."""

    says = _("There is no wallet in this community.")


@action(needs=May.PAY)
def begin_topup(
    scope: Scope, *, community: CommunityId, bucket: rules.Bucket, amount: Money, at: datetime
) -> CollectionId:
    """This will ask for one payment into a wallet of the person who asks; begin it with `payments.begin_payment`."""
    if scope.person is None or community not in scope.communities:
        raise NotFound("community")
    keeper = keeper_of(scope.person, community, at)
    _insist_on_amount(community, bucket, amount, at)
    place = places.market_of(community)
    topup, collection = ids.new(), CollectionId(ids.new())
    TopUp.objects.create(
        id=topup,
        company=keeper.company,
        community=community,
        city=place.city,
        payer=keeper.person,
        bucket=bucket.value,
        amount_minor=amount.minor,
        collection=collection,
        begun_at=at,
    )
    payments.request_collection(
        SYSTEM,
        collection=collection,
        purpose=PURPOSE,
        for_=topup,
        city=CityId(place.city),
        payer=keeper.person,
        amount=amount,
        legs=(credit(property_fee_collected(keeper.company, community), amount),),
        expires_at=at + PATIENCE,
        at=at,
        currency=place.currency,
    )
    return collection


@action(needs=May.RECORD_PAYMENT_EVENTS)
def record_topup(scope: Scope, *, topup: UUID, at: datetime) -> Money:
    """This will put into a wallet what arrived for it, once."""
    row = TopUp.objects.within(scope).select_for_update().filter(pk=topup).first()
    if row is None or row.collected_at is not None:
        return Money.zero
    keeper = Keeper(PartyId(row.payer), CommunityId(row.community), PartyId(row.company))
    amount = Money(row.amount_minor)
    came = debit(due_from_platform(CityId(row.city)), amount)
    _put_in(scope, keeper, rules.Bucket(row.bucket), amount, rules.Channel.ONLINE, came, f"topup:{topup}", at)
    TopUp.objects.within(scope).filter(pk=topup).update(collected_at=at)
    return amount


@action(needs=May.TAKE_FEES)
def take_topup(
    scope: Scope,
    *,
    community: CommunityId,
    person: PartyId,
    bucket: rules.Bucket,
    amount: Money,
    channel: rules.Channel,
    desk: str = "front",
    at: datetime,
) -> str:
    """This will put money into somebody's wallet at the desk, and give the number of the paper."""
    _insist_on_reach(scope, community)
    _insist_on_amount(community, bucket, amount, at)
    if channel not in BY_HAND:
        raise Invalid("channel", _("This is not taken by hand."))
    insist_on_open_month(scope, community, at)
    till = OWN_BANK if channel is rules.Channel.BANK else desk_cash(desk)
    document = f"wallet_taken:{ids.new()}"
    return _put_in(
        scope, keeper_of(person, community, at), bucket, amount, channel, debit(till, amount), document, at, desk=desk
    )


@action(needs=May.TAKE_FEES, private=("why",))
def refund_wallet(
    scope: Scope,
    *,
    wallet: UUID,
    channel: rules.Channel,
    amount: Money | None = None,
    desk: str = "front",
    why: str,
    at: datetime,
) -> Money:
    """This will give back what a bucket holds and its owner does not need for what they owe now, or a part of it.

    `ONLINE` gives back what was put in on the phone, the latest first, the way it came.
    """
    insist_on_reason(why)
    row = Wallet.objects.within(scope).select_for_update().filter(pk=wallet).first()
    if row is None:
        raise NotFound("wallet")
    community, person = CommunityId(row.community), PartyId(row.person)
    _insist_on_reach(scope, community)
    if channel not in BACK:
        raise Invalid("channel", _("Money goes back in cash, by bank, or the way it came."))
    insist_on_open_month(scope, community, at)
    owed = owed_for_homes(SYSTEM, community=community, person=person)
    most = rules.refundable(rules.Bucket(row.bucket), Money(row.balance_minor), owed)
    topups = _topups(row) if channel is rules.Channel.ONLINE else []
    if channel is rules.Channel.ONLINE:
        most = min(most, Money(sum(each.amount_minor - each.refunded_minor for each in topups)))
    back = most if amount is None else amount
    if not Money.zero < back <= most:
        raise NotInWallet(field="amount", held=most)
    number, document = next_number(PartyId(row.company), community, "T", at), f"wallet_refund:{ids.new()}"
    off = move(
        scope,
        row,
        Movement(
            bucket=rules.Bucket(row.bucket),
            verb=rules.WalletVerb.REFUND,
            amount=-back,
            document=document,
            number=number,
            channel=channel.value,
            desk=desk if channel is rules.Channel.CASH else "",
            why=why,
        ),
        at,
    )
    accounts = {
        rules.Channel.CASH: desk_cash(desk),
        rules.Channel.BANK: OWN_BANK,
        rules.Channel.ONLINE: due_from_platform(CityId(row.city)),
    }
    _send_back(topups, back, document, at)
    post(row, key=document, document=document, kind="fees_repaid", legs=(off, credit(accounts[channel], back)), at=at)
    return back


def _put_in(
    scope: Scope,
    keeper: Keeper,
    bucket: rules.Bucket,
    amount: Money,
    channel: rules.Channel,
    came: Leg,
    document: str,
    at: datetime,
    *,
    desk: str = "",
) -> str:
    wallet = ensured(keeper, bucket, at)
    number = next_number(keeper.company, keeper.community, "W", at)
    leg = move(
        scope,
        wallet,
        Movement(
            bucket=bucket,
            verb=rules.WalletVerb.TOP_UP,
            amount=amount,
            document=document,
            number=number,
            channel=channel.value,
            desk=desk if channel is not rules.Channel.BANK else "",
        ),
        at,
    )
    post(wallet, key=document, document=document, kind="wallet_topped_up", legs=(came, leg), at=at)
    return number


def _topups(wallet: Wallet) -> list[TopUp]:
    rows = (
        TopUp.objects.within(SYSTEM)
        .select_for_update()
        .filter(payer=wallet.person, community=wallet.community, bucket=wallet.bucket, collected_at__isnull=False)
    )
    return list(rows.filter(amount_minor__gt=F("refunded_minor")).order_by("-id")[:MOST_TOPUPS])


def _send_back(topups: list[TopUp], back: Money, document: str, at: datetime) -> None:
    left = back.minor
    for row in topups:
        part = Money(min(left, row.amount_minor - row.refunded_minor))
        if not part:
            break
        row.refunded_minor += part.minor
        left -= part.minor
        collected = property_fee_collected(PartyId(row.company), CommunityId(row.community))
        payments.request_refund(
            SYSTEM,
            refund=RefundId(ids.new()),
            collection=CollectionId(row.collection),
            amount=part,
            legs=(debit(collected, part),),
            document=document,
            at=at,
        )
    TopUp.objects.within(SYSTEM).bulk_update(topups, ["refunded_minor"])


def _insist_on_reach(scope: Scope, community: CommunityId) -> None:
    if not scope.is_inside and community not in scope.communities:
        raise NotFound("wallet")


def _insist_on_amount(community: CommunityId, bucket: rules.Bucket, amount: Money, at: datetime) -> None:
    if bucket not in rules.FILLED_BY_HAND:
        raise Invalid("bucket", _("What neighbours paid fills this bucket, and nobody else does."))
    terms = policy(SYSTEM, rules.BillingPolicy, at=at, community=community)
    if not terms.has_wallet:
        raise NoWallet
    if not Money.zero < amount <= terms.topup_most:
        raise Invalid("amount", _("Between {least} and {most}."), least=Money(1), most=terms.topup_most)
