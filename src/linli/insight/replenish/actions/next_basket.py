"""The next basket in one tap: what is ticked of it goes into the basket, as much of each as is usual."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from linli.insight.replenish.queries.basket import next_basket
from linli.kernel.ids import CommunityId, HomeId, VariantId
from linli.kernel.refusals import NotFound
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.scope import Scope
from linli.trade.orders import actions as orders
from linli.trade.orders.actions import Asked


@action(needs=May.SHOP_FOR_GOODS)
def take_next_basket(
    scope: Scope, *, home: HomeId, variants: Sequence[VariantId] | None = None, at: datetime
) -> tuple[CommunityId, int]:
    """This will put proposed things into the basket (with nothing named, all that the home buys again and again).

    Tells in which community's basket, and how many things could be had.
    """
    proposed = next_basket(scope, home=home, at=at)
    if not proposed.is_asked:
        raise NotFound("home")
    usual = {slot.variant: slot.quantity for slot in proposed.repeat}
    known = usual | {slot.variant: 1 for slot in proposed.explore}
    chosen = list(usual) if variants is None else [each for each in dict.fromkeys(variants) if each in known]
    wanted = [Asked(variant=variant, quantity=known[variant]) for variant in chosen]
    put = orders.fill_basket(scope, community=proposed.community, wanted=wanted, at=at) if wanted else 0
    return proposed.community, put
