"""Working out what homes owe: each distinct case once, however many homes are in it.

Two flats of one size with the same tariff and the same owner all month are one case: they owe the same, for the same
reason. So a month costs what its cases cost, and for each home only the time to see which case it is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import groupby
from operator import itemgetter
from typing import Any, ClassVar
from uuid import UUID

import msgspec

from linli.estate.billing import rules
from linli.estate.billing.actions.covering import Cover, Covered, covered, covers
from linli.estate.billing.actions.pricing import Tariffs
from linli.estate.billing.queries import metered
from linli.estate.billing.queries.homes import NOTHING, SHARED, HomeValues, KnownHome, Values
from linli.ground.people import queries as people
from linli.kernel.ids import CommunityId, HomeId, PartyId
from linli.kernel.period import Period
from linli.spine.scope import SYSTEM, Scope

Holdings = Sequence[tuple[Any, ...]]
"""Rows of assignments: subject, id, kind, home, obligor, item (ids as text), start, end, parameters (as text)."""
OWING = PartyId(UUID(int=0))
"""Whoever owes it: stands in a case for the obligor of each home."""
BESIDE = timedelta(days=62)
"""Days beside the month that no term looks beyond; what begins or ends farther away is the same case."""
NULL = "NULL"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a case comes to: one line of it, but for whose home it is and who owes it."""

    item: str
    tariff: UUID | None
    start_on: date
    end_on: date
    due_on: date | None
    minor: int
    reason: str | None
    stop: str
    about: str
    is_owed: bool


@dataclass(slots=True)
class Portion:
    """Lines column by column, ready to be written; `outcomes` are those that they name, counted from 1."""

    COLUMNS: ClassVar = ("item", "tariff", "start_on", "end_on", "due_on", "minor", "reason", "stop", "about")

    outcomes: list[Outcome] = field(default_factory=list)
    lines: int = 0
    stopped: int = 0
    minor: int = 0
    _columns: tuple[list[str], ...] = field(default_factory=lambda: ([], [], [], [], []))
    _places: dict[int, str] = field(default_factory=dict)

    def columns(self) -> tuple[list[str], ...]:
        """This will give subject, kind, home, obligor and outcome of each line."""
        return self._columns

    def add(self, row: tuple[Any, ...], outcome: Outcome, obligor: str) -> None:
        """This will add a line of what is held (`row`)."""
        nth = self._places.get(id(outcome))
        if nth is None:
            self.outcomes.append(outcome)
            nth = self._places[id(outcome)] = str(len(self.outcomes))
        subjects, kinds, homes, obligors, outcomes = self._columns
        subjects.append(row[0])
        kinds.append(row[2])
        homes.append(row[3] or NULL)
        obligors.append(obligor if outcome.is_owed else NULL)
        outcomes.append(nth)
        self.lines += 1
        self.stopped += bool(outcome.stop)
        self.minor += outcome.minor


