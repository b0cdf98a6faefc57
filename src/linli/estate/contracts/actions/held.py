"""What every verb on contracts does: hold a row, take the verb by its life, and turn terms into rows and back."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID

from linli.estate.contracts import rules
from linli.estate.contracts.models import Contract, ContractMove, PlanRow, Version
from linli.ground.policies.queries import policy
from linli.kernel import ids
from linli.kernel.ids import CommunityId, ContractId
from linli.kernel.money import Money
from linli.kernel.refusals import Invalid, NotFound
from linli.kernel.words import _
from linli.spine import moves
from linli.spine.scope import Scope

MOST_WHY = 200


def hold(scope: Scope, contract: ContractId) -> Contract:
    """This will lock a contract that the scope reaches, or refuse with `NotFound`."""
    row = Contract.objects.within(scope).select_for_update().filter(pk=contract).first()
    if row is None:
        raise NotFound("contract")
    return row


def hold_row(scope: Scope, row: UUID) -> tuple[Contract, PlanRow]:
    """This will lock a row of a plan with its contract, the contract first."""
    known = PlanRow.objects.within(scope).filter(pk=row).values_list("contract", flat=True).first()
    if known is None:
        raise NotFound("row")
    contract = hold(scope, ContractId(known))
    return contract, PlanRow.objects.within(scope).select_for_update().get(pk=row)


def move(scope: Scope, row: Contract, verb: rules.ContractVerb, at: datetime, *, why: str = "", **changes: Any) -> None:
    """This will take a verb on a held contract."""
    life, states = rules.CONTRACT_LIFE, rules.ContractState
    moves.take(ContractMove, row, verb, life=life, states=states, scope=scope, at=at, why=why, **changes)


def step(row: PlanRow, verb: rules.RowVerb) -> str:
    """This will give the state of a row after a verb, or refuse it."""
    return rules.ROW_LIFE.after(rules.RowState(row.state), verb).value


def said(text: str, most: int, *, field: str, needed: bool = True) -> str:
    """This will give what was typed on one line, or refuse it."""
    kept = " ".join(text.split())
    if len(kept) > most or (needed and not kept):
        raise Invalid(field, _("Please write between 1 and {most} characters."), most=most)
    return kept


def kept_terms(terms: rules.Terms) -> dict[str, Any]:
    """This will write terms down; figures are whole minor units and text, none is ever a float."""
    rising = terms.escalation
    return {
        "every_months": terms.every_months,
        "monthly": terms.monthly.minor if terms.monthly else None,
        "total": terms.total.minor if terms.total else None,
        "free_months": terms.free_months,
        "due_days": terms.due_days,
        "proration": terms.proration.value,
        "escalation": None
        if rising is None
        else {
            "months": rising.months,
            "rate": str(rising.rate),
            "amount": rising.amount.minor,
            "of": rising.of.value,
            "after_months": rising.after_months,
            "cap": rising.cap.minor if rising.cap else None,
        },
    }


def terms_of(kept: dict[str, Any]) -> rules.Terms:
    """This will read terms that were written down."""
    rising, escalation = kept["escalation"], None
    if rising is not None:
        escalation = rules.Escalation(
            months=rising["months"],
            rate=Decimal(rising["rate"]),
            amount=Money(rising["amount"]),
            of=rules.RaiseOf(rising["of"]),
            after_months=rising["after_months"],
            cap=Money(rising["cap"]) if rising["cap"] else None,
        )
    return rules.Terms(
        every_months=kept["every_months"],
        monthly=Money(kept["monthly"]) if kept["monthly"] else None,
        total=Money(kept["total"]) if kept["total"] else None,
        escalation=escalation,
        free_months=kept["free_months"],
        due_days=kept["due_days"],
        proration=rules.Proration(kept["proration"]),
    )


def lay(scope: Scope, row: Contract, plan: Iterable[rules.Row], at: datetime) -> None:
    """This will write the rows of a plan; what costs nothing is charged to nobody."""
    days = policy(scope, rules.ContractPolicy, at=at, community=CommunityId(row.community)).bill_days
    collects = row.direction == rules.Direction.COLLECT
    planned = rules.ROW_LIFE.birth
    free = rules.ROW_LIFE.after(planned, rules.RowVerb.LEAVE_FREE)
    PlanRow.objects.bulk_create(
        PlanRow(
            id=ids.new(),
            community=row.community,
            contract=row,
            version=row.version,
            start_on=each.days.start,
            end_on=each.days.end,
            due_on=each.due_on,
            amount_minor=each.amount.minor,
            state=(planned if each.amount else free).value,
            bill_on=each.due_on - timedelta(days=days) if collects and each.amount else None,
        )
        for each in plan
    )


def note_version(row: Contract, from_on: date, at: datetime) -> None:
    """This will keep the terms that hold from a day on."""
    Version.objects.create(
        id=ids.new(),
        community=row.community,
        contract=row,
        number=row.version,
        from_on=from_on,
        end_on=row.end_on,
        terms=row.terms,
        sum_minor=row.sum_minor,
        made_at=at,
    )


def sum_of(scope: Scope, row: Contract) -> int:
    """This will add up the rows of a contract that stand."""
    standing = PlanRow.objects.within(scope).filter(contract=row).exclude(state=rules.RowState.CUT.value)
    return sum(standing.values_list("amount_minor", flat=True))
