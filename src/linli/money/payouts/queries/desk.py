"""What an operator looks at before touching a payee or a payout: its receiver, its holds, what the bank said."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from linli.kernel.ids import CommunityId, OrderId, PartyId, PayoutId
from linli.kernel.money import Money
from linli.kernel.refusals import NotFound
from linli.money.payouts.queries.leaving import PayoutCard, payout_card
from linli.money.payouts.rules import Kind, PayoutState, Signal, Way
from linli.spine import sql
from linli.spine.action import query
from linli.spine.scope import Scope

MOST_SHOWN = 500


@dataclass(frozen=True, slots=True)
class PayeeCard:
    """Where a payee's money goes (the account by its last digits), what holds it, and what waits in the house."""

    payee: PartyId
    receiver_name: str
    receiver_account: str
    receiver_bank: str
    hold_days: int | None
    held_at: datetime | None
    held_why: str
    pending: Money
    free: Money
    split_receiver: str = ""
    """Under which name the provider knows it as a receiver of shares; empty: it does not."""

    @property
    def has_receiver(self) -> bool:
        return bool(self.receiver_account)


@dataclass(frozen=True, slots=True)
class ClaimedLine:
    """One earning that a payout claimed."""

    number: int
    kind: Kind
    order: OrderId
    community: CommunityId
    amount: Money


@dataclass(frozen=True, slots=True)
class SignalCard:
    """One thing that the bank, or a desk, told about a payout."""

    at: datetime
    source: str
    signal: Signal
    amount: Money
    state_after: str


@dataclass(frozen=True, slots=True)
class PayoutPage:
    """One payout with its receiver, what it claimed, and what was told about it."""

    card: PayoutCard
    receiver_name: str
    receiver_account: str
    receiver_bank: str
    calls: int
    due_at: datetime | None
    way: Way
    recalled_at: datetime | None
    """Set while a share is being asked back."""
    lines: tuple[ClaimedLine, ...]
    signals: tuple[SignalCard, ...]

    @property
    def is_recallable(self) -> bool:
        """Whether it is a share that the provider paid and that nobody asks back yet."""
        paid = self.card.state in (PayoutState.ACCEPTED, PayoutState.SETTLED) and self.card.amount > Money.zero
        return self.way is Way.SPLIT and paid and self.recalled_at is None


_PAYEE = """
    SELECT p.receiver_name, p.receiver_account, p.receiver_bank, p.hold_days, p.held_at, p.held_why, p.split_receiver,
           coalesce(sum(l.amount_minor - l.reversed_minor) FILTER (WHERE l.state = 'pending'), 0)::bigint,
           coalesce(sum(l.amount_minor - l.reversed_minor) FILTER (WHERE l.state = 'available'), 0)::bigint
    FROM (SELECT %s::uuid AS id) AS asked LEFT JOIN payouts_payee AS p ON p.id = asked.id
    LEFT JOIN payouts_line AS l ON l.payee = asked.id AND l.state IN ('pending', 'available')
    GROUP BY p.id
"""
_PAYOUT = """
    SELECT id, city, payee, gross_minor, netted_minor, amount_minor, state, reason, drawn_at,
           receiver_name, receiver_account, receiver_bank, calls, due_at, way, recall_at
    FROM payouts_payout WHERE id = %s
"""
_CLAIMED = """
    SELECT l.id, l.kind, l.order_id, l.community, c.minor FROM payouts_claim AS c
    JOIN payouts_line AS l ON l.id = c.line_id WHERE c.payout_id = %s ORDER BY l.id LIMIT %s
"""
_SIGNALS = """
    SELECT occurred_at, source, signal, amount_minor, state_after FROM payouts_event WHERE payout_id = %s
    ORDER BY id LIMIT %s
"""


@query
def payee(scope: Scope, *, payee: PartyId) -> PayeeCard:
    """This will show how a payee is paid; behind the wall a payee sees itself, and strangers an empty card."""
    row = sql.fetch_one(_PAYEE, payee)
    if row is None:
        raise NotFound("payee")
    name, account, bank, hold_days, held_at, held_why, split_receiver, pending, free = row
    return PayeeCard(
        payee,
        name or "",
        masked_account(account or ""),
        bank or "",
        hold_days,
        held_at,
        held_why or "",
        Money(pending),
        Money(free),
        split_receiver or "",
    )


@query
def payout_page(scope: Scope, *, payout: PayoutId) -> PayoutPage:
    """This will show one payout with everything that is known about it."""
    row = sql.fetch_one(_PAYOUT, payout)
    if row is None:
        raise NotFound("payout")
    name, account, bank, calls, due_at, way, recalled_at = row[9:]
    return PayoutPage(
        card=payout_card(row[:9]),
        receiver_name=name,
        receiver_account=masked_account(account),
        receiver_bank=bank,
        calls=calls,
        due_at=due_at,
        way=Way(way),
        recalled_at=recalled_at,
        lines=tuple(
            ClaimedLine(number, Kind(kind), order, community, Money(minor))
            for number, kind, order, community, minor in sql.fetch(_CLAIMED, payout, MOST_SHOWN)
        ),
        signals=tuple(
            SignalCard(at, source, Signal(signal), Money(minor), after)
            for at, source, signal, minor, after in sql.fetch(_SIGNALS, payout, MOST_SHOWN)
        ),
    )


def masked_account(account: str) -> str:
    """This will show of a bank account what is enough to know it again: its last four characters."""
    plain = account.replace(" ", "")
    return f"•••• {plain[-4:]}" if len(plain) > 4 else "••••" if plain else ""
