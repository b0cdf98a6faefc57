"""Standing orders: a thing every so many days, whatever is foretold, with turns to skip and times of pause."""

from __future__ import annotations

from datetime import date, datetime, timedelta

from linli.ground.places import queries as places
from linli.insight.replenish import models, rules
from linli.insight.replenish.actions.refilling import insist_on_price
from linli.insight.replenish.rules import ProposalState, ProposalVerb, StandingState, StandingVerb
from linli.kernel import ids
from linli.kernel.ids import CommunityId, HomeId, StandingOrderId, VariantId
from linli.kernel.money import Money
from linli.kernel.refusals import Invalid, NotFound, Refusal
from linli.kernel.words import _
from linli.spine import moves
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.scope import Scope
from linli.trade.catalogue import queries as catalogue


class StandsAlready(Refusal):
    """One standing order for a commodity."""

    says = _("There is a standing order for this already.")


class NotSoldNow(Refusal):
    """What is ordered by itself has to have a price to agree to."""

    says = _("It is not sold here now, so that no price can be agreed.")


@action(needs=May.SHOP_FOR_GOODS)
def begin_standing(
    scope: Scope,
    *,
    home: HomeId,
    commodity: str,
    every_days: int,
    pays: rules.Pays = rules.Pays.CONFIRM,
    refill: Money | None = None,
    at: datetime,
) -> StandingOrderId:
    """This will bring up the usual goods of a commodity every so many days: each turn asks for a yes, or, where that is
    agreed, is ordered by itself at about the price of today.

    `refill`: the bin is filled each time, at this price.
    """
    if scope.person is None:
        raise NotFound("home")
    if not rules.LEAST_EVERY_D <= every_days <= rules.MOST_EVERY_D:
        raise Invalid(
            "every_days", _("Between {low} and {high} days."), low=rules.LEAST_EVERY_D, high=rules.MOST_EVERY_D
        )
    state = (
        models.State.objects.within(scope)
        .select_related("household")
        .filter(household__home=home, commodity=commodity, usual_variant__isnull=False)
        .order_by("-last_on")
        .first()
    )
    variant = state.usual_variant if state else None
    if state is None or variant is None:
        raise NotFound("commodity")
    if (
        models.Standing.objects.within(scope)
        .filter(household=state.household, commodity=commodity)
        .exclude(state=StandingState.ENDED)
        .exists()
    ):
        raise StandsAlready(field="every_days")
    community = CommunityId(state.household.community)
    if refill is not None:
        insist_on_price(scope, community, commodity, refill, at)
    today = places.day_in(community, at)
    row = models.Standing(
        id=ids.new(),
        household=state.household,
        community=community,
        commodity=commodity,
        variant=variant,
        quantity=state.usual_quantity,
        every_days=every_days,
        next_on=max(today, state.last_on + timedelta(days=every_days)),
        pays=pays,
        person=scope.person,
        agreed_minor=_price_now(community, VariantId(variant)) if pays is not rules.Pays.CONFIRM else None,
        refill_minor=refill.minor if refill is not None else None,
        begun_at=at,
    )
    models.Standing.objects.bulk_create([row])
    moves.born(models.StandingMove, row, StandingVerb.BEGIN.value, scope=scope, at=at)
    return StandingOrderId(row.id)


@action(needs=May.SHOP_FOR_GOODS)
def skip_turn(scope: Scope, *, standing: StandingOrderId, at: datetime) -> None:
    """This will leave the next turn out."""
    row = _locked(scope, standing)
    _take(scope, row, StandingVerb.SKIP, at, next_on=row.next_on + timedelta(days=row.every_days))


@action(needs=May.SHOP_FOR_GOODS)
def pause_standing(scope: Scope, *, standing: StandingOrderId, at: datetime) -> None:
    """This will leave turns out until it is resumed."""
    _take(scope, _locked(scope, standing), StandingVerb.PAUSE, at)


@action(needs=May.SHOP_FOR_GOODS)
def resume_standing(scope: Scope, *, standing: StandingOrderId, at: datetime) -> None:
    """This will go on, with the next turn not before today."""
    row = _locked(scope, standing)
    today = places.day_in(CommunityId(row.community), at)
    _take(scope, row, StandingVerb.RESUME, at, next_on=max(row.next_on, today))


@action(needs=May.SHOP_FOR_GOODS)
def end_standing(scope: Scope, *, standing: StandingOrderId, at: datetime) -> None:
    """This will end it for good, with the turn of it that waits for a yes."""
    row = _locked(scope, standing)
    waiting = models.Proposal.objects.within(scope).select_for_update().filter(standing=row, state=ProposalState.OPEN)
    for turn in waiting:
        moves.take(
            models.ProposalMove,
            turn,
            ProposalVerb.LAPSE,
            life=rules.PROPOSAL_LIFE,
            states=ProposalState,
            scope=scope,
            at=at,
            why="ended",
            answered_at=at,
        )
    _take(scope, row, StandingVerb.END, at)


def _price_now(community: CommunityId, variant: VariantId) -> int:
    priced = catalogue.prices(community=community, variants=[variant]).get(variant)
    if priced is None:
        raise NotSoldNow(field="commodity")
    return priced.price.minor


def _locked(scope: Scope, standing: StandingOrderId) -> models.Standing:
    row = models.Standing.objects.within(scope).select_for_update().filter(id=standing).first()
    if row is None:
        raise NotFound("standing order")
    return row


def _take(scope: Scope, row: models.Standing, verb: StandingVerb, at: datetime, next_on: date | None = None) -> None:
    moves.take(
        models.StandingMove,
        row,
        verb,
        life=rules.STANDING_LIFE,
        states=StandingState,
        scope=scope,
        at=at,
        next_on=next_on or row.next_on,
    )
