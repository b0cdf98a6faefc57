"""Yes, not yet, never: each answer to a proposal teaches the state behind it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import QuerySet

from linli.ground.places import queries as places
from linli.ground.policies.queries import policy
from linli.insight.replenish import models, rules
from linli.insight.replenish.actions.refilling import want_with_proposal
from linli.insight.replenish.actions.standing import end_standing
from linli.insight.replenish.queries.runs import Run, runs_of
from linli.insight.replenish.rules import ProposalVerb
from linli.kernel.ids import CommunityId, HomeId, ProposalId, StandingOrderId, VariantId
from linli.kernel.money import Money
from linli.kernel.refusals import NotFound, Refusal
from linli.kernel.words import _
from linli.spine import moves
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.scope import Scope
from linli.trade.orders import actions as orders
from linli.trade.orders.rules import Fulfilment


class NothingUsual(Refusal):
    """Nobody knows which thing to put into the basket."""

    says = _("We do not know which one you would like. Please choose it in a shop.")


@dataclass(frozen=True, slots=True)
class Accepted:
    """In which community's basket the goods are, and with which shared run they are to come, where there is one."""

    community: CommunityId
    run: Run | None


@action(needs=May.SHOP_FOR_GOODS)
def accept(scope: Scope, *, proposal: ProposalId, refill: Money | None = None, at: datetime) -> Accepted:
    """This will put the usual goods into the basket, to come with the shared run of the building on the proposed day.

    `refill`: somebody is wanted, at this price, who fills the bin and takes the old away; they are sent as soon as the
    goods are paid for.
    """
    row = _locked(scope, proposal)
    if row.variant is None or scope.person is None:
        raise NothingUsual
    community = CommunityId(row.community)
    _take(scope, row, ProposalVerb.ACCEPT, at)
    if refill is not None:
        want_with_proposal(scope, row, scope.person, refill, at)
    variant = VariantId(row.variant)
    orders.add_to_basket(scope, community=community, variant=variant, quantity=row.quantity, at=at)
    run = runs_of(community, [(variant, row.deliver_on)], at).get((variant, row.deliver_on))
    if run is not None:
        orders.choose_delivery(
            scope,
            community=community,
            shops=[run.shop],
            fulfilment=Fulfilment.POOLED,
            start_at=run.start_at,
            at=at,
        )
    return Accepted(community, run)


@action(needs=May.SHOP_FOR_GOODS)
def put_off(scope: Scope, *, proposal: ProposalId, at: datetime) -> None:
    """This will ask again later: there is still enough, so nothing is foretold from before that day."""
    row = _locked(scope, proposal)
    rule = policy(scope, rules.ReplenishPolicy, at=at, community=CommunityId(row.community))
    until = places.day_in(CommunityId(row.community), at) + timedelta(days=rule.pause_days)
    _take(scope, row, ProposalVerb.PUT_OFF, at)
    _state_of(scope, row).update(put_off_until=until)


@action(needs=May.SHOP_FOR_GOODS)
def refuse(scope: Scope, *, proposal: ProposalId, at: datetime) -> None:
    """This will never propose the commodity to the household again, until somebody of it allows it.

    A standing order of it ends too: it would go on asking.
    """
    row = _locked(scope, proposal)
    _take(scope, row, ProposalVerb.REFUSE, at)
    stands = models.Standing.objects.within(scope).filter(household=row.household_id, commodity=row.commodity)
    for standing in stands.exclude(state=rules.StandingState.ENDED).values_list("id", flat=True):
        end_standing(scope, standing=StandingOrderId(standing), at=at)
    _state_of(scope, row).update(is_refused=True)


@action(needs=May.SHOP_FOR_GOODS)
def allow(scope: Scope, *, home: HomeId, commodity: str, at: datetime) -> None:
    """This will have a refused commodity proposed again."""
    rows = models.State.objects.within(scope).filter(household__home=home, commodity=commodity)
    if not rows.update(is_refused=False, put_off_until=None):
        raise NotFound("commodity")


def _locked(scope: Scope, proposal: ProposalId) -> models.Proposal:
    row = models.Proposal.objects.within(scope).select_for_update().filter(id=proposal).first()
    if row is None:
        raise NotFound("proposal")
    return row


def _state_of(scope: Scope, row: models.Proposal) -> QuerySet[models.State]:
    return models.State.objects.within(scope).filter(household=row.household_id, commodity=row.commodity)


def _take(scope: Scope, row: models.Proposal, verb: ProposalVerb, at: datetime) -> None:
    moves.take(
        models.ProposalMove,
        row,
        verb,
        life=rules.PROPOSAL_LIFE,
        states=rules.ProposalState,
        scope=scope,
        at=at,
        answered_at=at,
    )
