"""What a sheet would change: each row beside what is known, every wrong cell named, nothing written."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from linli.estate.billing import queries as billing
from linli.estate.intake import rules
from linli.estate.intake.rules import Door, Facts, Person, Status, Wanted
from linli.estate.metering import queries as metering
from linli.estate.metering.rules import Kind
from linli.ground.people import queries as people
from linli.ground.places import queries as places
from linli.kernel.ids import CommunityId, HomeId, ItemId
from linli.kernel.money import Money
from linli.kernel.refusals import NotFound
from linli.kernel.words import _
from linli.spine import sheets
from linli.spine.scope import Scope
from linli.spine.sheets import RowError

NOT_YET = HomeId(UUID(int=0))
"""A home of the sheet that has no id yet."""


@dataclass(frozen=True, slots=True)
class Differs:
    """What a cell of a row makes otherwise: `word` is the kind of thing, `column` where it stands, and what was before.

    A person is told of without a name: a preview is kept for a while.
    """

    word: str
    column: str
    now: str = ""
    before: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """A row that is not the same, and cell by cell what of it is new or changed."""

    row: int
    door: str
    status: Status
    what: tuple[Differs, ...]


@dataclass(slots=True)
class Plan:
    """All that a sheet would do, ready to be done."""

    rows: int
    today: date
    known: dict[Door, HomeId]
    errors: list[RowError] = field(default_factory=list)
    changes: list[Change] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    homes: dict[Door, Decimal | None] = field(default_factory=dict)
    areas_before: dict[HomeId, Decimal] = field(default_factory=dict)
    facts: dict[Door, Facts] = field(default_factory=dict)
    facts_before: dict[HomeId, billing.HomeFactsCard] = field(default_factory=dict)
    people: list[tuple[Door, Person]] = field(default_factory=list)
    items: dict[ItemId, list[Door]] = field(default_factory=dict)
    openings: dict[ItemId, dict[Door, Money]] = field(default_factory=dict)
    ahead: dict[ItemId | None, dict[Door, Money]] = field(default_factory=dict)
    """What homes had paid ahead, above nothing, by the item that says whose it is."""
    meters: list[tuple[Door, Kind, str, Decimal, date]] = field(default_factory=list)

    def wrong(self, row: sheets.Row, column: str, reason: str) -> None:
        self.errors.append(row.wrong(column, reason, row[column][:40]))


@dataclass(frozen=True, slots=True)
class _Known:
    """What stands in a community already, asked in a fixed number of statements."""

    cards: dict[HomeId, places.HomeCard]
    facts: dict[HomeId, Facts]
    items: dict[str, ItemId]
    assigned: dict[ItemId, frozenset[HomeId]]
    opened: dict[HomeId, Money]
    meters: dict[tuple[HomeId, Kind], str]
    labels: dict[tuple[Kind, str], HomeId]


def planned(scope: Scope, community: CommunityId, file_name: str, content: bytes, at: datetime) -> Plan:
    """This will set every row of a sheet beside what is known."""
    if not (scope.is_inside or community in scope.communities):
        raise NotFound("community")
    rows = sheets.read(file_name, content, rules.COLUMNS)
    today = places.day_in(community, at)
    plan = Plan(len(rows), today, places.doors(community))
    known = _known(scope, community, plan)
    wishes = [rules.wanted(row, today) for row in rows]
    holds = _residing(scope, community, plan.known, wishes)
    first: dict[Door, Wanted] = {}
    seen: set[tuple[Door, str, str]] = set()
    for nth, (row, wish) in enumerate(zip(rows, wishes, strict=True)):
        wrong = {**wish.wrong, **(rules.merged(first[wish.door], wish) if wish.door in first else {})}
        for column, reason in wrong.items():
            plan.wrong(row, column, reason)
        what = [] if wish.door in first else _home(plan, known, row, wish)
        if wish.person is not None:
            key = (wish.door, wish.person.phone, wish.person.kind.value)
            if key in seen:
                plan.wrong(row, "phone", _("This person stands in a row above already."))
            elif nth not in holds:
                plan.people.append((wish.door, wish.person))
                what.append(Differs("person", "name"))
            seen.add(key)
        first.setdefault(wish.door, wish)
        _note(plan, row, wish, what)
    _insist_on_owners(scope, plan, known, rows, wishes)
    return plan


def _note(plan: Plan, row: sheets.Row, wish: Wanted, what: Sequence[Differs]) -> None:
    words = [each.word for each in what]
    status = Status.NEW if "home" in words else Status.CHANGED if what else Status.SAME
    plan.counts[status.value] += 1
    plan.counts.update(f"{each}s" for each in words if each != "fact")
    if "fact" in words:
        plan.counts["facts"] += 1
    if what:
        plan.changes.append(Change(row.number, "-".join(part for part in wish.door if part), status, tuple(what)))


def _known(scope: Scope, community: CommunityId, plan: Plan) -> _Known:
    meters = metering.meters_of_homes(scope, community=community)
    plan.facts_before = billing.facts_of(scope, community=community)
    facts = {
        home: Facts(card.inner_area_m2, card.floor, card.coefficient, card.persons)
        for home, card in plan.facts_before.items()
    }
    return _Known(
        places.homes(plan.known.values()) if plan.known else {},
        facts,
        billing.items_by_word(scope),
        billing.assigned_homes(scope, community=community, on=plan.today.replace(day=1)),
        billing.opened(scope, community=community),
        meters,
        {(kind, label): home for (home, kind), label in meters.items()},
    )


def _residing(
    scope: Scope, community: CommunityId, known: dict[Door, HomeId], wishes: Sequence[Wanted]
) -> frozenset[int]:
    asked = [(nth, known[w.door], w.person) for nth, w in enumerate(wishes) if w.person and w.door in known]
    if not asked:
        return frozenset()
    held = people.residing(
        scope,
        community=community,
        homes=[home for _nth, home, _person in asked],
        phones=[person.phone for _nth, _home, person in asked],
        kinds=[person.kind.value for _nth, _home, person in asked],
    )
    return frozenset(asked[n][0] for n in held)


def _home(plan: Plan, known: _Known, row: sheets.Row, wish: Wanted) -> list[Differs]:
    """What the first row of a home changes."""
    home, what = plan.known.get(wish.door), list[Differs]()
    if home is None:
        plan.homes[wish.door] = wish.area
        what.append(Differs("home", "area_m2", _said(wish.area)))
    elif wish.area is not None and known.cards[home].area_m2 != wish.area:
        before = known.cards[home].area_m2
        plan.homes[wish.door] = wish.area
        if before is not None:
            plan.areas_before[home] = before
        what.append(Differs("area", "area_m2", _said(wish.area), _said(before)))
    if not wish.facts.says_nothing:
        was = known.facts.get(home, Facts()) if home else Facts()
        now = _together(was, wish.facts)
        if now != was:
            plan.facts[wish.door] = now
            what += _facts(was, now)
    what += _charges(plan, known, row, wish, home)
    what += _meters(plan, known, row, wish, home)
    return what


def _facts(was: Facts, now: Facts) -> Iterator[Differs]:
    for each in fields(Facts):
        before, then = getattr(was, each.name), getattr(now, each.name)
        if before != then:
            yield Differs("fact", each.name, _said(then), _said(before))


def _said(value: object) -> str:
    """A value as it is written into a cell; nothing where it is not known."""
    return "" if value is None else f"{value.normalize():f}" if isinstance(value, Decimal) else str(value)


def _together(was: Facts, said: Facts) -> Facts:
    given = {
        name: value
        for name in ("inner_area_m2", "floor", "coefficient", "persons")
        if (value := getattr(said, name)) is not None
    }
    return replace(was, **given)


def _charges(plan: Plan, known: _Known, row: sheets.Row, wish: Wanted, home: HomeId | None) -> list[Differs]:
    what: list[Differs] = []
    for word in wish.items:
        item = known.items.get(word)
        if item is None:
            plan.wrong(row, "items", _("There is no such fee item. Set it up first."))
        elif home is None or home not in known.assigned.get(item, frozenset()):
            plan.items.setdefault(item, []).append(wish.door)
            what.append(Differs("item", "items", word))
    if wish.opening is not None:
        item = known.items.get(wish.opening_item)
        if item is None and (wish.opening_item or wish.opening > Money.zero):
            if wish.opening_item not in wish.items:  # else the wrong item of the row is named already
                plan.wrong(row, "opening_item", _("There is no such fee item. Set it up first."))
        elif home is not None and home in known.opened:
            if known.opened[home] != wish.opening:
                plan.wrong(row, "opening", _("Another opening balance was taken over already. Undo that batch first."))
        else:
            if item is None or wish.opening < Money.zero:
                plan.ahead.setdefault(item, {})[wish.door] = -wish.opening
            else:
                plan.openings.setdefault(item, {})[wish.door] = wish.opening
            what.append(Differs("opening", "opening", str(wish.opening)))
    return what


def _meters(plan: Plan, known: _Known, row: sheets.Row, wish: Wanted, home: HomeId | None) -> list[Differs]:
    what: list[Differs] = []
    for kind, label, shown in wish.meters:
        there = known.meters.get((home, kind)) if home else None
        if there is not None:
            if there != label and row[f"{kind.value}_meter"]:
                plan.wrong(
                    row, f"{kind.value}_meter", _("This home has another meter of this kind. Exchange it there.")
                )
        elif (kind, label) in known.labels:
            plan.wrong(row, f"{kind.value}_meter", _("Another home has a meter of this number."))
        else:
            known.labels[kind, label] = home or NOT_YET
            plan.meters.append((wish.door, kind, label, shown, wish.read_on or plan.today))
            what.append(Differs("meter", kind.value, _said(shown)))
    return what


def _insist_on_owners(
    scope: Scope, plan: Plan, known: _Known, rows: Sequence[sheets.Row], wishes: Sequence[Wanted]
) -> None:
    """An opening balance is somebody's, owed or paid ahead: whom the sheet names, or who is known to live there."""
    owed = {door for balances in (*plan.openings.values(), *plan.ahead.values()) for door in balances}
    named = {wish.door for wish in wishes if wish.person is not None and wish.person.kind.value != "family"}
    asked = {door: plan.known[door] for door in owed - named if door in plan.known}
    lived = people.lived_in(scope, homes=asked.values(), since=plan.today, until=date.max) if asked else {}
    for row, wish in zip(rows, wishes, strict=True):
        if wish.opening is not None and wish.door in owed and wish.door not in named:
            home = asked.get(wish.door)
            if home is None or not any(kind != "family" for _party, kind, _days in lived.get(home, ())):
                plan.wrong(row, "opening", _("Nobody is known whose balance this is. Name the owner."))
