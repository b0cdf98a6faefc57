"""Wallets: what somebody keeps with a company, bucket by bucket, with its statement."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from linli.estate.billing.rules import Bucket, WalletVerb, refundable
from linli.kernel.ids import CommunityId, PartyId
from linli.kernel.money import Money
from linli.kernel.refusals import NotFound
from linli.spine import sql
from linli.spine.action import query
from linli.spine.scope import Scope

MOST_WALLETS = 200
MOST_ENTRIES = 1_000


@dataclass(frozen=True, slots=True)
class WalletCard:
    """A bucket of somebody's wallet, and what of it may go back."""

    wallet: UUID
    community: CommunityId
    person: PartyId
    bucket: Bucket
    balance: Money
    refundable: Money


@dataclass(frozen=True, slots=True)
class WalletLine:
    """A line of a wallet's statement: what came or went, and what the bucket held then."""

    entry: int
    bucket: Bucket
    verb: WalletVerb
    amount: Money
    after: Money
    number: str
    channel: str
    receipt: UUID | None
    why: str
    at: datetime


_CARDS = """
    SELECT w.id, w.community, w.person, w.bucket, w.balance_minor,
           (SELECT coalesce(sum(l.amount_minor - l.paid_minor - l.credited_minor), 0)::bigint FROM billing_line l
            WHERE l.obligor = w.person AND l.community = w.community AND l.is_open
              AND l.kind IN ('charge', 'late_fee', 'opening'))
    FROM billing_wallet w
"""
_ENTRIES = """
    SELECT e.id, w.bucket, e.verb, e.amount_minor, e.after_minor, e.number, e.channel, e.receipt, e.why, e.happened_at
    FROM billing_wallet_entry e JOIN billing_wallet w ON w.id = e.wallet_id
    WHERE e.community = %s AND e.person = %s AND (%s::bigint IS NULL OR e.id < %s) ORDER BY e.id DESC LIMIT %s
"""


@query
def my_wallets(scope: Scope, *, community: CommunityId) -> tuple[WalletCard, ...]:
    """This will tell the person who asks what they keep in a community; a bucket that was never used is not there."""
    rows = sql.fetch(
        _CARDS + " WHERE w.person = %s AND w.community = %s ORDER BY w.bucket DESC LIMIT %s",
        scope.person,
        community,
        MOST_WALLETS,
    )
    return tuple(_card(row) for row in rows)


@query
def wallets_elsewhere(scope: Scope, *, community: CommunityId) -> tuple[CommunityId, ...]:
    """This will name the other communities in which the person who asks keeps money; its companies keep it apart."""
    rows = sql.fetch(
        "SELECT DISTINCT community FROM billing_wallet WHERE person = %s AND community <> %s AND balance_minor > 0"
        " ORDER BY community LIMIT %s",
        scope.person,
        community,
        MOST_WALLETS,
    )
    return tuple(CommunityId(row[0]) for row in rows)


@query
def wallets(
    scope: Scope,
    *,
    community: CommunityId,
    persons: tuple[PartyId, ...] | None = None,
    after: UUID | None = None,
    limit: int = 50,
) -> tuple[WalletCard, ...]:
    """This will list the wallets of a community for its staff, the latest opened first."""
    if community not in scope.communities:
        raise NotFound("community")
    wanted = None if persons is None else sql.as_ids(persons)
    rows = sql.fetch(
        _CARDS + " WHERE w.community = %s AND (%s::uuid[] IS NULL OR w.person = ANY(%s::uuid[]))"
        " AND (%s::uuid IS NULL OR w.id < %s) ORDER BY w.id DESC LIMIT %s",
        community,
        wanted,
        wanted,
        after,
        after,
        min(limit, 20_000),
    )
    return tuple(_card(row) for row in rows)


@query
def wallet_statement(
    scope: Scope, *, community: CommunityId, person: PartyId, after: int | None = None, limit: int = 50
) -> tuple[WalletLine, ...]:
    """This will list the movements of somebody's wallet, the latest first: to themselves, and to the staff."""
    if scope.person != person and community not in scope.communities:
        raise NotFound("wallet")
    rows = sql.fetch(_ENTRIES, community, person, after, after, min(limit, MOST_ENTRIES))
    return tuple(_line(row) for row in rows)


@query
def owed_for_homes(scope: Scope, *, community: CommunityId, person: PartyId) -> Money:
    """This will tell what somebody owes that the property bucket may pay."""
    ((minor,),) = sql.fetch(
        "SELECT coalesce(sum(amount_minor - paid_minor - credited_minor), 0)::bigint FROM billing_line"
        " WHERE obligor = %s AND community = %s AND is_open AND kind IN ('charge', 'late_fee', 'opening')",
        person,
        community,
    )
    return Money(minor)


def _card(row: tuple[Any, ...]) -> WalletCard:
    wallet, community, person, bucket, minor, owed = row
    kind, balance = Bucket(bucket), Money(minor)
    return WalletCard(wallet, community, person, kind, balance, refundable(kind, balance, Money(owed)))


def _line(row: tuple[Any, ...]) -> WalletLine:
    entry, bucket, verb, amount, after, number, channel, receipt, why, at = row
    return WalletLine(
        entry, Bucket(bucket), WalletVerb(verb), Money(amount), Money(after), number, channel, receipt, why, at
    )
