"""Collections and what is told about them: one handler for everything that anybody says about money."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from linli.kernel import ids
from linli.kernel.ids import CityId, CollectionId, PartyId
from linli.kernel.money import Money
from linli.kernel.refusals import Invalid, NotFound, Refusal
from linli.kernel.words import _
from linli.money.ledger.rules import Leg, bank, cash_due
from linli.money.payments import rules
from linli.money.payments.actions.agreements import Said, record_agreement
from linli.money.payments.gateways.protocol import GatewayEvent
from linli.money.payments.rules import EventKind, Outcome, Told
from linli.spine import sql
from linli.spine.action import action, conclude
from linli.spine.may import May
from linli.spine.scope import Scope


class AmountOff(Refusal):
    """Cash is taken to the cent or not at all."""

    says = _("The amount due is {amount}.")


_REQUEST = """
    SELECT payments_request(%s::uuid[], %s::text[], %s::uuid[], %s::uuid[], %s::uuid[], %s::bigint[],
                            %s::int[], %s::text[], %s::bigint[], %s::timestamptz[], %s, %s)
"""
_RECORD = "SELECT payments_record(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"
_DUE = "SELECT amount_minor, currency FROM payments_collection WHERE id = %s"


@action(needs=May.PAY)
def request_collection(
    scope: Scope,
    *,
    collection: CollectionId,
    purpose: str,
    for_: UUID,
    city: CityId,
    payer: PartyId | None,
    amount: Money,
    legs: tuple[Leg, ...],
    expires_at: datetime,
    at: datetime,
    currency: str = "CNY",
) -> None:
    """This will ask somebody for a sum, once; `legs` are posted at its capture besides the account it arrives on."""
    if amount.minor < 0:
        raise Invalid("amount", _("An amount to collect may not be negative."))
    if not rules.plan_balances(amount, [leg.amount for leg in legs]):
        raise Invalid("legs", _("The amount and the legs of its plan do not sum to zero."))
    sql.fetch(
        _REQUEST,
        [collection],
        [purpose],
        [for_],
        [city],
        [payer],
        [amount.minor],
        [1] * len(legs),
        [leg.address for leg in legs],
        [leg.amount.minor for leg in legs],
        [expires_at],
        at,
        currency,
    )


@action(needs=May.RECORD_PAYMENT_EVENTS)
def record_event(scope: Scope, *, source: str, event: GatewayEvent, at: datetime) -> str:
    """This will take what a provider told us: kept once, one effect; gives the effect, or `repeated`."""
    verb = rules.signed_by(event)
    if verb is None:
        return _take(scope, rules.told_by(source, event), at)
    said = Said(event.reference, event.provider_reference, verb, event.reason)
    return record_agreement(scope, source=source, said=said, at=at)


@action(needs=May.RECORD_PAYMENT_EVENTS)
def record_told(scope: Scope, *, told: Told, at: datetime) -> str:
    """This will take anything told about money, in our own words; every way of paying ends here."""
    return _take(scope, told, at)


def _take(scope: Scope, told: Told, at: datetime) -> str:
    """What an outermost action is told commits in the same trip."""
    if told.kind is EventKind.CHARGE and told.outcome is Outcome.FAILURE:
        return _declined(scope, told, at)
    return _record(told, at, conclude)


def _declined(scope: Scope, told: Told, at: datetime) -> str:
    """Whoever pays may try once more; what was deducted by agreement is over with its first decline."""
    effect = _record(told, at, sql.fetch)
    collection = rules.thing_of(told.reference)
    if effect == "repeated" or collection is None:
        return effect
    why = rules.decline_of(told.reason)
    row = sql.fetch_one("SELECT payments_decline(%s, %s, %s)", collection, why.value, at)
    if row and row[0] is not None and why is rules.Decline.ENDED:
        said = Said(str(row[0]), "", rules.AgreementVerb.END, told.reason)
        record_agreement(scope, source=told.source, said=said, at=at)
    return effect


def _record(told: Told, at: datetime, ask: Callable[..., list[tuple[Any, ...]]]) -> str:
    ((effect,),) = ask(
        _RECORD,
        told.source,
        told.external_id,
        told.kind.value,
        told.outcome.value,
        told.reference,
        told.provider_reference,
        told.address,
        told.amount.minor,
        told.fee.minor,
        told.currency,
        told.occurred_at,
        at,
        ids.new(),
    )
    return str(effect or "")


@action(needs=May.TAKE_CASH)
def take_cash(
    scope: Scope, *, collection: CollectionId, holder: PartyId, at: datetime, amount: Money | None = None
) -> str:
    """This will note that `holder` took the whole sum in cash on the house's behalf and owes it from now on.

    The module above decides who holds the money and calls as the house; from outside only the payer's own collections
    are seen at all.
    """
    due, currency = _due(collection)
    if amount is not None and amount != due:
        raise AmountOff(field="amount", amount=due)
    return record_told(
        scope, told=_arrived(collection, rules.CASH, cash_due(holder), due, currency, at=at, on=""), at=at
    )


@action(needs=May.RECONCILE)
def record_bank_transfer(
    scope: Scope, *, collection: CollectionId, account: str, amount: Money, line: str, at: datetime
) -> str:
    """This will note that the bank booked a transfer that names the collection; `line` is the bank's own name of it."""
    currency = _due(collection)[1]
    return record_told(
        scope, told=_arrived(collection, rules.BANK, bank(account), amount, currency, at=at, on=line), at=at
    )


@action(needs=May.PAY)
def close_collection(scope: Scope, *, collection: CollectionId, why: str, at: datetime) -> bool:
    """This will end the waiting for a payment; False when it is collected already, and then nothing changes."""
    row = sql.fetch_one("SELECT payments_close(%s::uuid[], %s, %s)", [collection], why, at)
    return bool(row and row[0])


def _due(collection: CollectionId) -> tuple[Money, str]:
    row = sql.fetch_one(_DUE, collection)
    if row is None:
        raise NotFound("collection")
    return Money(row[0]), row[1]


def _arrived(
    collection: CollectionId, source: str, address: str, amount: Money, currency: str, *, at: datetime, on: str
) -> Told:
    return Told(
        source=source,
        kind=EventKind.CHARGE,
        outcome=Outcome.SUCCESS,
        reference=rules.charge_reference(collection),
        provider_reference=on,
        address=address,
        amount=amount,
        fee=Money.zero,
        currency=currency,
        occurred_at=at,
    )
