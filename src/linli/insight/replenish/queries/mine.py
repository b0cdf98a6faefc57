"""What a person's own page shows: what will be needed, what is kept about the household, and what stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from linli.insight.replenish import models, rules
from linli.insight.replenish.queries.night import study_for
from linli.insight.replenish.queries.refills import RefillCard, my_refills
from linli.insight.replenish.queries.taxonomy import taxonomy
from linli.kernel.ids import CheckoutId, CommunityId, HomeId, ProposalId, StandingOrderId, VariantId
from linli.kernel.money import Money
from linli.spine.action import query
from linli.spine.scope import Scope

MOST = 60
SUREST = 99
"""Nobody is told that a day to come is certain."""
SOON_D = 30
"""An answered proposal is shown for so many days."""


@dataclass(frozen=True, slots=True)
class ProposalCard:
    """What will be needed: `due_on` it runs out, `deliver_on` it could come.

    `can_refill`: it stands in a bin; `wants_refill`: the standing order behind it wants the bin filled each time;
    `refill` is the visit that was asked for with the yes.
    """

    proposal: ProposalId
    commodity: str
    name: dict[str, str]
    home: HomeId
    community: CommunityId
    due_on: date
    deliver_on: date
    every_days: int | None
    confidence_percent: int
    variant: VariantId | None
    quantity: int
    state: rules.ProposalState
    is_standing: bool
    is_learnt: bool
    can_refill: bool
    wants_refill: bool
    refill: RefillCard | None


@dataclass(frozen=True, slots=True)
class KnownCard:
    """What is kept of a commodity: how often, and when last."""

    commodity: str
    name: dict[str, str]
    home: HomeId
    community: CommunityId
    purchases: int
    last_on: date
    every_days: int | None
    is_refused: bool
    put_off_until: date | None
    can_stand: bool


@dataclass(frozen=True, slots=True)
class TurnCard:
    """The last turn that came by itself: ordered (to be paid before, if at all), or not, and asked about instead."""

    turn_on: date
    checkout: CheckoutId | None
    total: Money | None
    pay_before: datetime | None


@dataclass(frozen=True, slots=True)
class StandingCard:
    """A standing order and its next turn."""

    standing: StandingOrderId
    name: dict[str, str]
    home: HomeId
    every_days: int
    quantity: int
    next_on: date
    state: rules.StandingState
    pays: rules.Pays
    last: TurnCard | None
    refill: RefillCard | None


@dataclass(frozen=True, slots=True)
class ConsentCard:
    """For which home a person asked to be told, and whether they share with the others of it."""

    home: HomeId
    shares: bool
    given_at: datetime


@dataclass(frozen=True, slots=True)
class ReplenishPage:
    """Everything of a person's page; `is_simple`: nothing was studied that serves, as of another version."""

    consents: tuple[ConsentCard, ...]
    proposals: tuple[ProposalCard, ...]
    known: tuple[KnownCard, ...]
    standing: tuple[StandingCard, ...]
    is_simple: bool
    commodities: tuple[rules.Commodity, ...] = ()


@query
def my_page(scope: Scope) -> ReplenishPage:
    """This will give a person's consents, proposals, states and standing orders."""
    consents = tuple(
        ConsentCard(HomeId(row.home), row.shares, row.given_at)
        for row in models.Consent.objects.within(scope).order_by("id")[:MOST]
    )
    if not consents:
        return ReplenishPage((), (), (), (), is_simple=True)
    commodities = taxonomy()
    names = {each.key: each.name for each in commodities}
    of_proposal, of_standing = my_refills(scope)
    standing = _standing(scope, names, of_standing)
    simple = study_for(commodities) is None
    return ReplenishPage(
        consents, _proposals(scope, names, of_proposal), _known(scope, names), standing, simple, commodities
    )


@query
def proposals_waiting(scope: Scope) -> int:
    """This will count what waits for a person's answer."""
    return models.Proposal.objects.within(scope).filter(state=rules.ProposalState.OPEN).count()


def _standing(
    scope: Scope, names: dict[str, dict[str, str]], refills: dict[UUID, RefillCard]
) -> tuple[StandingCard, ...]:
    rows = list(
        models.Standing.objects.within(scope)
        .exclude(state=rules.StandingState.ENDED)
        .select_related("household")
        .order_by("next_on", "id")[:MOST]
    )
    by_itself = [row.id for row in rows if row.pays != rules.Pays.CONFIRM]
    turns = models.Turn.objects.within(scope).filter(standing__in=by_itself).order_by("standing", "-turn_on")
    last = {turn.standing_id: turn for turn in turns.distinct("standing")[:MOST]} if by_itself else {}
    return tuple(
        StandingCard(
            StandingOrderId(row.id), _name(names, row.commodity), HomeId(row.household.home), row.every_days,
            row.quantity, row.next_on, rules.StandingState(row.state), rules.Pays(row.pays), _turn(last.get(row.id)),
            refills.get(row.id),
        )
        for row in rows
    )  # fmt: skip


def _turn(row: models.Turn | None) -> TurnCard | None:
    if row is None:
        return None
    total = None if row.total_minor is None else Money(row.total_minor)
    return TurnCard(row.turn_on, CheckoutId(row.checkout) if row.checkout else None, total, row.pay_before)


def _proposals(
    scope: Scope, names: dict[str, dict[str, str]], refills: dict[UUID, RefillCard]
) -> tuple[ProposalCard, ...]:
    rows = (
        models.Proposal.objects.within(scope)
        .filter(state__in=[rules.ProposalState.OPEN, rules.ProposalState.ACCEPTED])
        .select_related("household", "standing")
        .order_by("-state", "deliver_on", "id")[:MOST]
    )
    return tuple(
        ProposalCard(
            proposal=ProposalId(row.id),
            commodity=row.commodity,
            name=_name(names, row.commodity),
            home=HomeId(row.household.home),
            community=CommunityId(row.community),
            due_on=row.due_on,
            deliver_on=row.deliver_on,
            every_days=row.every_days,
            confidence_percent=min(round(row.confidence_bp / 100), SUREST),
            variant=VariantId(row.variant) if row.variant else None,
            quantity=row.quantity,
            state=rules.ProposalState(row.state),
            is_standing=row.standing_id is not None,
            is_learnt=row.is_learnt,
            can_refill=row.commodity in rules.REFILLED,
            wants_refill=row.standing is not None and row.standing.refill_minor is not None,
            refill=refills.get(row.id),
        )
        for row in rows
    )


def _known(scope: Scope, names: dict[str, dict[str, str]]) -> tuple[KnownCard, ...]:
    rows = (
        models.State.objects.within(scope)
        .exclude(commodity="")
        .select_related("household")
        .order_by("-purchases", "commodity")[:MOST]
    )
    return tuple(
        KnownCard(
            row.commodity, _name(names, row.commodity), HomeId(row.household.home),
            CommunityId(row.household.community), row.purchases, row.last_on,
            rules.usual_days(row.log_gaps, row.purchases), row.is_refused, row.put_off_until,
            row.usual_variant is not None,
        )
        for row in rows
    )  # fmt: skip


def _name(names: dict[str, dict[str, str]], key: str) -> dict[str, str]:
    return names.get(key, {"zh": key, "en": key})
