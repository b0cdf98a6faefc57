"""Taking over: what a source has and a target lacks, or has otherwise, in one transaction."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

import msgspec

from linli.estate.billing import actions as billing
from linli.estate.parking import actions as parking
from linli.estate.patrols import actions as patrols
from linli.estate.patterns import rules
from linli.estate.patterns.models import Batch, MadeOf
from linli.estate.patterns.queries import sides
from linli.estate.patterns.rules import SETTINGS, Row
from linli.estate.venues import actions as venues
from linli.estate.workorders import actions as workorders
from linli.ground.policies import actions as policies
from linli.ground.policies import queries as known
from linli.ground.policies.rules import Level
from linli.kernel import ids
from linli.kernel.ids import CommunityId, PatternId
from linli.kernel.refusals import Invalid, Refusal
from linli.kernel.words import _
from linli.spine import locks
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.pieces import Made, Piece, plain
from linli.spine.scope import Scope

Take = Callable[[Scope, CommunityId, Sequence[Piece], date, datetime], tuple[Made, ...]]
TAKE: dict[str, Take] = {
    "tariffs": lambda scope, to, pieces, on, at: billing.take_over_template(
        scope, community=to, pieces=pieces, start_on=on, at=at
    ),
    "promises": lambda scope, to, pieces, on, at: workorders.take_over_template(
        scope, community=to, pieces=pieces, start_on=on, at=at
    ),
    "patrols": lambda scope, to, pieces, on, at: patrols.take_over_template(
        scope, community=to, pieces=pieces, start_on=on, at=at
    ),
    "parking": lambda scope, to, pieces, on, at: parking.take_over_template(
        scope, community=to, pieces=pieces, start_on=on, at=at
    ),
    "venues": lambda scope, to, pieces, _on, at: venues.take_over_template(scope, community=to, pieces=pieces, at=at),
}
"""Who makes each part."""


class NothingToTake(Refusal):
    """No part was chosen."""

    says = _("Choose at least one part to take over.")
    status = 422


@dataclass(frozen=True, slots=True)
class Taken:
    """What was taken over, counted by part; without a batch, nothing had to be done."""

    batch: PatternId | None
    counts: dict[str, int]


@action(needs=May.SET_POLICIES)
def take_over(
    scope: Scope,
    *,
    source: CommunityId,
    target: CommunityId,
    parts: Collection[str],
    overwrites: bool,
    start_on: date,
    at: datetime,
) -> Taken:
    """This will set a community up as another one is, in the chosen parts, from a day on; again it changes nothing."""
    if not parts:
        raise NothingToTake(field="parts")
    sides.insist(scope, source, target, start_on, at)
    locks.hold(f"patterns:{target}")
    rows = sides.likeness(scope, source=source, target=target, start_on=start_on, at=at)
    if unknown := set(parts) - {row.part for row in rows} - set(rules.PARTS):
        raise Invalid("parts", _("There is no such part: {part}."), part=min(unknown))
    chosen = rules.wanted(rows, parts, overwrites=overwrites)
    counts = dict(Counter(row.part for row in chosen))
    if not chosen:
        return Taken(None, counts)
    batch = Batch.objects.create(
        id=ids.new(),
        community=target,
        source=source,
        start_on=start_on,
        parts=sorted(parts),
        overwrites=overwrites,
        did=counts,
        state=rules.BATCH_LIFE.birth.value,
        taken_by=scope.person,
        taken_at=at,
    )
    by_part: dict[str, list[Row]] = defaultdict(list)
    for row in chosen:
        by_part[row.part].append(row)
    MadeOf.objects.bulk_create(
        MadeOf(
            batch=batch,
            community=target,
            part=part,
            things=_things(_take(scope, part, target, some, start_on, at), some),
        )
        for part, some in by_part.items()
    )
    return Taken(PatternId(batch.pk), counts)


def _take(
    scope: Scope, part: str, target: CommunityId, rows: Sequence[Row], start_on: date, at: datetime
) -> tuple[Made, ...]:
    pieces = [row.piece for row in rows]
    if not part.startswith(SETTINGS):
        return TAKE[part](scope, target, pieces, start_on, at)
    begin = sides.beginning(target, start_on, at)
    word = part.removeprefix(SETTINGS)
    own = known.own_values(scope, word=word, level=Level.COMMUNITY, place=target, at=begin)
    values = {piece.key.partition(".")[2]: piece.content.value for piece in pieces}
    policies.set_policy(
        scope, word=word, level=Level.COMMUNITY.value, place=target, values=values, start_at=begin, at=at
    )
    return tuple(Made(SETTINGS, f"{word}.{name}", name, plain(msgspec.to_builtins(own.get(name)))) for name in values)


def _things(made: Sequence[Made], rows: Sequence[Row]) -> list[dict[str, object]]:
    """What was made, each with what was set, so that an undo can see whether somebody changed it since."""
    content = {row.piece.mark: plain(row.piece.content) for row in rows}
    return [{**msgspec.to_builtins(each), "content": content[each.sort, each.key]} for each in made]
