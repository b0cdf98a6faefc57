"""Asking to be told for a home, and no more: what was kept goes with the consent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from linli.ground.people import queries as people
from linli.ground.places import queries as places
from linli.ground.policies.queries import policy
from linli.insight.replenish import models, rules
from linli.insight.replenish.actions import sharing
from linli.insight.replenish.actions.rebuilding import rebuild
from linli.kernel import ids
from linli.kernel.ids import HomeId, PartyId
from linli.kernel.refusals import NotFound, Refusal
from linli.kernel.words import _
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.scope import SYSTEM, Scope


class NotOpenHere(Refusal):
    """The community does not offer it."""

    says = _("Your community does not offer this.")


@action(needs=May.SHOP_FOR_GOODS)
def begin(scope: Scope, *, home: HomeId, shares: bool, at: datetime) -> None:
    """This will have a person told what their home needs next; `shares`: together with all of the home who share.

    Begins from the person's own past orders for the home. Asked again, it changes only whether they share.
    """
    if scope.person is None or home not in scope.homes:
        raise NotFound("home")
    card = places.home(home)
    if not policy(scope, rules.ReplenishPolicy, at=at, community=card.community).is_open:
        raise NotOpenHere
    _begin(SYSTEM, person=scope.person, home=home, shares=shares, at=at)


@action(needs=May.RUN_CLOCKS)
def _begin(scope: Scope, *, person: PartyId, home: HomeId, shares: bool, at: datetime) -> None:
    """As the house, for states are nobody's to write."""
    card = places.home(home)
    before = models.Consent.objects.within(scope).select_for_update().filter(person=person, home=home).first()
    if before is not None and before.shares == shares:
        return
    whose = None if shares else person
    there = models.Household.objects.within(scope).filter(home=home, private_of=whose)
    if before is not None and not there.exists() and sharing.is_alone(scope, before.household_id):
        models.Household.objects.within(scope).filter(id=before.household_id).update(private_of=whose)
        models.Consent.objects.within(scope).filter(id=before.id).update(shares=shares)
        return  # the same purchases as before, and all that hangs on them stays
    household, _made = models.Household.objects.within(scope).get_or_create(
        home=home,
        private_of=whose,
        defaults={"building": f"{card.community}/{card.building}", "community": card.community},
    )
    if before is None:
        models.Consent.objects.create(
            id=ids.new(), person=person, home=home, household=household, shares=shares, given_at=at
        )
        _settle(scope, [household.id], at)
        return
    left = before.household_id
    never = sharing.refused(scope, left)
    before.household, before.shares = household, shares
    before.save(update_fields=["household", "shares"])
    sharing.take_standing(scope, person=person, left=left, joined=household.id)
    _settle(scope, [left, household.id], at)
    sharing.refuse(scope, household.id, never)


@action(needs=May.SHOP_FOR_GOODS)
def end(scope: Scope, *, home: HomeId, at: datetime) -> None:
    """This will stop it for a person and a home, and delete what was kept for them."""
    if scope.person is not None:
        end_for(SYSTEM, person=scope.person, home=home, at=at)


@action(needs=May.RUN_CLOCKS)
def end_for(scope: Scope, *, person: PartyId, home: HomeId | None = None, at: datetime) -> int:
    """This will end a person's consents, for one home or for all, with the states that hang on them."""
    rows = models.Consent.objects.within(scope).select_for_update().filter(person=person)
    if home is not None:
        rows = rows.filter(home=home)
    left = list(rows.values_list("id", "household_id"))
    models.Consent.objects.within(scope).filter(id__in=[consent for consent, _household in left]).delete()
    sharing.end_theirs(scope, person=person, households=[household for _consent, household in left])
    _settle(scope, [household for _consent, household in left], at)
    return len(left)


@action(needs=May.RUN_CLOCKS)
def end_for_leaver(scope: Scope, *, person: PartyId, home: HomeId, end_on: date, at: datetime) -> int:
    """This will end it with a residency; one that ends later is found by the night in which it is over."""
    gone = end_on <= places.day_in(places.home(home).community, at)
    return end_for(scope, person=person, home=home, at=at) if gone else 0


@action(needs=May.RUN_CLOCKS)
def end_for_absent(scope: Scope, *, households: Sequence[UUID], on: date, at: datetime) -> int:
    """This will end the consents of those who do not live in their homes any more."""
    rows = list(models.Consent.objects.within(scope).filter(household__in=households).values_list("person", "home"))
    lives = people.lived_in(
        scope, homes={HomeId(home) for _person, home in rows}, since=on, until=date.fromordinal(on.toordinal() + 1)
    )
    gone = [
        (PartyId(person), HomeId(home))
        for person, home in rows
        if person not in {party for party, _kind, _days in lives.get(HomeId(home), ())}
    ]
    return sum(end_for(scope, person=person, home=home, at=at) for person, home in gone)


def _settle(scope: Scope, households: Sequence[UUID], at: datetime) -> None:
    """Whoever is left counts anew; a household without anybody is gone, with all that was kept of it."""
    living = set(
        models.Consent.objects.within(scope).filter(household__in=households).values_list("household_id", flat=True)
    )
    models.Household.objects.within(scope).filter(id__in=[each for each in households if each not in living]).delete()
    if living:
        rebuild(scope, households=sorted(living), at=at)
