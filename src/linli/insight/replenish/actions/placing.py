"""Standing orders that place themselves: a turn becomes an order once, at about the agreed price, or asks for a yes.

Taking the turn and placing the order are one transaction, so that a worker that is killed in the middle leaves neither.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from linli.ground.people import queries as people
from linli.ground.places import queries as places
from linli.ground.policies.queries import policy
from linli.insight.replenish import models, rules
from linli.insight.replenish.actions.keeping import keep
from linli.insight.replenish.actions.proposing import turn_proposal
from linli.insight.replenish.actions.refilling import want_with_turn
from linli.insight.replenish.queries.runs import Run, runs_of
from linli.kernel.ids import CommunityId, HomeId, PartyId, StandingOrderId, VariantId
from linli.kernel.refusals import Refusal
from linli.kernel.words import _
from linli.reach.notify import actions as notify
from linli.spine import moves
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.scope import Role, Scope
from linli.trade.catalogue import queries as catalogue
from linli.trade.orders import actions as orders
from linli.trade.orders.actions import Asked, Placed
from linli.trade.orders.rules import Fulfilment, Window

PLACED, AT_DOOR, ASKS = "standing_placed", "standing_at_door", "standing_asks"


class PriceRose(Refusal):
    """Nobody pays more unasked."""

    says = _("The price has risen above what was agreed.")


class NotSoldAnyMore(Refusal):
    """The thing is gone from the shelf of the community."""

    says = _("It is not sold here any more.")


@action(needs=May.RUN_CLOCKS)
def place_turn(scope: Scope, *, standing: StandingOrderId, at: datetime) -> Placed | None:
    """This will order a due turn for whoever began the standing order; None where it is taken, or nobody is there."""
    row = _due(scope, standing, at)
    if row is None:
        return None
    buyer = _buyer(scope, row, at)
    if buyer is None:
        _take(scope, row, rules.StandingVerb.END, at)
        return None
    community, variant = CommunityId(row.community), VariantId(row.variant)
    priced = catalogue.prices(community=community, variants=[variant]).get(variant)
    if priced is None:
        raise NotSoldAnyMore
    rule = policy(scope, rules.ReplenishPolicy, at=at, community=community)
    if rules.has_risen(row.agreed_minor or 0, priced.price.minor, percent=rule.rise_percent):
        raise PriceRose
    home = HomeId(row.household.home)
    run = _run(row, community, variant, at)
    placed = orders.order_now(
        buyer,
        lines=[Asked(variant=variant, quantity=row.quantity)],
        home=home,
        fulfilment=Fulfilment.POOLED if run else None,
        window=Window(run.start_at, run.end_at) if run else None,
        at=at,
    )
    at_door = row.pays == rules.Pays.DOOR
    if at_door:
        orders.promise_cash(buyer, checkout=placed.checkout, at=at)
    models.Turn.objects.create(
        standing=row,
        turn_on=row.next_on,
        checkout=placed.checkout,
        total_minor=placed.total.minor,
        pay_before=None if at_door else placed.pay_before,
        taken_at=at,
    )
    want_with_turn(scope, row, placed.checkout, at)
    _advance(row)
    minutes = round((placed.pay_before - at).total_seconds() / 60)
    values = {"amount": f"{placed.total}"} | ({} if at_door else {"minutes": f"{minutes}"})
    notify.queue_message(scope, to=PartyId(row.person), template=AT_DOOR if at_door else PLACED, values=values, at=at)
    return placed


@action(needs=May.RUN_CLOCKS, private=("why",))
def ask_about_turn(scope: Scope, *, standing: StandingOrderId, why: str, at: datetime) -> bool:
    """This will ask for a yes to a turn that could not be ordered by itself, and say that it was not."""
    row = _due(scope, standing, at)
    if row is None:
        return False
    rule = policy(scope, rules.ReplenishPolicy, at=at, community=CommunityId(row.community))
    keep(scope, [turn_proposal(row, CommunityId(row.community), rule, at)], at=at)
    models.Turn.objects.create(standing=row, turn_on=row.next_on, why=why, taken_at=at)
    _advance(row)
    notify.queue_message(scope, to=PartyId(row.person), template=ASKS, values={}, at=at)
    return True


def _due(scope: Scope, standing: UUID, at: datetime) -> models.Standing | None:
    row = (
        models.Standing.objects.within(scope)
        .select_related("household")
        .select_for_update(of=("self",))
        .filter(id=standing, state=rules.StandingState.RUNNING)
        .exclude(pays=rules.Pays.CONFIRM)
        .first()
    )
    return row if row and row.next_on <= places.day_in(CommunityId(row.community), at) else None


def _buyer(scope: Scope, row: models.Standing, at: datetime) -> Scope | None:
    """Who began it, as long as they live there and are told for this very household."""
    told = models.Consent.objects.within(scope).filter(person=row.person, household=row.household_id)
    if not told.exists():
        return None
    worn = people.hats(scope, person=PartyId(row.person), at=at)
    mine = (hat.scope for hat in worn if hat.role == Role.RESIDENT)
    return next((each for each in mine if row.household.home in each.homes), None)


def _run(row: models.Standing, community: CommunityId, variant: VariantId, at: datetime) -> Run | None:
    """The building's shared run of the turn's day, or of the day after where that one has none with a place left."""
    day = max(row.next_on, places.day_in(community, at))
    days = [day + timedelta(days=later) for later in range(rules.LATER_D + 1)]
    runs = runs_of(community, [(variant, each) for each in days], at)
    return next((runs[variant, each] for each in days if (variant, each) in runs), None)


def _advance(row: models.Standing) -> None:
    row.next_on += timedelta(days=row.every_days)
    row.save(update_fields=["next_on"])


def _take(scope: Scope, row: models.Standing, verb: rules.StandingVerb, at: datetime) -> None:
    moves.take(models.StandingMove, row, verb, life=rules.STANDING_LIFE, states=rules.StandingState, scope=scope, at=at)
