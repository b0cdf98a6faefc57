"""Looking at a sheet, and taking it over: all of it in one transaction, or nothing."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

import msgspec

from linli.estate.billing import actions as billing
from linli.estate.billing.actions.charging import HomeFact
from linli.estate.intake import rules
from linli.estate.intake.actions.planning import Change, Plan, planned
from linli.estate.intake.models import Batch, Made
from linli.estate.metering import actions as metering
from linli.estate.metering.rules import MeterDraft
from linli.ground.people import actions as people
from linli.ground.people.actions import PersonRow
from linli.ground.places import actions as places
from linli.ground.places.actions import HomeRow
from linli.kernel import ids
from linli.kernel.ids import CommunityId, IntakeId, ReceiptId
from linli.kernel.refusals import Refusal
from linli.kernel.words import _
from linli.spine import sheets
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.progress import Progress, unheard
from linli.spine.scope import Scope
from linli.spine.sheets import RowError

MOST_SHOWN = 200
PORTION = 2_000
AT_ONCE = 5_000
STEPS = (
    _("Reading the sheet"),
    _("Taking over the homes"),
    _("Taking over the people"),
    _("Taking over fee items and facts"),
    _("Taking over the meters"),
    _("Taking over the balances"),
    _("Writing the batch"),
)
"""What is told of the way, for a bar of progress."""


class SheetRefused(Refusal):
    """Some cells are wrong, so nothing was taken over."""

    says = _("{errors} cells need correction; nothing was imported. First: row {row}, column {column}.")
    status = 422


@dataclass(frozen=True, slots=True)
class Preview:
    """What a sheet would do: rows that are new, changed or the same, the first changes, and the first wrong cells."""

    rows: int
    new: int
    changed: int
    same: int
    counts: dict[str, int]
    changes: tuple[Change, ...]
    errors: tuple[RowError, ...]
    more_errors: int


@dataclass(frozen=True, slots=True)
class Taken:
    """What a sheet did; without a batch, nothing had to be done."""

    batch: IntakeId | None
    counts: dict[str, int]


@action(needs=May.IMPORT_ESTATE, private=("file_name", "content", "tell"))
def preview_sheet(
    scope: Scope, *, community: CommunityId, file_name: str, content: bytes, tell: Progress = unheard, at: datetime
) -> Preview:
    """This will tell what a sheet would change, row by row, and which cells are wrong; it changes nothing."""
    tell(0, 0, STEPS[0])
    plan = planned(scope, community, file_name, content, at)
    shown = tuple(plan.errors[:MOST_SHOWN])
    return Preview(
        plan.rows,
        plan.counts["new"],
        plan.counts["changed"],
        plan.counts["same"],
        counts_of(plan),
        tuple(plan.changes[:MOST_SHOWN]),
        shown,
        len(plan.errors) - len(shown),
    )


@action(needs=May.IMPORT_ESTATE, private=("file_name", "content", "tell"))
def take_over(
    scope: Scope,
    *,
    community: CommunityId,
    file_name: str,
    content: bytes,
    tell: Progress = unheard,
    at: datetime,
) -> Taken:
    """This will take a sheet over as one batch, or refuse the whole sheet; the same sheet twice changes nothing."""
    tell(0, len(STEPS), STEPS[0])
    plan = planned(scope, community, file_name, content, at)
    if plan.errors:
        first = plan.errors[0]
        raise SheetRefused(
            field="file", errors=len(plan.errors), row=first.row, column=sheets.heading_of(first, rules.COLUMNS)
        )
    if not plan.changes:
        return Taken(None, counts_of(plan))
    batch = Batch(
        id=ids.new(),
        community=community,
        file_name=file_name[-100:],
        rows=plan.rows,
        did=counts_of(plan),
        state=rules.BATCH_LIFE.birth.value,
        taken_by=scope.person,
        taken_at=at,
    )
    batch.save(force_insert=True)
    for sort, things in _done(scope, community, plan, batch, tell, at):
        made = (things[nth : nth + PORTION] for nth in range(0, len(things), PORTION))
        Made.objects.bulk_create(
            Made(batch=batch, community=community, sort=sort, things=msgspec.to_builtins(some)) for some in made
        )
    tell(len(STEPS), len(STEPS))
    return Taken(IntakeId(batch.pk), counts_of(plan))


def counts_of(plan: Plan) -> dict[str, int]:
    """This will count what is new, apart from the rows themselves."""
    states = {status.value for status in rules.Status}
    return {word: number for word, number in sorted(plan.counts.items()) if word not in states}


def _done(
    scope: Scope, community: CommunityId, plan: Plan, batch: Batch, tell: Progress, at: datetime
) -> Iterable[tuple[str, Sequence[Any]]]:
    """Do what is planned, step by step, and tell of each step what it made."""
    was = set(plan.known)
    tell(1, len(STEPS), STEPS[1])
    doors = list(plan.homes)
    rows = [HomeRow(*door, plan.homes[door]) for door in doors]
    if rows:
        made = places.add_homes(scope, community=community, rows=rows, at=at)
        plan.known.update(zip(doors, made, strict=True))
    yield "home", [plan.known[door] for door in doors if door not in was]
    yield "area", [{"home": home, "area": str(area)} for home, area in plan.areas_before.items()]
    tell(2, len(STEPS), STEPS[2])
    yield "residency", _people(scope, plan, at)
    tell(3, len(STEPS), STEPS[3])
    yield "facts", _facts(scope, community, plan, at)
    yield "assignment", _items(scope, community, plan, at)
    tell(4, len(STEPS), STEPS[4])
    yield "meter", _meters(scope, community, plan, at)
    tell(5, len(STEPS), STEPS[5])
    for item, balances in plan.openings.items():
        owed = {plan.known[door]: amount for door, amount in balances.items()}
        source = f"opening:{batch.pk}"
        billing.open_balances(scope, community=community, item=item, balances=owed, on=plan.today, source=source, at=at)
    yield "opening", [f"opening:{batch.pk}"] if plan.openings else []
    yield "credit", _credits(scope, community, plan, at)
    tell(6, len(STEPS), STEPS[6])


def _people(scope: Scope, plan: Plan, at: datetime) -> list[dict[str, Any]]:
    if not plan.people:
        return []
    rows = [PersonRow(p.name, p.phone, plan.known[door], p.kind.value, p.start_on) for door, p in plan.people]
    parties = people.register_people(scope, rows=rows, at=at)
    return [
        {"party": party, "home": row.home, "kind": row.kind, "start_on": row.start_on}
        for party, row in zip(parties, rows, strict=True)
    ]


def _facts(scope: Scope, community: CommunityId, plan: Plan, at: datetime) -> list[dict[str, Any]]:
    """What is known of a home is set all at once, so its attributes go along; what was before is kept for an undo."""
    facts = [
        HomeFact(
            home=(home := plan.known[door]),
            inner_area_m2=said.inner_area_m2,
            coefficient=said.coefficient,
            floor=said.floor,
            persons=said.persons,
            attributes=attributes_of(plan.facts_before[home].attributes) if home in plan.facts_before else {},
        )
        for door, said in plan.facts.items()
    ]
    for nth in range(0, len(facts), AT_ONCE):
        billing.set_home_facts(scope, community=community, facts=facts[nth : nth + AT_ONCE], at=at)
    return [{"home": fact.home, "before": plan.facts_before.get(fact.home)} for fact in facts]


def attributes_of(kept: Mapping[str, str]) -> dict[str, Decimal]:
    """This will read a home's attributes as they are kept."""
    return {name: Decimal(text) for name, text in kept.items()}


