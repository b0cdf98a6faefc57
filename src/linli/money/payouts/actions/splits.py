"""Shares that a provider paid: asked back when they went wrong, and settled by the provider's own bill."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import structlog

from linli.kernel.ids import PayoutId
from linli.kernel.money import Money
from linli.kernel.refusals import Refusal
from linli.kernel.words import _
from linli.money.payments.rules import bounds_of
from linli.money.payouts.actions.leaving import record_signal
from linli.money.payouts.gateways import Instruction, ProviderSplits
from linli.money.payouts.rules import Way, recall_reference
from linli.spine import sql
from linli.spine.action import action, errand
from linli.spine.may import May
from linli.spine.scope import SYSTEM, Scope

AGAIN = timedelta(minutes=10)
RECALL_BATCH = 50
_log = structlog.get_logger()


class NotRecallable(Refusal):
    """Only a share that the provider has paid can be asked back from its receiver."""

    says = _("This payout cannot be asked back.")


_ASK = """
    UPDATE payouts_payout SET recall_at = %s, reason = %s
    WHERE id = %s AND way = 'split' AND amount_minor > 0 AND state IN ('accepted', 'settled') AND recall_at IS NULL
"""
_CLAIM = """
    UPDATE payouts_payout AS p SET recall_at = %s
    FROM (SELECT id FROM payouts_payout WHERE recall_at <= %s ORDER BY recall_at, id LIMIT %s
          FOR UPDATE SKIP LOCKED) AS due
    WHERE p.id = due.id RETURNING p.id, p.amount_minor, p.currency, p.receiver_account, p.drawn_at, p.source
"""
_OVER = "UPDATE payouts_payout SET recall_at = NULL, reason = %s WHERE id = %s"


@action(needs=May.RUN_PAYOUTS, private=("why",))
def recall_payout(scope: Scope, *, payout: PayoutId, why: str, at: datetime) -> None:
    """This will have a share asked back that went to the wrong receiver; its lines open again when it is back."""
    if not sql.run(_ASK, at, why[:200], payout):
        raise NotRecallable


@errand
def send_recalls(*, at: datetime, limit: int = RECALL_BATCH) -> int:
    """This will ask the provider for shares to be taken back, each claimed before its call and under the same name."""
    claimed = claim_recalls(SYSTEM, limit=limit, at=at)
    for instruction in claimed:
        answer = ProviderSplits().take_back(instruction, at=at)
        if answer.signal is None and not answer.reason:
            _log.warning("recall_unanswered", payout=str(instruction.payout))
            continue
        if answer.signal is not None:
            record_signal(
                SYSTEM,
                source=answer.source,
                signal=answer.signal,
                reference=recall_reference(instruction.payout),
                amount=instruction.amount,
                reason="recalled",
                occurred_at=answer.occurred_at or at,
                at=at,
            )
        end_recall(SYSTEM, payout=instruction.payout, reason=answer.reason or "recalled")
    return len(claimed)


@action(needs=May.RUN_PAYOUTS)
def claim_recalls(scope: Scope, *, limit: int, at: datetime) -> tuple[Instruction, ...]:
    """This will take up the shares that are to be asked back, and set the time to ask again."""
    return tuple(
        Instruction(
            payout=id_,
            amount=Money(minor),
            currency=currency,
            receiver_name="",
            receiver_account=receiver,
            receiver_bank="",
            drawn_at=drawn_at,
            way=Way.SPLIT,
            source=source,
        )
        for id_, minor, currency, receiver, drawn_at, source in sql.fetch(_CLAIM, at + AGAIN, at, limit)
    )


@action(needs=May.RUN_PAYOUTS, private=("reason",))
def end_recall(scope: Scope, *, payout: PayoutId, reason: str) -> None:
    """This will note how asking a share back ended."""
    sql.run(_OVER, reason[:200], payout)


@action(needs=May.RECONCILE)
def match_splits(scope: Scope, *, source: str, day: date, at: datetime) -> int:
    """This will settle the shares that the provider's bill of a day books, and write down what does not agree."""
    start, end = bounds_of(day)
    row = sql.fetch_one("SELECT payouts_match_bill(%s, %s, %s, %s, %s)", source, day, start, end, at)
    return int(row[0]) if row else 0
