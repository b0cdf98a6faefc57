"""Whoever begins or ends to share takes along what is theirs: standing orders, and what is never to be asked about."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from linli.insight.replenish import models, rules
from linli.kernel.ids import PartyId
from linli.spine.scope import Scope


def is_alone(scope: Scope, household: UUID) -> bool:
    """This will say whether one person alone has asked for a household."""
    return models.Consent.objects.within(scope).filter(household=household).count() == 1


def take_standing(scope: Scope, *, person: PartyId, left: UUID, joined: UUID) -> None:
    """This will move the standing orders that a person has begun, with the turns and visits that wait.

    Where the others have one of the same commodity, theirs stands.
    """
    theirs = models.Standing.objects.within(scope).filter(household=joined).exclude(state=rules.StandingState.ENDED)
    rows = models.Standing.objects.within(scope).filter(household=left, person=person)
    rows = rows.exclude(state=rules.StandingState.ENDED).exclude(commodity__in=theirs.values("commodity"))
    moved = list(rows.values_list("id", flat=True))
    known = models.Proposal.objects.within(scope).filter(household=joined).values("commodity")
    turns = models.Proposal.objects.within(scope).filter(standing__in=moved).exclude(commodity__in=known)
    turned = list(turns.values_list("id", flat=True))
    models.Refill.objects.within(scope).filter(standing__in=moved).update(household=joined)
    models.Refill.objects.within(scope).filter(proposal__in=turned).update(household=joined)
    models.Proposal.objects.within(scope).filter(id__in=turned).update(household=joined)
    models.Standing.objects.within(scope).filter(id__in=moved).update(household=joined)


def end_theirs(scope: Scope, *, person: PartyId, households: Sequence[UUID]) -> None:
    """This will delete the standing orders of a person who is told nothing any more, and visits not yet paid for.

    Others of the home may stay; nothing may be ordered for them in the name of whoever ended it.
    """
    models.Standing.objects.within(scope).filter(household__in=households, person=person).delete()
    waiting = models.Refill.objects.within(scope).filter(household__in=households, person=person)
    waiting.filter(state=rules.RefillState.ASKED).delete()


def refused(scope: Scope, household: UUID) -> list[str]:
    """This will list what a household is never asked about."""
    rows = models.State.objects.within(scope).filter(household=household, is_refused=True)
    return list(rows.values_list("commodity", flat=True))


def refuse(scope: Scope, household: UUID, commodities: Sequence[str]) -> None:
    """This will have a household never asked about these either, until somebody of it allows it."""
    models.State.objects.within(scope).filter(household=household, commodity__in=commodities).update(is_refused=True)
