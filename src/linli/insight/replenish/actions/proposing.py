"""The night's proposals: what is sure enough and soon, told once, on as few delivery days a building as fit."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from datetime import date, datetime, timedelta
from uuid import UUID

import msgspec

from linli.ground.places import queries as places
from linli.ground.policies.queries import policy
from linli.insight.replenish import gateways, models, rules
from linli.insight.replenish.actions.keeping import keep
from linli.insight.replenish.queries import Pair
from linli.insight.replenish.rules.asking import Ask, AskStudy, Study, Told
from linli.kernel import ids
from linli.kernel.ids import CommunityId, PartyId
from linli.reach.notify import actions as notify
from linli.spine import moves
from linli.spine.action import action, errand
from linli.spine.may import May
from linli.spine.scope import Scope

TEMPLATE = "replenish_due"
MOST = 2_000


class Found(msgspec.Struct, frozen=True, gc=False):
    """A pair whose next purchase was foretold; the days are counted from the day of asking."""

    pair: Pair
    due_in: int
    deliver_in: int
    confidence: float
    learnt: bool


@errand
def foretell(ask: Ask, pairs: Sequence[Pair]) -> tuple[Found, ...]:
    """This will have a portion foretold in a process of its own."""
    told: Told = gateways.foretell(ask)
    rows = zip(pairs, told.due_in, told.deliver_in, told.confidence, strict=True)
    return tuple(
        Found(pair, due + pair.ahead, deliver + pair.ahead, sure, told.learnt) for pair, due, deliver, sure in rows
    )


@errand
def study(ask: AskStudy) -> Study:
    """This will have past purchases studied in a process of its own."""
    return gateways.study(ask)


@action(needs=May.RUN_CLOCKS, private=("studied",))
def keep_study(scope: Scope, *, studied: Study, households: int, at: datetime) -> None:
    """This will keep what was learnt; the nights after use it."""
    models.Study.objects.create(
        id=ids.new(),
        version=studied.version,
        households=households,
        body=msgspec.to_builtins(studied),
        studied_at=at,
    )


@action(needs=May.RUN_CLOCKS, private=("found", "households"))
def propose(
    scope: Scope, *, community: CommunityId, households: Sequence[UUID], found: Sequence[Found], at: datetime
) -> int:
    """This will propose what is sure enough and soon, with the turns of standing orders, and tell the households.

    What was proposed after the same purchase is not proposed again, whoever calls this how often.
    """
    rule = policy(scope, rules.ReplenishPolicy, at=at, community=community)
    if not rule.is_open:
        return 0
    today = places.day_in(community, at)
    chosen = [
        each
        for each in found
        if each.confidence >= rule.gate(each.pair.commodity) and each.deliver_in <= rule.lead_days
    ]
    standing = _turns(scope, households, today + timedelta(days=rule.lead_days))
    stands = {(row.household_id, row.commodity) for row in _standing_of(scope, households)}
    rows = [
        _proposal(each, community, today, rule, at)
        for each in chosen
        if (each.pair.household, each.pair.commodity) not in stands
    ]
    rows += [turn_proposal(row, community, rule, at) for row in standing]
    _share_trips({each.pair.household: each.pair.building for each in found}, rows, today)
    kept = keep(scope, rows, at=at)
    _advance(scope, standing)
    _tell(scope, kept, at)
    return kept.total()


@action(needs=May.RUN_CLOCKS)
def lapse(scope: Scope, *, at: datetime) -> int:
    """This will forget proposals that nobody answered in time, a portion of them, and tell how many."""
    rows = list(
        models.Proposal.objects.within(scope)
        .select_for_update(skip_locked=True)
        .filter(state=rules.ProposalState.OPEN, due_at__lte=at)
        .order_by("id")[:MOST]
    )
    for row in rows:
        row.answered_at = at
    return moves.take_many(
        models.ProposalMove,
        rows,
        rules.ProposalVerb.LAPSE,
        life=rules.PROPOSAL_LIFE,
        states=rules.ProposalState,
        scope=scope,
        at=at,
        changed=["answered_at"],
    )


def _proposal(
    found: Found, community: CommunityId, today: date, rule: rules.ReplenishPolicy, at: datetime
) -> models.Proposal:
    pair = found.pair
    return models.Proposal(
        id=ids.new(),
        household_id=pair.household,
        community=community,
        commodity=pair.commodity,
        after_on=pair.last_on,
        turn_on=pair.put_off_until or pair.last_on,
        due_on=today + timedelta(days=found.due_in),
        deliver_on=today + timedelta(days=found.deliver_in),
        every_days=pair.every_days,
        confidence_bp=round(found.confidence * 10_000),
        variant=pair.variant,
        quantity=pair.quantity,
        is_learnt=found.learnt,
        proposed_at=at,
        due_at=at + timedelta(days=rule.answer_days),
    )


def turn_proposal(
    row: models.Standing, community: CommunityId, rule: rules.ReplenishPolicy, at: datetime
) -> models.Proposal:
    """This will make the proposal of a turn of a standing order: certain, and still to be confirmed."""
    return models.Proposal(
        id=ids.new(),
        household_id=row.household_id,
        community=community,
        commodity=row.commodity,
        standing=row,
        after_on=row.next_on,
        turn_on=row.next_on,
        due_on=row.next_on,
        deliver_on=row.next_on,
        every_days=row.every_days,
        confidence_bp=10_000,
        variant=row.variant,
        quantity=row.quantity,
        is_learnt=False,
        proposed_at=at,
        due_at=at + timedelta(days=rule.answer_days),
    )


def _standing_of(scope: Scope, households: Sequence[UUID]) -> list[models.Standing]:
    rows = models.Standing.objects.within(scope).filter(household__in=households)
    return list(rows.exclude(state=rules.StandingState.ENDED))


def _turns(scope: Scope, households: Sequence[UUID], until: date) -> list[models.Standing]:
    return list(
        models.Standing.objects.within(scope)
        .select_for_update()
        .filter(
            household__in=households, state=rules.StandingState.RUNNING, pays=rules.Pays.CONFIRM, next_on__lte=until
        )
        .exclude(
            id__in=models.Proposal.objects.within(scope)
            .filter(state=rules.ProposalState.OPEN, household__in=households, standing__isnull=False)
            .values("standing"),
        )
        .order_by("id")
    )


def _advance(scope: Scope, standing: Sequence[models.Standing]) -> None:
    for row in standing:
        row.next_on += timedelta(days=row.every_days)
    models.Standing.objects.inside().bulk_update(standing, ["next_on"])


def _share_trips(building_of: dict[UUID, str], rows: Sequence[models.Proposal], today: date) -> None:
    """Those of one building come together as far as their days allow."""
    buildings: dict[str, dict[UUID, models.Proposal]] = defaultdict(dict)
    for row in rows:
        buildings[building_of.get(row.household_id, str(row.household_id))][row.id] = row
    for those in buildings.values():
        days = rules.shared_days({key: row.deliver_on for key, row in those.items()}, today)
        for key, row in those.items():
            row.deliver_on = days[key]


def _tell(scope: Scope, proposed: Counter[UUID], at: datetime) -> None:
    """One message a person, whatever number of things; one statement for all who are told the same number."""
    by_number: dict[int, list[PartyId]] = defaultdict(list)
    for person, household in (
        models.Consent.objects.within(scope).filter(household__in=list(proposed)).values_list("person", "household_id")
    ):
        by_number[proposed[household]].append(PartyId(person))
    for number, people in sorted(by_number.items()):
        notify.queue_messages(scope, to=people, template=TEMPLATE, values={"n": str(number)}, at=at)
