"""Undoing a batch: as a whole, and not where something of it was used or changed since."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any

from linli.estate.billing import actions as billing
from linli.estate.parking import actions as parking
from linli.estate.patrols import actions as patrols
from linli.estate.patterns import rules
from linli.estate.patterns.models import Batch, MadeOf
from linli.estate.patterns.queries import sides
from linli.estate.patterns.rules import SETTINGS
from linli.estate.venues import actions as venues
from linli.estate.workorders import actions as workorders
from linli.ground.places import queries as places
from linli.ground.policies import actions as policies
from linli.ground.policies.rules import Level
from linli.kernel.ids import CommunityId, PatternId
from linli.kernel.refusals import NotFound
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.pieces import Made, UsedSince, plain
from linli.spine.scope import Scope

TAKE_BACK: dict[str, Callable[[Scope, CommunityId, Sequence[Made], datetime], None]] = {
    "tariffs": lambda scope, of, made, at: billing.take_back_template(scope, community=of, made=made, at=at),
    "promises": lambda scope, of, made, at: workorders.take_back_template(scope, community=of, made=made, at=at),
    "patrols": lambda scope, of, made, at: patrols.take_back_template(scope, community=of, made=made, at=at),
    "parking": lambda scope, of, made, at: parking.take_back_template(scope, community=of, made=made, at=at),
    "venues": lambda scope, of, made, at: venues.take_back_template(scope, community=of, made=made, at=at),
}
"""Who takes each part back."""


@action(needs=May.SET_POLICIES)
def undo(scope: Scope, *, batch: PatternId, at: datetime) -> None:
    """This will set a community back to what it was before a batch, or refuse with what was used or changed since."""
    row = Batch.objects.within(scope).select_for_update().filter(pk=batch).first()
    if row is None:
        raise NotFound("batch")
    state = rules.BATCH_LIFE.after(rules.BatchState(row.state), rules.BatchVerb.UNDO)
    parts = MadeOf.objects.within(scope).filter(batch=row).values_list("part", "things")
    things: dict[str, list[dict[str, Any]]] = dict(parts)
    _insist_unchanged(scope, row, things, at)
    community = CommunityId(row.community)
    for part, made in things.items():
        given = [Made(each["sort"], each["key"], each["row"], each["before"]) for each in made]
        if part.startswith(SETTINGS):
            _settings_back(scope, row, part.removeprefix(SETTINGS), given, at)
        else:
            TAKE_BACK[part](scope, community, given, at)
    Batch.objects.within(scope).filter(pk=row.pk).update(state=state.value, undone_by=scope.person, undone_at=at)


def _insist_unchanged(scope: Scope, row: Batch, things: dict[str, list[dict[str, Any]]], at: datetime) -> None:
    community = CommunityId(row.community)
    on = max(row.start_on, places.day_in(community, at))
    settings = sides.settings_of(scope, community, on, at)
    for part, made in things.items():
        tell = sides.PIECES.get(part)
        pieces = tell(scope, community, on) if tell else settings.get(part, ())
        now = {piece.mark: plain(piece.content) for piece in pieces}
        for each in made:
            if now.get((each["sort"], each["key"])) != each["content"]:
                raise UsedSince(name=each["key"])


def _settings_back(scope: Scope, row: Batch, word: str, made: Sequence[Made], at: datetime) -> None:
    """Each setting says again what the community said before; what it left to wider places is inherited again."""
    community = CommunityId(row.community)
    values: dict[str, Any] = defaultdict(lambda: None)
    values |= {each.row: each.before for each in made}
    policies.set_policy(
        scope,
        word=word,
        level=Level.COMMUNITY.value,
        place=community,
        values=values,
        start_at=sides.beginning(community, row.start_on, at),
        at=at,
    )
