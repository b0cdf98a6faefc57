"""What stands already when a sheet is taken over: what is assigned, what was opened, what is known of homes."""

from __future__ import annotations

from collections import defaultdict
from datetime import date

from linli.estate.billing.models import Assignment, HomeFacts, Item, Line, Receipt, Repayment
from linli.estate.billing.queries.assigned import HomeFactsCard
from linli.estate.billing.rules import Channel, LineKind
from linli.kernel.ids import CommunityId, HomeId, ItemId
from linli.kernel.money import Money
from linli.spine.action import query
from linli.spine.scope import Scope

MOST = 200_000


@query
def assigned_homes(scope: Scope, *, community: CommunityId, on: date) -> dict[ItemId, frozenset[HomeId]]:
    """This will tell which homes each item is charged to on a day or later."""
    rows = Assignment.objects.within(scope).filter(community=community, home__isnull=False).exclude(end_on__lte=on)
    found: dict[ItemId, set[HomeId]] = defaultdict(set)
    for item, home in rows.values_list("item", "home")[:MOST]:
        if home is not None:
            found[ItemId(item)].add(HomeId(home))
    return {item: frozenset(homes) for item, homes in found.items()}


@query
def items_by_word(scope: Scope) -> dict[str, ItemId]:
    """This will give the items of the company that asks which are still charged, by word and by name."""
    found: dict[str, ItemId] = {}
    rows = Item.objects.within(scope).filter(retired_at=None).order_by("-priority", "-id")
    for item, word, name in rows.values_list("pk", "word", "name")[:1_000]:
        found |= {called: ItemId(item) for called in (*name.values(), word) if called}
    return found


@query
def opened(scope: Scope, *, community: CommunityId) -> dict[HomeId, Money]:
    """This will tell what homes owed when they were taken over, as far as it was not taken back; below zero is what
    they had paid ahead."""
    rows = Line.objects.within(scope).filter(community=community, kind=LineKind.OPENING.value, credits=None)
    found: dict[HomeId, Money] = {}
    for home, minor, credited in rows.values_list("subject", "amount_minor", "credited_minor")[:MOST]:
        if minor > credited:
            found[HomeId(home)] = found.get(HomeId(home), Money.zero) + Money(minor)
    kept = Receipt.objects.within(scope).filter(community=community, channel=Channel.TAKEN_OVER.value)
    undone = Repayment.objects.within(scope).filter(community=community, channel=Channel.TAKEN_OVER.value)
    for home, minor in kept.exclude(pk__in=undone.values("receipt")).values_list("subject", "amount_minor")[:MOST]:
        found[HomeId(home)] = found.get(HomeId(home), Money.zero) - Money(minor)
    return found


@query
def facts_of(scope: Scope, *, community: CommunityId) -> dict[HomeId, HomeFactsCard]:
    """This will tell what charging knows of every home of a community besides its area."""
    rows = HomeFacts.objects.within(scope).filter(community=community)
    cells = rows.values_list("pk", "inner_area_m2", "coefficient", "floor", "persons", "attributes")[:MOST]
    return {HomeId(home): HomeFactsCard(HomeId(home), *known) for home, *known in cells}
