"""What payees earn, what is taken back of it, and when it is free to leave."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import DatabaseError

from linli.ground.people import queries as people
from linli.ground.people.rules import Level
from linli.kernel.ids import CityId, PartyId
from linli.kernel.money import Money
from linli.kernel.refusals import Invalid, NotFound, Refusal
from linli.kernel.together import MOST, NotDone, Together
from linli.kernel.words import _
from linli.money.ledger.rules import Leg
from linli.money.payouts import queries, rules
from linli.money.payouts.rules import Earning, TakeBack
from linli.spine import sql
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.scope import SYSTEM, Role, Scope

RELEASE_BATCH = 2000


class NothingEarned(Refusal):
    """What was never earned cannot be taken back."""

    says = _("This payee earned nothing with this order.")


class TakesTooMuch(Refusal):
    """The parts taken back of an earning never exceed it."""

    says = _("More would be taken back than was earned.")


class HeldAlready(Refusal):
    """Somebody held its money before, for a reason of their own, which stays."""

    says = _("Its money is held already.")


class NotHeld(Refusal):
    """Its money is not held, so there is nothing to free."""

    says = _("Its money is not held.")


_ADD = """
    SELECT payouts_add_lines(%s::uuid[], %s::uuid[], %s::text[], %s::uuid[], %s::uuid[], %s::bigint[],
                             %s::timestamptz[], %s, %s, %s::uuid[])
"""
_TAKE_BACK = """
    SELECT address, minor FROM payouts_reverse_lines(%s::uuid[], %s::text[], %s::uuid[], %s::uuid[], %s::bigint[],
                                                     %s::text[], %s)
"""
_HOLD_DAYS = """
    INSERT INTO payouts_payee (id, hold_days, held_why, receiver_name, receiver_account, receiver_bank)
    VALUES (%s, %s, '', '', '', '') ON CONFLICT (id) DO UPDATE SET hold_days = excluded.hold_days
"""
_HOLD = """
    INSERT INTO payouts_payee (id, held_at, held_why, receiver_name, receiver_account, receiver_bank)
    VALUES (%s, %s, %s, '', '', '')
    ON CONFLICT (id) DO UPDATE SET held_at = excluded.held_at, held_why = excluded.held_why
"""
_HOLD_MANY = """
    INSERT INTO payouts_payee (id, held_at, held_why, receiver_name, receiver_account, receiver_bank)
    SELECT asked.id, %s, %s, '', '', '' FROM unnest(%s::uuid[]) AS asked (id) ORDER BY asked.id
    ON CONFLICT (id) DO UPDATE SET held_at = excluded.held_at, held_why = excluded.held_why
    WHERE payouts_payee.held_at IS NULL
    RETURNING id
"""
_FREE_MANY = """
    UPDATE payouts_payee SET held_at = NULL, held_why = ''
    WHERE id IN (SELECT id FROM payouts_payee WHERE id = ANY(%s::uuid[]) AND held_at IS NOT NULL ORDER BY id FOR UPDATE)
    RETURNING id
"""
_SPLIT_RECEIVER = """
    INSERT INTO payouts_payee (id, held_why, receiver_name, receiver_account, receiver_bank, split_receiver)
    VALUES (%s, '', '', '', '', %s) ON CONFLICT (id) DO UPDATE SET split_receiver = excluded.split_receiver
"""
_RECEIVER = """
    INSERT INTO payouts_payee (id, held_why, receiver_name, receiver_account, receiver_bank) VALUES (%s, '', %s, %s, %s)
    ON CONFLICT (id) DO UPDATE SET receiver_name = excluded.receiver_name, receiver_bank = excluded.receiver_bank,
        receiver_account = excluded.receiver_account
"""


@action(needs=May.RUN_PAYOUTS)
def add_lines(scope: Scope, *, city: CityId, earnings: Sequence[Earning], at: datetime, currency: str = "CNY") -> None:
    """This will note what payees earned with orders; the caller posts its money in the same transaction."""
    usual = queries.available_ats(scope, payees=[(e.payee, e.kind) for e in earnings], city=city, at=at)
    sql.fetch(
        _ADD,
        [city] * len(earnings),
        [e.payee for e in earnings],
        [e.kind.value for e in earnings],
        [e.order for e in earnings],
        [e.community for e in earnings],
        [e.amount.minor for e in earnings],
        [e.available_at or free_at for e, free_at in zip(earnings, usual, strict=True)],
        at,
        currency,
        [e.collection for e in earnings],
    )


@action(needs=May.RUN_PAYOUTS)
def take_back(scope: Scope, *, items: Sequence[TakeBack], document: str, at: datetime) -> tuple[Leg, ...]:
    """This will take parts of earnings back and give the debit legs of the waterfall, to be posted in the same action.

    The accounts are held until the transaction ends, so the legs stay true. Taken back under the same document before:
    no legs.
    """
    try:
        rows = sql.fetch(
            _TAKE_BACK,
            [i.payee for i in items],
            [i.kind.value for i in items],
            [i.order for i in items],
            [i.community for i in items],
            [i.amount.minor for i in items],
            [document] * len(items),
            at,
        )
    except DatabaseError as error:
        state = getattr(error.__cause__, "sqlstate", None)
        if state == "LO001":
            raise NothingEarned from error
        if state == "LO002":
            raise TakesTooMuch(field="amount") from error
        raise
    return tuple(Leg(address, Money(minor)) for address, minor in rows)


@action(needs=May.RUN_PAYOUTS)
def release_holds(scope: Scope, *, at: datetime, limit: int = RELEASE_BATCH) -> int:
    """This will make free what has been held long enough, and give how many lines that were."""
    row = sql.fetch_one("SELECT payouts_release(%s, %s)", limit, at)
    return int(row[0]) if row else 0


@action(needs=May.RUN_PAYOUTS)
def set_hold_days(scope: Scope, *, payee: PartyId, days: int | None, at: datetime) -> None:
    """This will set how long a payee's money is held from now on (by tier); None: as everybody's. Lines keep theirs."""
    if days is not None and not 0 <= days <= rules.MOST_HOLD_DAYS:
        raise Invalid("days", _("Money is held between 0 and {most} days."), most=rules.MOST_HOLD_DAYS)
    sql.run(_HOLD_DAYS, payee, days)


@action(needs=May.RUN_PAYOUTS, private=("why",))
def hold_payee(scope: Scope, *, payee: PartyId, why: str, at: datetime) -> None:
    """This will keep everything a payee has in the house until somebody frees it."""
    sql.run(_HOLD, payee, at, why[:200])


@action(needs=May.RUN_PAYOUTS)
def free_payee(scope: Scope, *, payee: PartyId, at: datetime) -> None:
    """This will let a payee's money leave again."""
    sql.run(_HOLD, payee, None, "")


