"""A home that is sold: its owner's days end where the buyer's begin."""

from __future__ import annotations

from datetime import date, datetime

from linli.ground.people import models
from linli.ground.people.actions.homes import AlreadyResident, MoveIn, move_in_all, move_out
from linli.ground.people.actions.register import register_person
from linli.ground.people.rules import ResidencyKind
from linli.kernel.ids import HomeId, PartyId
from linli.kernel.refusals import Invalid, NotFound
from linli.kernel.words import _
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.scope import SYSTEM, Scope


@action(needs=May.KEEP_PEOPLE, private=("name", "phone"))
def sell_home(
    scope: Scope,
    *,
    home: HomeId,
    seller: PartyId,
    name: str,
    phone: str,
    start_on: date,
    family_leaves: bool = False,
    at: datetime,
) -> PartyId:
    """This will let a home pass from an owner to a buyer, who owns it from `start_on` on; gives the buyer.

    Other owners and tenants stay as they are; families do where they do not leave with the seller. Whoever lived there
    as family and buys it is its owner and nothing else. A known phone keeps its party and its name.
    """
    owned = models.Residency.objects.within(scope).filter(party=seller, home=home, kind=ResidencyKind.OWNER.value)
    since = owned.exclude(end_on__lte=start_on).values_list("start_on", flat=True).first()
    if since is None:
        raise NotFound("owner", field="seller")
    if start_on <= since:
        raise Invalid("start_on", _("This owner owns the home since {day}. Please choose a later day."), day=since)
    buyer = register_person(SYSTEM, name=name, phone=phone, at=at)
    if buyer == seller:
        raise AlreadyResident(field="phone")
    move_out(scope, party=seller, home=home, kind=ResidencyKind.OWNER, end_on=start_on, at=at)
    if not move_in_all(scope, (MoveIn(buyer, home, ResidencyKind.OWNER, start_on),), at):
        raise AlreadyResident(field="phone")
    family = models.Residency.objects.within(scope).filter(home=home, kind=ResidencyKind.FAMILY.value)
    living = family.filter(start_on__lte=start_on).exclude(end_on__lte=start_on)
    for party in (living if family_leaves else living.filter(party=buyer)).values_list("party", flat=True):
        move_out(scope, party=PartyId(party), home=home, kind=ResidencyKind.FAMILY, end_on=start_on, at=at)
    return buyer
