"""The options of a prepared listing as a part of other questions: one piece of SQL, and what its column says."""

from __future__ import annotations

from typing import NamedTuple
from uuid import UUID

from linli.kernel.ids import OptionId
from linli.kernel.money import Money
from linli.spine import decoding
from linli.trade.catalogue.rules import ChoiceGroup, PricedOption

CHOICES = """
    CASE WHEN l.kind = 'prepared' THEN (
        SELECT jsonb_agg(jsonb_build_array(g.id, g.name, g.least, g.most, o.id, o.name, o.price_minor, o.minutes)
                         ORDER BY g.position, g.id, o.position, o.id)
        FROM catalogue_option_group g JOIN catalogue_option o ON o.group_id = g.id
        WHERE g.listing_id = l.id AND g.listed) END
"""


class _Choice(NamedTuple):
    group: UUID
    group_name: dict[str, str]
    least: int
    most: int
    option: UUID
    name: dict[str, str]
    price_minor: int
    minutes: int


def choices_of(rows: str | None) -> tuple[dict[UUID, ChoiceGroup], dict[OptionId, PricedOption]]:
    """This will put groups and options together from what `CHOICES` gave."""
    groups: dict[UUID, ChoiceGroup] = {}
    options: dict[OptionId, PricedOption] = {}
    for row in decoding.decode(rows, list[_Choice]) if rows else ():
        groups.setdefault(row.group, ChoiceGroup(row.group_name, row.least, row.most))
        options[OptionId(row.option)] = PricedOption(row.group, row.name, Money(row.price_minor), row.minutes)
    return groups, options
