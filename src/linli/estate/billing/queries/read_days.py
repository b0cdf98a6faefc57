"""The days whose readings the bill of a month takes, item by item, as its tariffs say."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import date
from functools import partial
from uuid import UUID

from django.db.models import Q

from linli.estate.billing import rules
from linli.estate.billing.models import TariffVersion
from linli.kernel.ids import CommunityId
from linli.kernel.period import Period
from linli.spine import decoding
from linli.spine.action import query
from linli.spine.scope import Scope

MONTHS_BACK = 3
"""Tariffs of so many months before say which readings the bills before took."""
Reads = tuple[rules.Holding[rules.ReadRule], ...]


def reads_of(versions: Sequence[TariffVersion], since: date, until: date) -> Reads:
    """This will tell which readings an item takes since when; nothing where it is those of each month."""
    if all(version.basis != rules.Basis.USAGE.value for version in versions):
        return ()
    terms = {version.pk: decoding.convert(version.terms, rules.Terms).read for version in versions}
    if all(read == rules.OF_ITS_MONTH for read in terms.values()):
        return ()
    held = rules.prevailing(rules.Days(since, until), [ranked(version) for version in versions])
    return tuple(rules.Holding(each.period, terms[each.what]) for each in held)


def rule_of(reads: Reads, day: date) -> rules.ReadRule:
    """This will give the rule of a day; of one before all of them the first."""
    return next((each.what for each in reversed(reads) if each.period.start <= day), reads[0].what)


def ranked(version: TariffVersion) -> tuple[rules.Rank, rules.Holding[UUID]]:
    """This will rank a tariff: a community's own goes before the company's."""
    holding = rules.Holding(Period(version.start_on, version.end_on), version.pk)
    return (version.community is None, version.start_on, version.pk), holding


@query
def read_days(scope: Scope, *, community: CommunityId, first_on: date) -> tuple[tuple[str, rules.Days], ...]:
    """This will tell of each kind of meter on which days it is read for the bill of a month, where an item says so.

    A kind that two items read on other days is there twice; one that is read in the month itself is not there.
    """
    if scope.company is None:
        return ()
    month = rules.Days(first_on, rules.add_months(first_on, 1))
    since = rules.add_months(first_on, -MONTHS_BACK)
    rows = (
        TariffVersion.objects.within(scope)
        .filter(Q(community=community) | Q(community=None), company=scope.company, start_on__lt=month.end)
        .filter(basis=rules.Basis.USAGE.value)
        .exclude(end_on__lte=since)
    )
    of_item: dict[UUID, list[TariffVersion]] = defaultdict(list)
    for row in rows:
        of_item[row.item_id].append(row)
    found: dict[tuple[str, rules.Days], None] = {}
    for versions in of_item.values():
        reads = reads_of(versions, since, month.end)
        holding = rules.prevailing(month, [ranked(version) for version in versions])
        if not reads or not holding:
            continue
        terms = {version.pk: version.terms for version in versions}
        kind = decoding.convert(terms[holding[-1].what], rules.Terms).meter
        days = rules.days_read(first_on, partial(rule_of, reads))
        if kind and days.start < days.end:
            found[kind, days] = None
    return tuple(found)
