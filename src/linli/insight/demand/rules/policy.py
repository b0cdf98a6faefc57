"""What a city says of the days to come: feasts come too seldom to be learnt from sales."""

from __future__ import annotations

from datetime import date

from linli.ground.policies.rules import Policy, setting
from linli.insight.demand.rules.factors import Feast
from linli.kernel.words import _

MOST_FEASTS = 60
MOST_ABOUT_D = 14
MOST_FACTOR = 20.0


class DemandPolicy(Policy):
    """The feasts that change what is bought, each with its date and the days about it."""

    word = "demand"
    says = _("Days on which other quantities are bought than the sales before can tell")

    feasts: tuple[str, ...] = setting(
        (), says="Feasts: their date, and by what each day about it is multiplied, as 2027-02-06 -2=1.4 -1=1.8 0=0.3"
    )

    def dated(self) -> tuple[Feast, ...]:
        """This will read the feasts; a line or a day of one that cannot be read says nothing."""
        found = (_feast(line) for line in self.feasts[:MOST_FEASTS])
        return tuple(feast for feast in found if feast is not None)


def _feast(line: str) -> Feast | None:
    day, *about = line.split()[: MOST_ABOUT_D * 2 + 2] or [""]
    try:
        on = date.fromisoformat(day)
    except ValueError:
        return None
    factors = [pair for each in about if (pair := _factor(each))]
    return Feast(on, tuple(factors)) if factors else None


def _factor(text: str) -> tuple[int, float] | None:
    after, _equals, times = text.partition("=")
    try:
        days, factor = int(after), float(times)
    except ValueError:
        return None
    return (days, factor) if abs(days) <= MOST_ABOUT_D and 0.0 < factor <= MOST_FACTOR else None