@action(needs=May.RUN_PAYOUTS, private=("why",))
def hold_payees(scope: Scope, *, payees: Sequence[PartyId], why: str, at: datetime) -> Together:
    """This will keep everything that many payees have in the house; who is held already keeps that reason."""
    _insist_some(payees)
    return _together(payees, sql.fetch(_HOLD_MANY, at, why[:200], sql.as_ids(dict.fromkeys(payees))), HeldAlready)


@action(needs=May.RUN_PAYOUTS)
def free_payees(scope: Scope, *, payees: Sequence[PartyId], at: datetime) -> Together:
    """This will let the money of many held payees leave again; who is not held is refused."""
    _insist_some(payees)
    return _together(payees, sql.fetch(_FREE_MANY, sql.as_ids(payees)), NotHeld)


def _insist_some(payees: Sequence[PartyId]) -> None:
    if not 0 < len(payees) <= MOST:
        raise Invalid("chosen", _("Please choose between 1 and {most}."), most=MOST)


def _together(payees: Sequence[PartyId], rows: Sequence[tuple[PartyId]], why_not: type[Refusal]) -> Together:
    done = {row[0] for row in rows}
    others = [payee for payee in dict.fromkeys(payees) if payee not in done]
    return Together(tuple(done), tuple(NotDone.because(payee, why_not()) for payee in others))


@action(needs=May.RUN_PAYOUTS, private=("name", "account", "bank"))
def set_receiver(scope: Scope, *, payee: PartyId, name: str, account: str, bank: str, at: datetime) -> None:
    """This will set the bank account that a payee's money goes to; a hold stays until somebody frees the payee."""
    if not account.strip() or len(account) > 64:
        raise Invalid("account", _("A bank account has between 1 and 64 characters."))
    sql.run(_RECEIVER, payee, name.strip()[:200], account.strip(), bank.strip()[:200])


@action(needs=May.NAME_RECEIVER, private=("name", "account", "bank"))
def name_receiver(scope: Scope, *, payee: PartyId, name: str, account: str, bank: str, at: datetime) -> None:
    """This will set the bank account of a property company, as who works for all of it says; others see no company.

    A payout that is on its way keeps the account it was drawn for.
    """
    staff = people.wearers(SYSTEM, role=Role.PROPERTY, level=Level.COMPANY, place=payee, at=at)
    if scope.company != payee or scope.person not in {each.party for each in staff}:
        raise NotFound("company")
    digits = rules.checked_account(account)
    for field, text in (("name", name), ("bank", bank)):
        if not text.strip():
            raise Invalid(field, _("Please fill this in."))
    set_receiver(SYSTEM, payee=payee, name=name, account=digits, bank=bank, at=at)


_FORGET_RECEIVER = """
    UPDATE payouts_payee SET receiver_name = '', receiver_account = '', receiver_bank = '' WHERE id = %s
"""
# What has not reached the bank yet still has to say where it goes.
_FORGET_RECEIVED = """
    UPDATE payouts_payout SET receiver_name = '', receiver_account = right(receiver_account, 4), receiver_bank = ''
    WHERE payee = %s AND state NOT IN ('drawn', 'sent')
"""


@action(needs=May.RUN_CLOCKS)
def forget_receiver(scope: Scope, *, payee: PartyId, at: datetime) -> None:
    """This will erase where an erased person was paid: four digits stay, by which the bank knows its booking."""
    sql.run(_FORGET_RECEIVER, payee)
    sql.run(_FORGET_RECEIVED, payee)


@action(needs=May.RUN_PAYOUTS)
def set_split_receiver(scope: Scope, *, payee: PartyId, receiver: str, at: datetime) -> None:
    """This will set under which name the provider knows a payee as a receiver of shares; empty: it is not one."""
    if receiver and not rules.RECEIVER.fullmatch(receiver):
        raise Invalid("receiver", _("The provider's name of a receiver has 6 to 64 letters, digits, - and _."))
    sql.run(_SPLIT_RECEIVER, payee, receiver)
