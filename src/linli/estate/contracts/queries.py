"""Contracts as the desk sees them: a list, one with its plan and papers, what is due and late; what the clock asks."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from typing import Any
from uuid import UUID

from django.db.models import F, Q
from django.db.models.expressions import Combinable
from django.db.models.functions import Coalesce

from linli.estate.contracts import rules
from linli.estate.contracts.models import Contract, ContractMove, ContractPaper, PlanRow, Version
from linli.ground.files import queries as kept_files
from linli.kernel.ids import CommunityId, ContractId, FileId, PartyId
from linli.kernel.money import Money
from linli.kernel.refusals import NotFound
from linli.spine import sql
from linli.spine.action import query
from linli.spine.moves import Moved, history
from linli.spine.scope import SYSTEM, Role, Scope
from linli.spine.sorting import in_order

MOST = 20_000
MOST_ROWS = 700


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractCard:
    """A contract in a list; `end_on` is the first day on which it no longer holds."""

    contract: ContractId
    label: str
    community: CommunityId
    direction: rules.Direction
    party: PartyId
    subject: str
    place: str
    start_on: date
    end_on: date
    ended_on: date | None
    total: Money
    deposit: Money
    version: int
    remind_days: int
    state: rules.ContractState


@dataclass(frozen=True, slots=True, kw_only=True)
class RowCard:
    """One date of a plan, with the contract that it is of."""

    row: UUID
    contract: ContractId
    label: str
    subject: str
    party: PartyId
    direction: rules.Direction
    version: int
    start_on: date
    end_on: date
    due_on: date
    amount: Money
    state: rules.RowState
    line: int | None
    paid_on: date | None
    words: str

    def late_days(self, today: date) -> int:
        """This will tell how many days it is late."""
        waits = self.state in (rules.RowState.PLANNED, rules.RowState.CHARGED)
        return max(0, (today - self.due_on).days) if waits else 0


@dataclass(frozen=True, slots=True)
class MyContract:
    """A contract on its party's phone, with the row of its plan that is due first."""

    card: ContractCard
    next: RowCard | None


@dataclass(frozen=True, slots=True)
class VersionCard:
    number: int
    from_on: date
    end_on: date
    terms: dict[str, Any]
    total: Money
    made_at: datetime


@dataclass(frozen=True, slots=True)
class ContractPage:
    """A contract whole; papers come as their title and a word that opens them."""

    card: ContractCard
    terms: dict[str, Any]
    rows: tuple[RowCard, ...]
    versions: tuple[VersionCard, ...]
    papers: tuple[tuple[str, str, datetime], ...]
    history: tuple[Moved, ...]

    def allows(self, verb: rules.ContractVerb) -> bool:
        """This will tell whether the verb is open now."""
        return rules.CONTRACT_LIFE.allows(self.card.state, verb)

    @property
    def paid(self) -> Money:
        """What of the plan is paid."""
        return Money.total(row.amount for row in self.rows if row.state is rules.RowState.PAID)

    @property
    def standing(self) -> tuple[RowCard, ...]:
        """The rows that are not cut."""
        return tuple(row for row in self.rows if row.state is not rules.RowState.CUT)


class ContractSort(StrEnum):
    """By what a list of contracts is sorted."""

    NEWEST = "newest"
    END = "end"
    SUM = "sum"


_SORTED_BY: dict[ContractSort, Combinable] = {
    ContractSort.END: Coalesce("ended_on", "end_on"),
    ContractSort.SUM: F("sum_minor"),
}


@query
def contracts(
    scope: Scope,
    *,
    community: CommunityId | None = None,
    direction: rules.Direction | None = None,
    state: rules.ContractState | None = None,
    words: str = "",
    party: PartyId | None = None,
    order: ContractSort = ContractSort.NEWEST,
    is_rising: bool = False,
    after: ContractId | None = None,
    limit: int = 100,
) -> tuple[ContractCard, ...]:
    """This will list contracts, the latest first or as `order` says."""
    rows = Contract.objects.within(scope)
    if community is not None:
        rows = rows.filter(community=community)
    if direction is not None:
        rows = rows.filter(direction=direction.value)
    if state is not None:
        rows = rows.filter(state=state.value)
    if party is not None:
        rows = rows.filter(party=party)
    for word in words.split()[:5]:
        rows = rows.filter(Q(label__icontains=word) | Q(subject__icontains=word) | Q(place__icontains=word))
    every = Contract.objects.within(scope)
    rows = in_order(rows, every, _SORTED_BY.get(order), is_rising=is_rising, after=after)
    return tuple(_card(row) for row in rows[: min(limit, MOST)])


@query
def contract_page(scope: Scope, *, contract: ContractId, at: datetime) -> ContractPage:
    """This will show one contract with its plan, versions, papers and history."""
    row = Contract.objects.within(scope).filter(pk=contract).first()
    if row is None:
        raise NotFound("contract")
    rows = PlanRow.objects.within(scope).filter(contract=row).select_related("contract").order_by("start_on", "id")
    held = list(ContractPaper.objects.within(scope).filter(contract=row).order_by("-id")[:100])
    kept = {FileId(paper.file) for paper in held}
    links = _links(SYSTEM, files=kept, at=at) if kept else {}
    versions = Version.objects.within(scope).filter(contract=row).order_by("-number")[:100]
    return ContractPage(
        _card(row),
        row.terms,
        tuple(_row(each) for each in rows[:MOST_ROWS]),
        tuple(
            VersionCard(each.number, each.from_on, each.end_on, each.terms, Money(each.sum_minor), each.made_at)
            for each in versions
        ),
        tuple((paper.title, links.get(FileId(paper.file), ""), paper.added_at) for paper in held),
        history(ContractMove, row.pk, scope=scope) if scope.role is Role.PROPERTY else (),
    )


