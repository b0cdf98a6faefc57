"""Giving back: what was paid of a line, by line, and what is kept of a receipt; the way it came, in cash or by bank."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import F, Sum

from linli.estate.billing import rules
from linli.estate.billing.actions.crediting import insist_on_reason
from linli.estate.billing.actions.settling import insist_on_open_month, next_number, receivable_of
from linli.estate.billing.actions.wallet_moves import give_back_to_wallet
from linli.estate.billing.events import LineReopened
from linli.estate.billing.models import Allocation, Invoice, Line, Receipt, Repayment
from linli.ground.places import queries as places
from linli.kernel import ids
from linli.kernel.ids import CityId, CollectionId, CommunityId, PartyId, ReceiptId, RefundId
from linli.kernel.money import Money
from linli.kernel.refusals import Invalid, NotFound, Refusal
from linli.kernel.words import _
from linli.money.ledger import actions as ledger
from linli.money.ledger.rules import (
    OWN_BANK,
    Draft,
    Leg,
    credit,
    debit,
    desk_cash,
    due_from_platform,
    prepaid_fee,
    property_book,
    property_fee_collected,
)
from linli.money.payments import actions as payments
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.outbox import tell
from linli.spine.scope import SYSTEM, Scope

BACK = (rules.Channel.CASH, rules.Channel.BANK, rules.Channel.ONLINE, rules.Channel.WALLET)


class NotPaid(Refusal):
    """More would go back than came."""

    says = _("Only {paid} can be given back this way.")


class AnotherWay(Refusal):
    """Money would go back by another way than it came, and nobody said that this is meant."""

    says = _("This money came by {came}. Give it back the same way, or tick that it shall go back another way.")


class Invoiced(Refusal):
    """An invoice was asked for or issued over this money."""

    says = _("There is an invoice for this payment. Please refuse or revoke it first.")


@action(needs=May.TAKE_FEES, private=("why",))
def refund_line(
    scope: Scope,
    *,
    line: int,
    channel: rules.Channel,
    amount: Money | None = None,
    desk: str = "front",
    why: str,
    another_way: bool = False,
    at: datetime,
) -> Money:
    """This will give back what was paid of a line, the last payment first; the line is open again by so much.

    `ONLINE` gives back what was paid on the phone, the way it came; `another_way` says that another is meant. To
    forgive the debt as well, credit the line.
    """
    insist_on_reason(why)
    row = Line.objects.within(scope).select_for_update(of=("self",)).select_related("item").filter(pk=line).first()
    if row is None or (not scope.is_inside and row.community not in scope.communities):
        raise NotFound("line")
    insist_on_channel(channel)
    insist_on_open_month(scope, CommunityId(row.community), at)
    parts = _parts(scope, row, channel)
    back = Money(sum(minor for _receipt, minor in parts)) if amount is None else amount
    if not Money.zero < back <= Money(sum(minor for _receipt, minor in parts)):
        raise NotPaid(field="amount", paid=Money(sum(minor for _receipt, minor in parts)))
    was_paid, left = row.paid_minor + row.credited_minor == row.amount_minor, back.minor
    for receipt, minor in parts:
        taken = min(minor, left)
        if taken:
            insist_on_no_invoice(scope, receipt)
            insist_on_its_way(rules.Channel(receipt.channel), channel, another_way)
            Allocation.objects.create(
                receipt=receipt, line=row, community=row.community, amount_minor=-taken, allocated_at=at
            )
            repay(scope, receipt, Money(taken), channel, desk, why, debit(receivable_of(row), Money(taken)), at, line)
            left -= taken
    Line.objects.within(scope).filter(pk=line).update(paid_minor=F("paid_minor") - back.minor)
    if was_paid and row.source:
        tell(
            LineReopened(
                line=row.pk,
                source=row.source,
                community=CommunityId(row.community),
                subject=row.subject,
                amount=back,
                at=at,
            )
        )
    return back


@action(needs=May.TAKE_FEES, private=("why",))
def refund_rest(
    scope: Scope,
    *,
    receipt: ReceiptId,
    channel: rules.Channel,
    amount: Money | None = None,
    desk: str = "front",
    why: str,
    another_way: bool = False,
    at: datetime,
) -> Money:
    """This will give back what is kept of a receipt, or a part of it."""
    insist_on_reason(why)
    row = Receipt.objects.within(scope).select_for_update().filter(pk=receipt).first()
    if row is None or (not scope.is_inside and row.community not in scope.communities):
        raise NotFound("receipt")
    insist_on_channel(channel)
    insist_on_open_month(scope, CommunityId(row.community), at)
    back, rest = amount or Money(row.rest_minor), Money(row.rest_minor)
    if not Money.zero < back <= rest or (channel is rules.Channel.ONLINE and row.collection is None):
        raise NotPaid(field="amount", paid=rest if channel is not rules.Channel.ONLINE else Money.zero)
    insist_on_no_invoice(scope, row)
    insist_on_its_way(rules.Channel(row.channel), channel, another_way)
    off = debit(prepaid_fee(row.subject, PartyId(UUID(str(row.keeper)))), back)
    repay(scope, row, back, channel, desk, why, off, at, None)
    Receipt.objects.within(scope).filter(pk=row.pk).update(rest_minor=F("rest_minor") - back.minor)
    return back


def insist_on_channel(channel: rules.Channel) -> None:
    """This will refuse a way in which no money goes back."""
    if channel not in BACK:
        raise Invalid("channel", _("Money goes back in cash, by bank, into a wallet, or the way it came."))


def insist_on_its_way(came: rules.Channel, back: rules.Channel, another_way: bool) -> None:
    """This will refuse to give money back by another way than it came, unless that is meant.

    Cash for what came by card, code, bank or phone is how money is drawn from what is not one's own.
    """
    if not another_way and not came.goes_back_by(back):
        raise AnotherWay(field="another_way", came=came)


def insist_on_no_invoice(scope: Scope, receipt: Receipt) -> None:
    """This will refuse to give back money over which there is an invoice."""
    live = (rules.InvoiceState.ASKED.value, rules.InvoiceState.ISSUED.value)
    if Invoice.objects.within(scope).filter(receipts__contains=[receipt.pk], state__in=live).exists():
        raise Invoiced


def _parts(scope: Scope, row: Line, channel: rules.Channel) -> Sequence[tuple[Receipt, int]]:
    """Which receipts paid the line, and how much each, the last first; online only those that came so."""
    paid_by = (
        Allocation.objects.within(scope)
        .filter(line=row)
        .values_list("receipt")
        .annotate(minor=Sum("amount_minor"))
        .filter(minor__gt=0)
    )
    minors = dict(paid_by)
    receipts = Receipt.objects.within(scope).select_for_update().filter(pk__in=minors)
    if channel is rules.Channel.ONLINE:
        receipts = receipts.filter(collection__isnull=False)
    elif channel is not rules.Channel.WALLET:
        # What a wallet paid goes back into it: else a bucket for fees alone would be a way to cash.
        receipts = receipts.exclude(channel=rules.Channel.WALLET.value)
    return [(receipt, minors[receipt.pk]) for receipt in receipts.order_by("-id")]


def repay(
    scope: Scope,
    receipt: Receipt,
    back: Money,
    channel: rules.Channel,
    desk: str,
    why: str,
    off: Leg,
    at: datetime,
    line: int | None,
) -> None:
    """This will write the paper and the journal, and where it goes back online the order to the provider."""
    company, community = PartyId(receipt.company), CommunityId(receipt.community)
    repayment, market = ids.new(), places.market_of(community)
    number = next_number(company, community, "T", at)
    Repayment.objects.create(
        id=repayment,
        receipt=receipt,
        company=company,
        community=community,
        payer=receipt.payer,
        line=line,
        number=number,
        channel=channel.value,
        desk=desk if channel is rules.Channel.CASH else "",
        amount_minor=back.minor,
        why=why.strip(),
        person=scope.person,
        repaid_at=at,
    )
    to = {
        rules.Channel.CASH: credit(desk_cash(desk), back),
        rules.Channel.BANK: credit(OWN_BANK, back),
        rules.Channel.ONLINE: credit(due_from_platform(CityId(market.city)), back),
    }.get(channel) or give_back_to_wallet(SYSTEM, receipt, back, number, why, at)
    if channel is rules.Channel.ONLINE:
        payments.request_refund(
            SYSTEM,
            refund=RefundId(ids.new()),
            collection=CollectionId(UUID(str(receipt.collection))),
            amount=back,
            legs=(debit(property_fee_collected(company, community), back),),
            document=f"repayment:{repayment}",
            at=at,
        )
    ledger.post(
        SYSTEM,
        draft=Draft(
            key=f"repaid:{repayment}",
            book=property_book(company),
            currency=market.currency,
            document=f"repayment:{repayment}",
            kind="fees_repaid",
            at=at,
            legs=(off, to),
        ),
    )