class Worker:
    """Works out the assignments of a community's month; what it has worked out once it knows."""

    def __init__(self, scope: Scope, company: PartyId, community: CommunityId, days: rules.Days, at: datetime) -> None:
        self._scope, self._community, self._days, self._at = scope, community, days, at
        self._tariffs = Tariffs(scope, company, community, days)
        self._values = HomeValues(community, shared=self._tariffs.names(SHARED))
        self._cases: dict[tuple[Any, ...], tuple[Outcome, ...]] = {}
        self._covers: dict[tuple[str, str], list[Cover]] = {}

    @property
    def since(self) -> date:
        """The first day that some item charges: earlier than the month where readings of the month before are taken."""
        return self._tariffs.since

    def work_out(self, held: Holdings) -> Portion:
        """This will work out some assignments, those of one subject side by side."""
        homes = {HomeId(UUID(row[0])) for row in held if row[2] == rules.SubjectKind.HOME.value}
        lived = people.lived_in(SYSTEM, homes=homes, since=self.since, until=self._days.end)
        known = self._values.of(homes)
        used = self._used(held, known)
        self._covers = covers(self._community, self._days, {row[0] for row in held})
        found = Portion()
        for subject, rows in groupby(held, itemgetter(0)):
            home = HomeId(UUID(subject))
            self._subject(found, rows, known.get(home, NOTHING).values, rules.lives(lived.get(home, ())), used)
        return found

    def _subject(
        self,
        found: Portion,
        rows: Iterable[tuple[Any, ...]],
        known: Values,
        lives: tuple[rules.Lives, ...],
        used: Mapping[str, rules.Used | rules.Stopped],
    ) -> None:
        alone = self._alone(lives)
        for row in rows:
            owing, counted = row[4] or alone, used.get(row[1])
            covering = self._covers.get((row[0], row[5]), ())
            if owing is not None and counted is None and not covering:
                for outcome in self._case(row, known):
                    found.add(row, outcome, owing)
                continue
            days = self._tariffs.days(row[5])
            holdings = rules.obligors(days, lives, self._tariffs.payer(row[5]))
            if row[4] is not None:
                holdings = (rules.Holding(Period(*days), PartyId(UUID(row[4]))),)
            lines = self._drafted(row, known, holdings, counted)
            for each in covered(lines, covering, self._days, Period(row[6], row[7]), holdings):
                found.add(row, _outcome(row[5], each.line, each), str(each.line.obligor))

    def _alone(self, lives: tuple[rules.Lives, ...]) -> str | None:
        """The owner of a home that one party owns, and nobody rents, all month."""
        if len(lives) != 1 or lives[0].is_tenant:
            return None
        period = lives[0].period
        whole = period.start <= self._days.start and (period.end is None or period.end >= self._days.end)
        return str(lives[0].party) if whole else None

    def _case(self, row: tuple[Any, ...], known: Values) -> tuple[Outcome, ...]:
        item, start_on, end_on, parameters = row[5:]
        start_on = max(start_on, self._days.start - BESIDE)
        end_on = None if end_on is None or end_on > self._days.end + BESIDE else end_on
        case = (item, start_on, end_on, parameters, known)
        outcomes = self._cases.get(case)
        if outcomes is None:
            whoever = (rules.Holding(Period(*self._tariffs.days(item)), OWING),)
            outcomes = tuple(_outcome(item, line) for line in self._drafted((*row[:6], *case[1:4]), known, whoever))
            self._cases[case] = outcomes
        return outcomes

    def _drafted(
        self,
        row: tuple[Any, ...],
        known: Values,
        owing: tuple[rules.Holding[PartyId], ...],
        used: rules.Used | rules.Stopped | None = None,
    ) -> list[rules.Drafted]:
        item, start_on, end_on, parameters = row[5:]
        days, tariffs = self._tariffs.days(item), self._tariffs.of(item, parameters)
        if not days.length:
            return []
        held, month = Period(start_on, end_on), self._days.start
        return list(rules.draft(days, held, tariffs, owing, dict(known), used, month))

    def _used(self, held: Holdings, known: Mapping[HomeId, KnownHome]) -> dict[str, rules.Used | rules.Stopped]:
        """What was metered for each assignment of what is metered."""
        asked = {row[1]: each for row in held if (each := self._asked(row)) is not None}
        if not asked:
            return {}
        persons = {each.subject: known.get(HomeId(each.subject), NOTHING).persons for each in asked.values()}
        used = metered.used(self._scope, self._community, asked.values(), persons, self._at)
        return {held_as: used[each] for held_as, each in asked.items()}

    def _asked(self, row: tuple[Any, ...]) -> metered.Asked | None:
        """Usage is asked for the days in which the item is charged; a meter that is charged itself says its kind."""
        found = self._tariffs.metered(row[5])
        days = self._tariffs.days(row[5])
        charged = Period(*days).intersection(Period(row[6], row[7])) if found and days.length else None
        if found is None or charged is None or charged.end is None:
            return None
        kind, pool = found
        is_meter = row[2] == rules.SubjectKind.METER.value
        if not is_meter and not kind:
            return None
        first, began = self._days.start, metered.pool_start(pool, self._days.start)
        return metered.Asked(
            UUID(row[0]),
            "" if is_meter else kind,
            rules.Days(charged.start, charged.end),
            UUID(row[5]),
            first,
            row[6],
            None if began == first else (began, self._tariffs.days(row[5], began).start),
        )


def _outcome(item: str, line: rules.Drafted, by: Covered | None = None) -> Outcome:
    stopped = line.found if isinstance(line.found, rules.Stopped) else None
    charge = None if isinstance(line.found, rules.Stopped) else line.found
    return Outcome(
        item=item,
        tariff=line.tariff,
        start_on=line.days.start,
        end_on=line.days.end,
        due_on=line.due_on,
        minor=charge.amount.minor if charge else 0,
        reason=_reason(charge, by) if charge else None,
        stop=stopped.stop.value if stopped else "",
        about=stopped.about if stopped else "",
        is_owed=line.obligor is not None,
    )


def _reason(charge: rules.Charge, by: Covered | None) -> str:
    if by is None or by.term is None:
        return msgspec.json.encode(charge.reason).decode()
    return msgspec.json.encode(msgspec.to_builtins(charge.reason) | {"term": by.told}).decode()
