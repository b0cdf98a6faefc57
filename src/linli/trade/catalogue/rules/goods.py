"""Kinds of goods, levels of offers, and the choices that a prepared listing leaves to the buyer."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from linli.kernel.ids import OptionId
from linli.kernel.money import Money
from linli.kernel.refusals import Refusal
from linli.kernel.words import _

MOST_PIECES = 1_000
"""Nobody orders more of one thing at once."""


class Kind(StrEnum):
    """How a thing is kept and sold."""

    PACKAGED = "packaged"
    FRESH = "fresh"
    PREPARED = "prepared"


class Care(StrEnum):
    """What carrying a thing asks for; nothing of it is carried like anything else."""

    CHILLED = "chilled"
    HEAVY = "heavy"
    MEDICINE = "medicines"
    FRAGILE = "fragile"
    ADULTS = "adults_only"
    """Handed to a grown person alone, whose age is asked for."""


@dataclass(frozen=True, slots=True)
class Carrying:
    """What a listing's goods ask of who carries them; `heavy_from` pieces of it together are heavy, where any are."""

    care: frozenset[Care]
    heavy_from: int = 1

    def of(self, quantity: int) -> frozenset[Care]:
        """This will tell what so many pieces of it ask for."""
        return self.care if quantity >= self.heavy_from else self.care - {Care.HEAVY}


class Level(StrEnum):
    """Where an offer holds; the later in this list, the more specific."""

    CITY = "city"
    DISTRICT = "district"
    COMMUNITY = "community"


@dataclass(frozen=True, slots=True)
class ChoiceGroup:
    """So many of its options have to be chosen, and no more than that."""

    name: dict[str, str]
    least: int
    most: int


@dataclass(frozen=True, slots=True)
class PricedOption:
    """An option with what it costs in money and in the kitchen's minutes; `group` is the key of its group."""

    group: UUID
    name: dict[str, str]
    price: Money
    minutes: int


class WrongChoices(Refusal):
    """An option that is not offered, chosen twice, or too few or too many of a group."""

    says = _("Please check your choices for this dish.")
    status = 422


def check_choices(
    groups: Mapping[UUID, ChoiceGroup], options: Mapping[OptionId, PricedOption], chosen: Collection[OptionId]
) -> None:
    """This will refuse choices that the listing does not allow; what was right stays as it was chosen."""
    strangers = [option for option in chosen if option not in options]
    if strangers or len(set(chosen)) != len(chosen):
        raise WrongChoices(field="options", strangers=[str(s) for s in strangers])
    counts = Counter(options[option].group for option in chosen)
    for key, group in groups.items():
        if not group.least <= counts[key] <= group.most:
            raise WrongChoices(field=f"options.{key}", group=str(key), least=group.least, most=group.most)
