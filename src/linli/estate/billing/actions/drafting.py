"""Drafting a month: what every home of a community would owe, as often as it takes, before anything goes out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from itertools import groupby
from uuid import UUID

import msgspec
from django.db.models import Q

from linli.estate.billing import rules
from linli.estate.billing.actions import metered
from linli.estate.billing.actions.charging import company_of
from linli.estate.billing.models import Assignment, DraftLine, HomeFacts, Item, Month, TariffVersion
from linli.ground.people import queries as people
from linli.ground.places import queries as places
from linli.kernel.ids import CommunityId, HomeId, PartyId
from linli.kernel.money import Money
from linli.kernel.period import Period
from linli.kernel.refusals import Invalid, NotFound
from linli.kernel.words import _
from linli.spine import decoding
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.scope import SYSTEM, Scope

PORTION = 2_000
"""So many assignments are drafted, and so many bills posted, at a time: memory stays bounded whatever the community."""


@dataclass(frozen=True, slots=True)
class DraftSummary:
    """What a month would come to: lines and their sum, and how many are stopped."""

    month: UUID
    lines: int
    amount: Money
    stopped: int


@action(needs=May.ISSUE_BILLS)
def draft_month(scope: Scope, *, community: CommunityId, first_on: date, at: datetime) -> DraftSummary:
    """This will work out what every home of a community owes for a month, anew; nothing goes out yet."""
    month = _open(scope, community, first_on, at)
    DraftLine.objects.within(scope).filter(month=month).delete()
    after = rules.add_months(first_on, 1)
    tariffs = _Tariffs(scope, company_of(scope), community, rules.Days(first_on, after))
    areas = places.areas(community) if tariffs.names(AREAS) else None
    lines, stopped, amount = 0, 0, Money.zero
    for portion in _portions(scope, community, rules.Days(first_on, after)):
        rows = list(_drafted(scope, month, portion, tariffs, areas, rules.Days(first_on, after), at))
        DraftLine.objects.bulk_create(rows, batch_size=PORTION)
        lines += len(rows)
        stopped += sum(1 for row in rows if row.stop)
        amount += Money(sum(row.amount_minor for row in rows))
    Month.objects.within(scope).filter(pk=month.pk).update(drafted_at=at)
    return DraftSummary(month.pk, lines - stopped, amount, stopped)


def _open(scope: Scope, community: CommunityId, first_on: date, at: datetime) -> Month:
    if community not in scope.communities:
        raise NotFound("community")
    if first_on.day != 1:
        raise Invalid("first_on", _("A month is named by its first day."))
    card = places.community(community)
    Month.objects.bulk_create(
        [
            Month(
                company=company_of(scope),
                community=community,
                city=card.city,
                currency=card.currency,
                first_on=first_on,
                state=rules.MONTH_LIFE.birth.value,
                opened_at=at,
            )
        ],
        ignore_conflicts=True,
    )
    return held_month(scope, community, first_on, rules.MonthVerb.DRAFT)


def held_month(scope: Scope, community: CommunityId, first_on: date, verb: rules.MonthVerb) -> Month:
    """This will give the month under lock, if the verb is open to it."""
    month = Month.objects.within(scope).select_for_update().filter(community=community, first_on=first_on).first()
    if month is None:
        raise NotFound("month")
    rules.MONTH_LIFE.after(rules.MonthState(month.state), verb)
    return month


def _portions(scope: Scope, community: CommunityId, days: rules.Days) -> Iterator[list[Assignment]]:
    """The assignments of the month, subject by subject."""
    after: tuple[UUID, UUID] | None = None
    while True:
        rows = (
            Assignment.objects.within(scope)
            .filter(community=community, start_on__lt=days.end)
            .exclude(end_on__lte=days.start)
            .order_by("subject", "id")
        )
        if after is not None:
            rows = rows.filter(Q(subject__gt=after[0]) | Q(subject=after[0], id__gt=after[1]))
        portion = list(rows[:PORTION])
        if not portion:
            return
        yield portion
        after = (portion[-1].subject, portion[-1].pk)


class _Tariffs:
    """The items of a company with what holds of them in a community and a month, made ready to run once each."""

    def __init__(self, scope: Scope, company: PartyId, community: CommunityId, days: rules.Days) -> None:
        self.items = {item.pk: item for item in Item.objects.within(scope).filter(company=company)}
        rows = (
            TariffVersion.objects.within(scope)
            .filter(Q(community=community) | Q(community=None), company=company, start_on__lt=days.end)
            .exclude(end_on__lte=days.start)
        )
        self.rows = {row.pk: row for row in rows}
        of_item: dict[UUID, list[TariffVersion]] = {}
        for row in rows:
            of_item.setdefault(row.item_id, []).append(row)
        self.holding = {
            item: rules.prevailing(days, [_ranked(version) for version in versions])
            for item, versions in of_item.items()
        }
        self._ready: dict[tuple[UUID, str], rules.Priced] = {}

    def names(self, words: Sequence[str]) -> bool:
        """This will tell whether some formula of the month names one of these values."""
        return any(word in row.formula for row in self.rows.values() for word in words)

    def metered(self, item: UUID) -> tuple[str, rules.Pool] | None:
        """This will tell the kind of meters and the pool by which an item is charged; None where nothing is metered."""
        for each in self.holding.get(item, ()):
            row = self.rows[each.what]
            if row.basis == rules.Basis.USAGE.value:
                terms = decoding.convert(row.terms, rules.Terms)
                return terms.meter, terms.tiers.pool if terms.tiers else rules.Pool.MONTH
        return None

    def of(
        self, item: UUID, own: Mapping[str, str], attributes: frozenset[str]
    ) -> tuple[rules.Holding[rules.Priced], ...]:
        """This will give the tariffs of an item, with a home's own amounts in the place of the tariff's."""
        return tuple(
            rules.Holding(each.period, self._priced(each.what, own, attributes)) for each in self.holding.get(item, ())
        )

    def _priced(self, tariff: UUID, own: Mapping[str, str], attributes: frozenset[str]) -> rules.Priced:
        key = (tariff, repr(sorted(own.items())))
        if key not in self._ready:
            row = self.rows[tariff]
            terms = decoding.convert(row.terms, rules.Terms)
            draft = rules.TariffDraft(
                preset=row.preset,
                formula=row.formula,
                basis=rules.Basis(row.basis),
                parameters={**row.parameters, **own},
                terms=terms,
            )
            self._ready[key] = rules.Priced(tariff, rules.ready(draft, attributes), terms.due)
        return self._ready[key]


def _ranked(version: TariffVersion) -> tuple[rules.Rank, rules.Holding[UUID]]:
    """A community's own tariff goes before the company's."""
    holding = rules.Holding(Period(version.start_on, version.end_on), version.pk)
    return (version.community is None, version.start_on, version.pk), holding


def _drafted(
    scope: Scope,
    month: Month,
    portion: Sequence[Assignment],
    tariffs: _Tariffs,
    areas: places.Areas | None,
    days: rules.Days,
    at: datetime,
) -> Iterator[DraftLine]:
    homes = {row.subject for row in portion if row.subject_kind == rules.SubjectKind.HOME.value}
    lives = people.lived_in(SYSTEM, homes=[HomeId(home) for home in homes], since=days.start, until=days.end)
    cards = places.homes(HomeId(home) for home in homes)
    facts = {row.pk: row for row in HomeFacts.objects.within(scope).filter(pk__in=homes)}
    attributes = frozenset(name for row in facts.values() for name in row.attributes)
    asked = {row.pk: each for row in portion if (each := _asked(row, tariffs, days)) is not None}
    persons = {home: facts[home].persons if home in facts else None for home in homes}
    used = metered.used(scope, CommunityId(month.community), asked.values(), persons, at) if asked else {}
    for subject, rows in groupby(portion, lambda row: row.subject):
        values: dict[str, Fraction] = {}
        if subject in homes:
            values = _values(cards[HomeId(subject)], facts.get(subject), areas)
        known = rules.lives(lives.get(HomeId(subject), ()))
        for row in rows:
            payer = rules.Payer(tariffs.items[row.item_id].payer)
            held = Period(row.start_on, row.end_on)
            owing = rules.obligors(days, known, payer)
            if row.obligor is not None:
                owing = (rules.Holding(held, PartyId(row.obligor)),)
            priced = tariffs.of(row.item_id, row.parameters, attributes)
            counted = used[asked[row.pk]] if row.pk in asked else None
            for line in rules.draft(days, held, priced, owing, values, counted):
                yield _row(month, row, line)


def _asked(row: Assignment, tariffs: _Tariffs, days: rules.Days) -> metered.Asked | None:
    """Usage is asked for the days in which the item is charged; a meter that is charged itself says its kind."""
    found, charged = tariffs.metered(row.item_id), Period(*days).intersection(Period(row.start_on, row.end_on))
    if found is None or charged is None or charged.end is None:
        return None
    kind, pool = found
    is_meter = row.subject_kind == rules.SubjectKind.METER.value
    if not is_meter and not kind:
        return None
    return metered.Asked(row.subject, "" if is_meter else kind, rules.Days(charged.start, charged.end), pool)


AREAS = ("unit.area", "building.area", "community.area", "homes.count")


def _values(card: places.HomeCard, facts: HomeFacts | None, areas: places.Areas | None) -> dict[str, Fraction]:
    known: dict[str, Decimal | int | None] = {"home.area": card.area_m2}
    if areas is not None:
        known |= {
            "unit.area": areas.units.get((card.building, card.unit)),
            "building.area": areas.buildings.get(card.building),
            "community.area": areas.community,
            "homes.count": areas.homes,
        }
    if facts is not None:
        known |= {
            "home.inner_area": facts.inner_area_m2,
            "home.coefficient": facts.coefficient,
            "home.floor": facts.floor,
        }
        known |= {f"attr:{name}": Decimal(text) for name, text in facts.attributes.items()}
    return {name: Fraction(value) for name, value in known.items() if value is not None}


def _row(month: Month, held: Assignment, line: rules.Drafted) -> DraftLine:
    row = DraftLine(
        month=month,
        community=month.community,
        subject=held.subject,
        subject_kind=held.subject_kind,
        home=held.home,
        obligor=line.obligor,
        item_id=held.item_id,
        tariff_id=line.tariff,
        start_on=line.days.start,
        end_on=line.days.end,
        due_on=line.due_on,
        amount_minor=0,
    )
    if isinstance(line.found, rules.Stopped):
        row.stop, row.about = line.found.stop.value, line.found.about
    else:
        row.amount_minor, row.reason = line.found.amount.minor, msgspec.to_builtins(line.found.reason)
    return row
