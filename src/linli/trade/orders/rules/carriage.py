"""What the goods of an order ask of who carries them, by what their shop says of them and the community's terms."""

from __future__ import annotations

from collections.abc import Iterable

from linli.trade.catalogue.rules import Care
from linli.trade.delivery.rules import DeliveryPolicy, Skill


def skills_for(cares: Iterable[frozenset[Care]], terms: DeliveryPolicy) -> frozenset[Skill]:
    """This will name the skills that somebody needs to carry all of these goods at once."""
    asked = frozenset[Care]().union(*cares)
    needs: set[Skill] = set()
    if Care.CHILLED in asked and terms.chilled_in_box:
        needs.add(Skill.COLD_BOX)
    if Care.MEDICINE in asked and terms.medicine_by_trained:
        needs.add(Skill.MEDICINE)
    if Care.HEAVY in asked and terms.heavy_by_strong:
        needs.add(Skill.HEAVY)
    if Care.HEAVY in asked and terms.without_lifts:
        needs.add(Skill.STAIRS)
    return frozenset(needs)
