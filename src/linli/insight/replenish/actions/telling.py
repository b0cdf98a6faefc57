"""What a home has bought elsewhere or before: told by whoever lives there, and counted like an order's goods."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from linli.ground.places import queries as places
from linli.insight.replenish import models, rules
from linli.insight.replenish.actions.rebuilding import REMEMBERED, rebuild
from linli.insight.replenish.queries.taxonomy import taxonomy
from linli.kernel.ids import CommunityId, HomeId, VariantId
from linli.kernel.refusals import Invalid, NotFound
from linli.kernel.words import _
from linli.spine import moves
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.scope import SYSTEM, Scope

MOST_AT_ONCE = 200
MOST_KEPT = 2_000


@dataclass(frozen=True, slots=True)
class Told:
    """A purchase that no order knows of; `variant`: what of it to put into the basket another time."""

    commodity: str
    bought_on: date
    variant: VariantId | None = None
    quantity: int = 1


@action(needs=May.SHOP_FOR_GOODS, private=("told",))
def tell_bought(scope: Scope, *, home: HomeId, told: Sequence[Told], at: datetime) -> None:
    """This will count purchases made elsewhere, so that a forecast does not believe that the bin is empty."""
    consent = models.Consent.objects.within(scope).select_related("household").filter(home=home).first()
    if consent is None:
        raise NotFound("home")
    today = places.day_in(CommunityId(consent.household.community), at)
    known = {each.key for each in taxonomy()}
    if any(each.commodity not in known or each.quantity < 1 for each in told):
        raise Invalid("commodity", _("This is no commodity that may be foretold."))
    if any(not today - REMEMBERED < each.bought_on <= today for each in told):
        raise Invalid("bought_on", _("A day of the last two years, not one to come."))
    kept = models.Elsewhere.objects.within(scope).filter(consent=consent).count()
    if len(told) > MOST_AT_ONCE or kept + len(told) > MOST_KEPT:
        raise Invalid("bought_on", _("That is more than we keep."))
    models.Elsewhere.objects.bulk_create(
        [
            models.Elsewhere(
                consent=consent,
                commodity=each.commodity,
                bought_on=each.bought_on,
                variant=each.variant,
                quantity=each.quantity,
            )
            for each in told
        ],
        ignore_conflicts=True,
    )
    _count(SYSTEM, household=consent.household_id, at=at)


@action(needs=May.RUN_CLOCKS)
def _count(scope: Scope, *, household: UUID, at: datetime) -> None:
    """As the house, for states are nobody's to write; what was proposed before the newest purchase is done with."""
    rebuild(scope, households=[household], at=at)
    states = models.State.objects.within(scope).filter(household=household)
    bought = {row.commodity: row.last_on for row in states}
    rows = [
        row
        for row in models.Proposal.objects.within(scope)
        .select_for_update()
        .filter(household=household, state=rules.ProposalState.OPEN)
        if row.after_on < bought.get(row.commodity, row.after_on)
    ]
    for row in rows:
        row.answered_at = at
    moves.take_many(
        models.ProposalMove,
        rows,
        rules.ProposalVerb.LAPSE,
        life=rules.PROPOSAL_LIFE,
        states=rules.ProposalState,
        scope=scope,
        at=at,
        changed=["answered_at"],
    )
