"""Moving in and out: residencies as periods of days."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple

from linli.ground.people import events, models, queries
from linli.ground.people.rules import ResidencyKind
from linli.ground.places import queries as places
from linli.kernel import ids
from linli.kernel.ids import CommunityId, HomeId, PartyId
from linli.kernel.refusals import Invalid, NotFound, Refusal
from linli.kernel.words import _
from linli.spine import sql
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.outbox import tell
from linli.spine.scope import SYSTEM, Scope


class AlreadyResident(Refusal):
    """The same residency holds for a part of that time already."""

    says = _("This person is registered in this home for that time already.")


class MoveIn(NamedTuple):
    party: PartyId
    home: HomeId
    kind: ResidencyKind
    start_on: date


@action(needs=May.KEEP_PEOPLE)
def move_in(scope: Scope, *, party: PartyId, home: HomeId, kind: str, start_on: date, at: datetime) -> None:
    """This will let a party live in, rent or own a home from a day on."""
    if kind not in set(ResidencyKind):
        raise Invalid("kind", _("Somebody lives in a home as owner, tenant or family."))
    if not queries.is_live(SYSTEM, party=party):
        raise NotFound("party", field="party")
    if not move_in_all(scope, (MoveIn(party, home, ResidencyKind(kind), start_on),), at):
        raise AlreadyResident


@action(needs=May.KEEP_PEOPLE)
def move_out(scope: Scope, *, party: PartyId, home: HomeId, kind: str, end_on: date, at: datetime) -> None:
    """This will end a residency; `end_on` is the first day that no longer belongs to it."""
    residency = (
        models.Residency.objects.within(scope)
        .filter(party=party, home=home, kind=kind, start_on__lte=end_on)
        .exclude(end_on__lte=end_on)
        .values_list("id", "community")
        .first()
    )
    if residency is None:
        raise NotFound("residency")
    models.Residency.objects.within(scope).filter(id=residency[0]).update(end_on=end_on)
    community = CommunityId(residency[1])
    tell(events.MovedOut(person=party, home=home, community=community, residency=kind, end_on=end_on, at=at))


def move_in_all(scope: Scope, moves: Sequence[MoveIn], at: datetime) -> int:
    """This will begin residencies in one statement and tell how many did not hold already."""
    if not moves:
        return 0
    known = places.homes({move.home for move in moves})
    for number, move in enumerate(moves):
        card = known.get(move.home)
        if card is None or not (scope.is_inside or card.community in scope.communities):
            raise NotFound("home", field=f"rows.{number}.home" if len(moves) > 1 else "home")
    rows = sql.fetch(
        "INSERT INTO people_residency (id, party_id, home_id, community_id, kind, start_on)"
        " SELECT * FROM unnest(%s::uuid[], %s::uuid[], %s::uuid[], %s::uuid[], %s::text[], %s::date[])"
        " ON CONFLICT DO NOTHING RETURNING party_id, home_id, community_id, kind, start_on",
        [ids.new() for _move in moves],
        [move.party for move in moves],
        [move.home for move in moves],
        [known[move.home].community for move in moves],
        [move.kind.value for move in moves],
        [move.start_on for move in moves],
    )
    for party, home, community, kind, start_on in rows:
        tell(events.MovedIn(person=party, home=home, community=community, residency=kind, start_on=start_on, at=at))
    return len(rows)