def _items(scope: Scope, community: CommunityId, plan: Plan, at: datetime) -> list[dict[str, Any]]:
    start_on = plan.today.replace(day=1)
    made: list[dict[str, Any]] = []
    for item, doors in plan.items.items():
        homes = [plan.known[door] for door in doors]
        for nth in range(0, len(homes), AT_ONCE):
            some = homes[nth : nth + AT_ONCE]
            billing.assign(scope, item=item, community=community, homes=some, start_on=start_on, at=at)
        made += [{"item": item, "home": home, "start_on": start_on} for home in homes]
    return made


def _credits(scope: Scope, community: CommunityId, plan: Plan, at: datetime) -> list[ReceiptId]:
    made: list[ReceiptId] = []
    for item, balances in plan.ahead.items():
        kept = {plan.known[door]: amount for door, amount in balances.items()}
        made += billing.open_credits(scope, community=community, balances=kept, item=item, on=plan.today, at=at)
    return made


def _meters(scope: Scope, community: CommunityId, plan: Plan, at: datetime) -> list[Any]:
    if not plan.meters:
        return []
    drafts = [
        MeterDraft(kind=kind, start_on=read_on, home=plan.known[door], label=label, first=(shown,))
        for door, kind, label, shown, read_on in plan.meters
    ]
    return list(metering.add_meters(scope, community=community, drafts=drafts, at=at))