@query
def _links(scope: Scope, *, files: Collection[FileId], at: datetime) -> dict[FileId, str]:
    """As the house: the papers of a contract are open to whoever sees the contract, whoever kept them."""
    return kept_files.links(scope, files=kept_files.described(scope, files=files), at=at)


@query
def my_contracts(scope: Scope, *, limit: int = 50) -> tuple[MyContract, ...]:
    """This will list what was signed with the asker, the latest first, each with what is due of it next."""
    if scope.person is None:
        return ()
    mine = Contract.objects.within(scope).filter(party=scope.person).exclude(state__in=rules.UNSIGNED)
    cards = [_card(row) for row in mine.order_by("-id")[: min(limit, 200)]]
    waiting = [rules.RowState.PLANNED.value, rules.RowState.CHARGED.value]
    rows = PlanRow.objects.within(scope).filter(contract__in=[card.contract for card in cards], state__in=waiting)
    first: dict[ContractId, RowCard] = {}
    for row in rows.select_related("contract").order_by("contract", "due_on", "id").distinct("contract"):
        first[ContractId(row.contract_id)] = _row(row)
    return tuple(MyContract(card, first.get(card.contract)) for card in cards)


@query
def called(_scope: Scope, *, contracts: Collection[UUID]) -> dict[UUID, str]:
    """This will call contracts by their numbers; for whoever may see what is charged for them."""
    rows = sql.fetch("SELECT id, label FROM contracts_contract WHERE id = ANY(%s::uuid[])", list(contracts))
    return dict(rows)


@query
def plan_rows(
    scope: Scope,
    *,
    community: CommunityId,
    direction: rules.Direction | None = None,
    until: date,
    limit: int = 200,
    offset: int = 0,
) -> tuple[RowCard, ...]:
    """This will list what is due until a day and neither paid nor cut, the oldest first."""
    waiting = [rules.RowState.PLANNED.value, rules.RowState.CHARGED.value]
    rows = PlanRow.objects.within(scope).filter(community=community, state__in=waiting, due_on__lt=until)
    if direction is not None:
        rows = rows.filter(contract__direction=direction.value)
    found = rows.select_related("contract").order_by("due_on", "id")[offset : offset + min(limit, MOST)]
    return tuple(_row(row) for row in found)


# ---- what the clock asks ----


@query
def rows_to_bill(_scope: Scope, *, at: datetime, limit: int) -> tuple[UUID, ...]:
    """This will list the rows whose day of billing has come somewhere on the day of `at`."""
    rows = sql.fetch(
        "SELECT id FROM contracts_row WHERE state = 'planned' AND bill_on <= %s ORDER BY bill_on, id LIMIT %s",
        at.date() + timedelta(days=1),
        limit,
    )
    return tuple(row[0] for row in rows)


@query
def contracts_to_see_to(_scope: Scope, *, at: datetime, limit: int) -> tuple[ContractId, ...]:
    """This will list contracts that end or are to be reminded of, and drafts whose days are over."""
    today = at.date() + timedelta(days=1)
    rows = sql.fetch(
        "SELECT id FROM contracts_contract WHERE (state = 'in_force' AND end_on - remind_days <= %s)"
        " OR (state = 'ending' AND end_on <= %s) OR due_at <= %s LIMIT %s",
        today,
        today,
        at,
        limit,
    )
    return tuple(ContractId(row[0]) for row in rows)


def _card(row: Contract) -> ContractCard:
    return ContractCard(
        contract=ContractId(row.pk),
        label=row.label,
        community=CommunityId(row.community),
        direction=rules.Direction(row.direction),
        party=PartyId(row.party),
        subject=row.subject,
        place=row.place,
        start_on=row.start_on,
        end_on=row.end_on,
        ended_on=row.ended_on,
        total=Money(row.sum_minor),
        deposit=Money(row.deposit_minor),
        version=row.version,
        remind_days=row.remind_days,
        state=rules.ContractState(row.state),
    )


def _row(row: PlanRow) -> RowCard:
    return RowCard(
        row=row.pk,
        contract=ContractId(row.contract_id),
        label=row.contract.label,
        subject=row.contract.subject,
        party=PartyId(row.contract.party),
        direction=rules.Direction(row.contract.direction),
        version=row.version,
        start_on=row.start_on,
        end_on=row.end_on,
        due_on=row.due_on,
        amount=Money(row.amount_minor),
        state=rules.RowState(row.state),
        line=row.line,
        paid_on=row.paid_on,
        words=row.words,
    )


@query
def going_on(scope: Scope, *, communities: Collection[CommunityId]) -> int:
    """This will count the contracts that are not over."""
    over = [state.value for state in rules.CONTRACT_LIFE.ends]
    return Contract.objects.within(scope).filter(community__in=communities).exclude(state__in=over).count()
