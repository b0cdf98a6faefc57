"""Paying bills out of a wallet: a receipt for each bucket, never more than it holds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from linli.estate.billing import rules
from linli.estate.billing.actions.online import NothingOwed
from linli.estate.billing.actions.settling import (
    Counter,
    allocate,
    hold_open_lines,
    open_line,
    receivable_of,
    still_open,
    write_receipt,
)
from linli.estate.billing.actions.wallet_moves import Movement, move, post
from linli.estate.billing.models import Line, Wallet
from linli.ground.policies.queries import policy
from linli.kernel.ids import CommunityId, HomeId, PartyId
from linli.kernel.money import Money
from linli.kernel.refusals import Invalid, NotFound, Refusal
from linli.kernel.words import _
from linli.money.ledger.rules import credit
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.scope import SYSTEM, Scope


class EmptyWallet(Refusal):
    """Nothing of what is open could be paid."""

    says = _("There is nothing in your wallet that may pay this.")


@action(needs=May.PAY)
def pay_from_wallet(scope: Scope, *, subject: UUID, lines: Sequence[int] = (), at: datetime) -> Money:
    """This will pay what the person who asks owes for a home (or picked lines of it) out of their wallet, as far as it
    reaches; tells how much it paid. The property bucket pays first."""
    if scope.person is None:
        raise NotFound("bill")
    found = hold_open_lines(scope, subject, list(lines) or None)
    own = [row for row in found if row.obligor == scope.person]
    if not own:
        raise NothingOwed
    for nth, line in enumerate(lines):
        if line not in {row.pk for row in own}:
            raise Invalid(f"lines.{nth}", _("Nothing is open on this line any more."))
    paid = spend_wallet(SYSTEM, person=scope.person, lines=[row.pk for row in own], at=at)
    if not paid:
        raise EmptyWallet
    return paid


@action(needs=May.RECORD_PAYMENT_EVENTS)
def spend_wallet(
    scope: Scope, *, person: PartyId, lines: Sequence[int], most: Money | None = None, at: datetime
) -> Money:
    """This will pay lines that a person owes out of their wallet, in the order of their community, and tell how much.

    Lines are held before the wallet, as everywhere: two who spend it wait for each other, and the second sees what is
    left.
    """
    rows = Line.objects.within(scope).filter(pk__in=list(lines), obligor=person).order_by("id")
    first = rows.first()
    if first is None:
        return Money.zero
    community, account = CommunityId(first.community), first.home or first.subject
    found = {row.pk: row for row in hold_open_lines(scope, account, list(lines)) if row.obligor == person}
    wallets = Wallet.objects.within(scope).select_for_update().filter(person=person, community=community)
    held = {rules.Bucket(row.bucket): row for row in wallets.order_by("bucket") if row.balance_minor}
    balances = {bucket: Money(row.balance_minor) for bucket, row in held.items()}
    spent = rules.spend(balances, _in_order(scope, list(found.values()), community, at), most)
    for bucket, wallet in held.items():
        parts = [each for each in spent if each.bucket is bucket]
        if parts:
            _pay(scope, wallet, bucket, parts, found, account, at)
    return Money.total(each.amount for each in spent)


def _in_order(scope: Scope, rows: Sequence[Line], community: CommunityId, at: datetime) -> list[rules.Payable]:
    first = policy(scope, rules.BillingPolicy, at=at, community=community).first
    kinds = {row.pk: row for row in rows}
    everything = Money.total(still_open(row) for row in rows)
    turns = rules.allocate(everything, [open_line(row) for row in rows], first).allocations
    return [
        rules.Payable(line=each.line, kind=rules.LineKind(kinds[each.line].kind), open=each.amount) for each in turns
    ]


def _pay(
    scope: Scope,
    wallet: Wallet,
    bucket: rules.Bucket,
    parts: Sequence[rules.Spent],
    found: dict[int, Line],
    account: UUID,
    at: datetime,
) -> None:
    amount, one = Money.total(each.amount for each in parts), found[parts[0].line]
    kind = rules.SubjectKind.HOME if one.home == account else rules.SubjectKind(one.subject_kind)
    home = HomeId(one.home) if one.home else None
    receipt = write_receipt(
        scope,
        counter=Counter(
            rules.Subject(account, kind, home), CommunityId(wallet.community), PartyId(UUID(str(wallet.company)))
        ),
        amount=amount,
        channel=rules.Channel.WALLET,
        payer=PartyId(wallet.person),
        at=at,
    )
    by_line: dict[int, Money] = defaultdict(lambda: Money.zero)
    for each in parts:
        by_line[each.line] += each.amount
    allocate(receipt, [rules.Allocation(line, minor) for line, minor in by_line.items()], found, at)
    for line, minor in by_line.items():
        found[line].paid_minor += minor.minor
    document = f"receipt:{receipt.pk}"
    off = move(
        scope,
        wallet,
        Movement(
            bucket=bucket,
            verb=rules.WalletVerb.PAY,
            amount=-amount,
            document=document,
            number=receipt.number,
            receipt=receipt.pk,
        ),
        at,
    )
    legs = (off, *(credit(receivable_of(found[line]), minor) for line, minor in by_line.items()))
    post(wallet, key=f"fees_taken:{receipt.pk}", document=document, kind="fees_taken", legs=legs, at=at)
