"""What holds of each item in a community and a month, made ready to run once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from django.db.models import Q

from linli.estate.billing import rules
from linli.estate.billing.models import Item, TariffVersion
from linli.estate.billing.queries.read_days import MONTHS_BACK, ranked, reads_of, rule_of
from linli.estate.billing.queries.term_prices import ready_tariff
from linli.kernel.ids import CommunityId, PartyId
from linli.spine import decoding, sql
from linli.spine.scope import Scope


class Tariffs:
    """The items of a company with what holds of them in a community and a month, made ready to run once each."""

    def __init__(self, scope: Scope, company: PartyId, community: CommunityId, days: rules.Days) -> None:
        self._month = days
        self.items = {str(item.pk): item for item in Item.objects.within(scope).filter(company=company)}
        rows = (
            TariffVersion.objects.within(scope)
            .filter(Q(community=community) | Q(community=None), company=company, start_on__lt=days.end)
            .exclude(end_on__lte=rules.add_months(days.start, -MONTHS_BACK))
        )
        self.rows = {row.pk: row for row in rows}
        of_item: dict[str, list[TariffVersion]] = {}
        for row in self.rows.values():
            of_item.setdefault(str(row.item_id), []).append(row)
        self._reads = {
            item: found
            for item, versions in of_item.items()
            if (found := reads_of(versions, rules.add_months(days.start, -MONTHS_BACK), days.end))
        }
        self.holding = {
            item: rules.prevailing(self.days(item), [ranked(version) for version in versions])
            for item, versions in of_item.items()
        }
        self._metered: dict[str, tuple[str, rules.Pool] | None] = {}
        self._ready: dict[tuple[UUID, str], rules.Priced] = {}

    def payer(self, item: str) -> rules.Payer:
        """This will tell who owes an item."""
        return rules.Payer(self.items[item].payer)

    def names(self, words: Sequence[str]) -> bool:
        """This will tell whether some formula of the month names one of these values."""
        return any(word in row.formula for row in self.rows.values() for word in words)

    @property
    def since(self) -> date:
        """The first day that some item charges in this month."""
        return min([self._month.start, *(self.days(item).start for item in self._reads)])

    def days(self, item: str, month: date | None = None) -> rules.Days:
        """This will give the days that an item charges on the bill of this month, or of another one: that month, where
        no other readings are taken."""
        first = month or self._month.start
        rules_of = self._reads.get(item)
        if rules_of is None:
            return rules.Days(first, rules.add_months(first, 1))
        return rules.days_read(first, lambda day: rule_of(rules_of, day))

    def metered(self, item: str) -> tuple[str, rules.Pool] | None:
        """This will tell the kind of meters and the pool by which an item is charged; None where nothing is metered."""
        if item not in self._metered:
            self._metered[item] = self._meters(item)
        return self._metered[item]

    def _meters(self, item: str) -> tuple[str, rules.Pool] | None:
        for each in self.holding.get(item, ()):
            row = self.rows[each.what]
            if row.basis == rules.Basis.USAGE.value:
                terms = decoding.convert(row.terms, rules.Terms)
                return terms.meter, terms.tiers.pool if terms.tiers else rules.Pool.MONTH
        return None

    def of(self, item: str, own: str) -> tuple[rules.Holding[rules.Priced], ...]:
        """This will give the tariffs of an item, with a subject's own amounts in the place of the tariff's."""
        return tuple(rules.Holding(each.period, self._priced(each.what, own)) for each in self.holding.get(item, ()))

    def _priced(self, tariff: UUID, own: str) -> rules.Priced:
        key = (tariff, own)
        if key not in self._ready:
            row = self.rows[tariff]
            written = (tariff, row.preset, row.formula, row.basis, row.parameters, row.terms)
            self._ready[key] = ready_tariff(written, sql.from_json(own))
        return self._ready[key]
