"""While it runs: rows become bills once each, payments are noted, terms are amended, and it may end early."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from linli.estate.billing import actions as billing
from linli.estate.billing.rules import SubjectKind
from linli.estate.contracts import events, rules
from linli.estate.contracts.actions.held import (
    MOST_WHY,
    hold,
    hold_row,
    kept_terms,
    lay,
    move,
    note_version,
    said,
    step,
    sum_of,
    terms_of,
)
from linli.estate.contracts.models import Contract, PlanRow, Version
from linli.ground.places import queries as places
from linli.kernel.ids import CommunityId, ContractId, PartyId
from linli.kernel.money import Money
from linli.kernel.refusals import Invalid
from linli.kernel.words import _
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.outbox import tell
from linli.spine.scope import SYSTEM, Scope

ITEM = "contract_rent"
ITEM_NAME = {"zh": "合同款", "en": "Contract"}


@action(needs=May.RUN_CLOCKS)
def charge_row(scope: Scope, *, row: UUID, at: datetime) -> int | None:
    """This will bill one row of a plan when its day has come, once; the contract is locked first."""
    contract, planned = hold_row(scope, row)
    community = CommunityId(contract.community)
    today = places.day_in(community, at)
    if planned.state != rules.RowState.PLANNED or planned.bill_on is None or planned.bill_on > today:
        return None
    planned.line = _charge(contract, planned, at)
    planned.state = step(planned, rules.RowVerb.CHARGE)
    planned.save(update_fields=["line", "state"])
    tell(
        events.ContractRowCharged(
            contract=ContractId(contract.pk),
            community=community,
            row=planned.pk,
            line=planned.line,
            amount=Money(planned.amount_minor),
            at=at,
        )
    )
    return planned.line


@action(needs=May.RUN_CLOCKS)
def note_row_paid(scope: Scope, *, row: UUID, line: int, at: datetime) -> None:
    """This will note that a billed row is wholly paid; safe to repeat."""
    planned = PlanRow.objects.within(scope).select_for_update().filter(pk=row, line=line).first()
    if planned is not None and planned.state == rules.RowState.CHARGED:
        planned.state = step(planned, rules.RowVerb.PAY)
        planned.paid_on = places.day_in(CommunityId(planned.community), at)
        planned.save(update_fields=["state", "paid_on"])


@action(needs=May.RUN_CLOCKS)
def note_row_open(scope: Scope, *, row: UUID, line: int, at: datetime) -> None:
    """This will note that money of a billed row went back; safe to repeat."""
    planned = PlanRow.objects.within(scope).select_for_update().filter(pk=row, line=line).first()
    if planned is not None and planned.state == rules.RowState.PAID:
        planned.state, planned.paid_on = step(planned, rules.RowVerb.REOPEN), None
        planned.save(update_fields=["state", "paid_on"])


@action(needs=May.KEEP_CONTRACTS, private=("words",))
def mark_paid(scope: Scope, *, row: UUID, paid_on: date, words: str = "", at: datetime) -> None:
    """This will mark a row to a supplier as paid on a day; the money itself moves elsewhere."""
    contract, planned = hold_row(scope, row)
    if contract.direction != rules.Direction.PAY:
        raise Invalid("row", _("What is collected is paid through its bill."))
    if paid_on > places.day_in(CommunityId(contract.community), at):
        raise Invalid("paid_on", _("This day has not come yet."))
    planned.words = said(words, 120, field="words", needed=False)
    planned.state = step(planned, rules.RowVerb.PAY)
    planned.paid_on, planned.marked_by = paid_on, scope.person
    planned.save(update_fields=["words", "state", "paid_on", "marked_by"])


@action(needs=May.KEEP_CONTRACTS, private=("why", "terms"))
def amend_contract(
    scope: Scope, *, contract: ContractId, terms: rules.Terms, end_on: date | None = None, why: str, at: datetime
) -> date:
    """This will agree on other terms, or another end, from the first row that is neither billed nor paid.

    What was billed stays as it is. Gives the day from which the new terms hold.
    """
    row = hold(scope, contract)
    reason = said(why, MOST_WHY, field="why")
    standing = PlanRow.objects.within(scope).select_for_update().filter(contract=row)
    waiting = list(standing.filter(state__in=["planned", "free_of_charge"]).order_by("start_on"))
    last = standing.exclude(state="cut").order_by("-start_on").first()
    from_on = waiting[0].start_on if waiting else last.end_on if last else row.start_on
    until = end_on or row.end_on
    if until <= from_on:
        raise Invalid("end_on", _("What was billed already goes until {day}."), day=from_on.isoformat())
    plan = rules.plan(terms, rules.Days(from_on, until))
    for each in waiting:
        each.state = step(each, rules.RowVerb.CUT)
    PlanRow.objects.inside().bulk_update(waiting, ["state"])
    row.version, row.terms, row.end_on = row.version + 1, kept_terms(terms), until
    lay(scope, row, plan, at)
    row.sum_minor = sum_of(scope, row)
    changed = {"version": row.version, "terms": row.terms, "end_on": row.end_on, "sum_minor": row.sum_minor}
    move(scope, row, rules.ContractVerb.AMEND, at, why=reason, **changed)
    note_version(row, from_on, at)
    return from_on


@action(needs=May.KEEP_CONTRACTS, private=("why",))
def terminate_contract(scope: Scope, *, contract: ContractId, ended_on: date, why: str, at: datetime) -> Money:
    """This will end a contract early on a day, for a reason: the plan is cut there, and gives what it comes to now.

    What was billed beyond that day is taken back, kept as credit where it was paid, and what is left of it billed anew.
    """
    row = hold(scope, contract)
    reason = said(why, MOST_WHY, field="why")
    if not row.start_on < ended_on < row.end_on:
        raise Invalid(
            "ended_on", _("Between {low} and {high}."), low=row.start_on.isoformat(), high=row.end_on.isoformat()
        )
    rules.CONTRACT_LIFE.after(rules.ContractState(row.state), rules.ContractVerb.TERMINATE)
    standing = PlanRow.objects.within(scope).select_for_update().filter(contract=row, end_on__gt=ended_on)
    left: list[tuple[rules.Row, PlanRow, str]] = []
    for each in standing.exclude(state="cut").order_by("start_on"):
        before = each.state
        rest = _cut_off(scope, row, each, ended_on, reason, at)
        if rest is not None:
            left.append((rest, each, before))
    for rest, each, before in left:
        _lay_rest(scope, row, rest, each, before, at)
    row.sum_minor = sum_of(scope, row)
    move(scope, row, rules.ContractVerb.TERMINATE, at, why=reason, ended_on=ended_on, sum_minor=row.sum_minor)
    tell(events.ContractTerminated(contract=contract, community=CommunityId(row.community), ended_on=ended_on, at=at))
    return Money(row.sum_minor)


def _cut_off(scope: Scope, row: Contract, each: PlanRow, ended_on: date, why: str, at: datetime) -> rules.Row | None:
    """What is left of a row; its line, where it has one, is taken back."""
    if row.direction == rules.Direction.PAY and each.state == rules.RowState.PAID:
        return None
    planned = rules.Row(rules.Days(each.start_on, each.end_on), each.due_on, Money(each.amount_minor))
    agreed = Version.objects.within(scope).get(contract=row, number=each.version)
    term = rules.Days(agreed.from_on, agreed.end_on)
    rest = rules.cut(terms_of(agreed.terms), term, planned, ended_on)
    if each.line is not None:
        billing.cancel_charge(SYSTEM, source=_source(each), why=why, at=at)
    each.state = step(each, rules.RowVerb.CUT)
    each.save(update_fields=["state"])
    return rest


def _lay_rest(scope: Scope, row: Contract, rest: rules.Row, cut: PlanRow, before: str, at: datetime) -> None:
    lay(scope, row, [rest], at)
    laid = PlanRow.objects.within(scope).get(
        contract=row, start_on=rest.days.start, state__in=["planned", "free_of_charge"]
    )
    if before in (rules.RowState.CHARGED, rules.RowState.PAID) and laid.state == rules.RowState.PLANNED:
        laid.line, laid.state = _charge(row, laid, at), step(laid, rules.RowVerb.CHARGE)
        laid.save(update_fields=["line", "state"])


def _source(planned: PlanRow) -> str:
    return f"contract:{planned.contract_id}:{planned.pk}"


def _charge(contract: Contract, planned: PlanRow, at: datetime) -> int:
    community = CommunityId(contract.community)
    item = billing.ensure_item(SYSTEM, community=community, word=ITEM, name=ITEM_NAME, at=at)
    title: dict[str, Any] = {"zh": f"{contract.label} {contract.subject}", "en": f"{contract.label} {contract.subject}"}
    return billing.charge_once(
        SYSTEM,
        community=community,
        subject=contract.pk,
        kind=SubjectKind.CONTRACT,
        obligor=PartyId(contract.party),
        item=item,
        amount=Money(planned.amount_minor),
        title=title,
        source=_source(planned),
        start_on=planned.start_on,
        end_on=planned.end_on,
        due_on=planned.due_on,
        at=at,
    )
