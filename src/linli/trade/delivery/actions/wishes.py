"""Residents say where couriers may leave things when nobody answers; who moves out takes their word along."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from linli.ground.policies.queries import policy
from linli.kernel.ids import CommunityId, HomeId, PartyId
from linli.kernel.refusals import Denied, Invalid, NotFound
from linli.kernel.words import _
from linli.spine.action import action
from linli.spine.frame import as_the_house
from linli.spine.may import May
from linli.spine.scope import SYSTEM, Scope
from linli.trade.delivery import rules
from linli.trade.delivery.models import Wish
from linli.trade.delivery.rules import DropOff


@action(needs=May.SHOP_FOR_GOODS)
def wish_places(
    scope: Scope, *, community: CommunityId, home: HomeId, places: Sequence[DropOff], at: datetime
) -> tuple[DropOff, ...]:
    """This will keep where orders of a home are left, in this order; none: as the community has it."""
    if scope.person is None:
        raise Denied
    if home not in scope.homes or community not in scope.communities:
        raise NotFound("home")
    allowed = policy(SYSTEM, rules.DeliveryPolicy, at=at, community=community).places
    wished = tuple(dict.fromkeys(places))
    if any(place not in allowed for place in wished):
        raise Invalid("places", _("Goods cannot be left there in this community."))
    with as_the_house():
        rows = Wish.objects.inside().filter(home=home)
        if wished:
            values = {"person": scope.person, "places": [place.value for place in wished], "said_at": at}
            Wish.objects.inside().update_or_create(home=home, defaults=values)
        else:
            rows.delete()
    return wished


@action(needs=May.RUN_CLOCKS)
def forget_wishes(_scope: Scope, *, person: PartyId, home: HomeId | None = None, at: datetime) -> int:
    """This will forget what a person said of a home that they left, or of all."""
    rows = Wish.objects.inside().filter(person=person)
    return (rows if home is None else rows.filter(home=home)).delete()[0]
