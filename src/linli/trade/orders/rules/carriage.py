"""What the goods of an order ask of who carries them, by what their shop says of them and the community's terms."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from linli.trade.catalogue.rules import Care, Carrying
from linli.trade.delivery.rules import DeliveryPolicy, Skill


def care_in(goods: Iterable[tuple[Carrying, int]]) -> frozenset[Care]:
    """This will tell what goods ask for together, by how many there are of each."""
    return frozenset[Care]().union(*(carrying.of(quantity) for carrying, quantity in goods))


def skills_for(asked: Collection[Care], terms: DeliveryPolicy) -> frozenset[Skill]:
    """This will name the skills that somebody needs to carry goods that ask for this."""
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
