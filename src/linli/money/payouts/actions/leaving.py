"""How money leaves: drawn in one transaction, claimed before the bank is called, called again under the same id."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

import structlog

from linli.ground.policies.queries import policy
from linli.kernel.ids import CityId, PayoutId
from linli.kernel.money import Money
from linli.kernel.refusals import Invalid, NotFound, Refusal
from linli.kernel.words import _
from linli.money.payments.actions import GatewayEvent
from linli.money.payments.rules import PaymentPolicy
from linli.money.payouts.gateways import WAYS, Instruction, PayoutGateway, bank_file
from linli.money.payouts.rules import PayoutPolicy, PayoutState, Signal, Way
from linli.spine import sql
from linli.spine.action import action, errand
from linli.spine.may import May
from linli.spine.scope import SYSTEM, Scope

DRAW_BATCH = 200
SEND_BATCH = 100
_log = structlog.get_logger()


class OnItsWay(Refusal):
    """The bank may have paid already; only its own answer can undo that."""

    says = _("This payout was given to the bank already; wait for its answer.")


@dataclass(frozen=True, slots=True)
class BankFile:
    """A file of payouts for upload to the custody bank."""

    name: str
    content: bytes
    payouts: tuple[PayoutId, ...]


_CLAIM = """
    UPDATE payouts_payout AS p SET state = 'sent', calls = p.calls + 1,
        due_at = %s + least(60 * 2 ^ least(p.calls, 6), 3600) * interval '1 second'
    FROM (SELECT o.id FROM payouts_payout AS o LEFT JOIN payouts_payee AS y ON y.id = o.payee
          WHERE o.due_at <= %s AND o.state IN ('drawn', 'sent') AND (%s::uuid IS NULL OR o.city = %s)
          AND (o.state = 'sent' OR y.held_at IS NULL) AND (%s::text IS NULL OR o.way = %s)
          ORDER BY o.due_at, o.id LIMIT %s FOR UPDATE OF o SKIP LOCKED) AS due
    WHERE p.id = due.id
    RETURNING p.id, p.amount_minor, p.currency, p.receiver_name, p.receiver_account, p.receiver_bank, p.drawn_at,
              p.way, p.source, p.charge_reference
"""
_FILED = "UPDATE payouts_payout SET due_at = NULL WHERE id = ANY(%s)"
_RECORD = "SELECT payouts_record(%s, %s, %s, %s, %s, %s, %s, %s, %s)"


@action(needs=May.RUN_PAYOUTS)
def draw_payouts(
    scope: Scope, *, city: CityId, at: datetime, minimum: Money | None = None, limit: int = DRAW_BATCH
) -> tuple[PayoutId, ...]:
    """This will claim what is free of every payee of a city, net what it owes, and put the rest on its way.

    What was earned of a charge that a provider still holds leaves as a share of it, one payout each; the rest in one
    payout through the bank.
    """
    least = minimum if minimum is not None else policy(scope, PayoutPolicy, at=at, city=city).minimum
    terms = policy(scope, PaymentPolicy, at=at, city=city)
    shares = sql.fetch_one(
        "SELECT payouts_draw_split(%s, %s, %s, %s, %s)", city, terms.split_most_bp, terms.split_days, limit, at
    )
    row = sql.fetch_one("SELECT payouts_draw(%s, %s, %s, %s)", city, least.minor, limit, at)
    return tuple(PayoutId(id_) for found in (shares, row) if found for id_ in found[0])


@errand
def send_payouts(*, at: datetime, gateway: PayoutGateway | None = None, limit: int = SEND_BATCH) -> int:
    """This will ask the bank for what is due: each payout is claimed and committed before the call, and no second time
    under another name."""
    claimed = claim_payouts(SYSTEM, limit=limit, at=at)
    for instruction in claimed:
        answer = (gateway or WAYS[instruction.way]).pay_out(instruction)
        if answer.signal is None:
            _log.warning("payout_unanswered", payout=str(instruction.payout))
            continue
        record_signal(
            SYSTEM,
            source=answer.source,
            signal=answer.signal,
            reference=str(instruction.payout),
            amount=instruction.amount,
            reason=answer.reason,
            occurred_at=answer.occurred_at or at,
            at=at,
        )
    return len(claimed)


@action(needs=May.RUN_PAYOUTS)
def claim_payouts(
    scope: Scope, *, limit: int, at: datetime, city: CityId | None = None, way: Way | None = None
) -> tuple[Instruction, ...]:
    """This will stamp the payouts that are due, so that no two processes send one at the same time."""
    return tuple(
        Instruction(
            payout=id_,
            amount=Money(minor),
            currency=currency,
            receiver_name=name,
            receiver_account=account,
            receiver_bank=bank,
            drawn_at=drawn_at,
            way=Way(by),
            source=source,
            charge_reference=charge,
        )
        for id_, minor, currency, name, account, bank, drawn_at, by, source, charge in sql.fetch(
            _CLAIM, at, at, city, city, way, way, limit
        )
    )


@action(needs=May.RUN_PAYOUTS, shown_once=True)
def write_bank_file(scope: Scope, *, city: CityId, at: datetime, limit: int = 5000) -> BankFile:
    """This will put a city's drawn payouts into a file for the custody bank, for banks that take files and no calls."""
    claimed = claim_payouts(scope, limit=limit, at=at, city=city, way=Way.CUSTODY)
    payouts = tuple(i.payout for i in claimed)
    sql.run(_FILED, list(payouts))
    return BankFile(f"payouts-{at:%Y%m%d-%H%M%S}.csv", bank_file(claimed), payouts)


@action(needs=May.RUN_PAYOUTS, private=("why",))
def call_off_payout(scope: Scope, *, payout: PayoutId, why: str, at: datetime) -> None:
    """This will undo a payout that no bank has been asked for: its lines are free again, and its payee is held."""
    row = sql.fetch_one("SELECT state, amount_minor FROM payouts_payout WHERE id = %s FOR NO KEY UPDATE", payout)
    if row is None:
        raise NotFound("payout")
    if row[0] != PayoutState.DRAWN:
        raise OnItsWay
    record_signal(
        scope,
        source="desk",
        signal=Signal.FAILED,
        reference=str(payout),
        amount=Money(row[1]),
        reason=why,
        occurred_at=at,
        at=at,
    )


@action(needs=May.RECORD_PAYMENT_EVENTS)
def record_transfer_event(scope: Scope, *, source: str, event: GatewayEvent, at: datetime) -> str:
    """This will take what the provider told about a payout: kept once, one effect; gives the state that follows."""
    if event.kind.value not in list(Signal):
        raise Invalid("kind", _("This event is not about a payout."))
    return record_signal(
        scope,
        source=source,
        signal=Signal(event.kind.value),
        reference=event.reference,
        amount=Money(event.amount_minor),
        reason=event.reason,
        occurred_at=event.occurred_at,
        at=at,
    )


@action(needs=May.RECORD_PAYMENT_EVENTS)
def record_signal(
    scope: Scope,
    *,
    source: str,
    signal: Signal,
    reference: str,
    amount: Money,
    reason: str,
    occurred_at: datetime,
    at: datetime,
    bank: str = "",
    line: str = "",
) -> str:
    """This will take anything told about a payout, by call, call-back or account line (`bank` and `line` name it)."""
    external_id = f"line:{line}" if line else f"{signal.value}:{reference}"
    row = sql.fetch_one(
        _RECORD, source, external_id, signal.value, reference, bank, amount.minor, reason[:200], occurred_at, at
    )
    return str(row[0]) if row else ""
