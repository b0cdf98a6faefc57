"""Stock-taking: what the register says is counted past with a phone, each asset once, by as many as like."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from linli.estate.assets import events, rules
from linli.estate.assets.actions.held import MOST_WHY, insist_on, kept_photos, said
from linli.estate.assets.models import Asset, Count, Taking, TakingMove
from linli.ground.places import queries as places
from linli.ground.policies.queries import policy
from linli.kernel import ids
from linli.kernel.ids import AssetId, CommunityId
from linli.kernel.refusals import Invalid, NotFound, Refusal
from linli.kernel.words import _
from linli.spine import moves
from linli.spine.action import action
from linli.spine.labels import next_label
from linli.spine.may import May
from linli.spine.outbox import tell
from linli.spine.scope import Scope

MOST_COUNTED = 20_000


class TakingOver(Refusal):
    """Nothing is counted after the end."""

    says = _("This stock-taking is over.")


@action(needs=May.KEEP_ASSETS, private=("name",))
def begin_taking(
    scope: Scope, *, community: CommunityId, name: str, kind: rules.AssetKind | None = None, at: datetime
) -> UUID:
    """This will begin a stock-taking of all that a community's register holds now, or of one kind."""
    insist_on(scope, community)
    held = Asset.objects.within(scope).filter(community=community, state__in=[state.value for state in rules.HERE])
    if kind is not None:
        held = held.filter(kind=kind.value)
    rows = list(held.values_list("id", "building", "place")[:MOST_COUNTED])
    if not rows:
        raise Invalid("kind", _("There is nothing to be counted."))
    terms = policy(scope, rules.AssetPolicy, at=at, community=community)
    taking = Taking.objects.create(
        id=ids.new(),
        community=community,
        label=next_label("ST", place=community, day=places.day_in(community, at)),
        name=said(name, 60, field="name"),
        kind=kind.value if kind else "",
        state=rules.TAKING_LIFE.birth.value,
        began_at=at,
        due_at=at + timedelta(days=terms.taking_days),
    )
    unseen = rules.Seen.UNSEEN.value
    Count.objects.bulk_create(
        [
            Count(
                id=ids.new(),
                community=community,
                taking=taking,
                asset_id=asset,
                expected=f"{building} {place}".strip(),
                seen=unseen,
            )
            for asset, building, place in rows
        ],
        batch_size=2_000,
    )
    moves.born(TakingMove, taking, "begin", scope=scope, at=at)
    return UUID(str(taking.pk))


@action(needs=May.MAINTAIN_ASSETS, private=("place", "words", "uploads"))
def count_asset(
    scope: Scope,
    *,
    taking: UUID,
    asset: AssetId,
    seen: rules.Seen,
    place: str = "",
    words: str = "",
    uploads: Sequence[tuple[str, bytes]] = (),
    at: datetime,
) -> None:
    """This will note what was seen of an asset; said again, the last word counts as long as the stock-taking is open.

    What is missing or damaged is told in words, what is elsewhere by its place.
    """
    if seen is rules.Seen.UNSEEN:
        raise Invalid("seen", _("Please choose one of the values offered."))
    open_one = Taking.objects.within(scope).select_for_update(of=("self",), no_key=True).filter(pk=taking).first()
    if open_one is None:
        raise NotFound("stock-taking")
    if open_one.state != rules.TakingState.OPEN:
        raise TakingOver
    row = Count.objects.within(scope).select_for_update().filter(taking=taking, asset=asset).first()
    if row is None:
        raise NotFound("asset", field="asset")
    row.place = said(place, 80, field="place", needed=seen is rules.Seen.ELSEWHERE)
    row.words = said(words, 300, field="words", needed=seen in (rules.Seen.DAMAGED, rules.Seen.MISSING))
    row.seen, row.person, row.seen_at = seen.value, scope.person, at
    row.photos = list(kept_photos(scope, uploads, at)) or row.photos
    row.save(update_fields=["place", "words", "seen", "person", "seen_at", "photos"])


@action(needs=May.KEEP_ASSETS)
def close_taking(scope: Scope, *, taking: UUID, at: datetime) -> int:
    """This will end a stock-taking and tell how many are not as the register says; the register stays as it is."""
    return _end(scope, taking, rules.TakingVerb.CLOSE, at)


@action(needs=May.KEEP_ASSETS, private=("why",))
def call_off_taking(scope: Scope, *, taking: UUID, why: str, at: datetime) -> None:
    """This will call a stock-taking off, for a reason."""
    reason = said(why, MOST_WHY, field="why")
    row = _held(scope, taking)
    _move(scope, row, rules.TakingVerb.CALL_OFF, at, why=reason, ended_at=at)


@action(needs=May.RUN_CLOCKS)
def lapse_taking(scope: Scope, *, taking: UUID, at: datetime) -> None:
    """This will end a stock-taking whose days are over, with what was counted by then."""
    row = _held(scope, taking)
    if row.state == rules.TakingState.OPEN and row.due_at <= at:
        _end(scope, taking, rules.TakingVerb.LAPSE, at)


def _end(scope: Scope, taking: UUID, verb: rules.TakingVerb, at: datetime) -> int:
    row = _held(scope, taking)
    _move(scope, row, verb, at, ended_at=at)
    different = [each.value for each in rules.DIFFERENT]
    found = Count.objects.within(scope).filter(taking=row, seen__in=different).count()
    tell(events.StockTakingEnded(taking=taking, community=CommunityId(row.community), differences=found, at=at))
    return found


def _held(scope: Scope, taking: UUID) -> Taking:
    row = Taking.objects.within(scope).select_for_update().filter(pk=taking).first()
    if row is None:
        raise NotFound("stock-taking")
    return row


def _move(scope: Scope, row: Taking, verb: rules.TakingVerb, at: datetime, *, why: str = "", **changes: Any) -> None:
    life, states = rules.TAKING_LIFE, rules.TakingState
    moves.take(TakingMove, row, verb, life=life, states=states, scope=scope, at=at, why=why, **changes)
