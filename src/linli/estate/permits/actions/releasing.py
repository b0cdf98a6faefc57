"""Goods at the gate: listed by the resident, checked by the guard by their code, once."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta
from typing import Any

from linli.estate.permits import rules
from linli.estate.permits.actions.asking import filled, short, terms
from linli.estate.permits.models import Release, ReleaseMove
from linli.ground.places import queries as places
from linli.kernel import ids
from linli.kernel.ids import CommunityId, HomeId, PermitId
from linli.kernel.refusals import Invalid, NotFound, Refusal
from linli.kernel.words import _
from linli.spine import moves
from linli.spine.action import action
from linli.spine.labels import next_label
from linli.spine.may import May
from linli.spine.scope import SYSTEM, Scope

MOST_OPEN = 10
TRIES = 20


class SlipOver(Refusal):
    """A slip opens the gate once, and not after its time."""

    says = _("This slip is over: it was {state}.")


@action(needs=May.ASK_FOR_PERMITS, private=("goods", "carrier"), shown_once=True)
def ask_release(scope: Scope, *, home: HomeId, goods: str, carrier: str = "", at: datetime) -> PermitId:
    """This will give a slip with a code for goods that leave a home of the asker's."""
    if home not in scope.homes:
        raise NotFound("home", field="home")
    card = places.home(home)
    held = terms(scope, card.community, at)
    if (
        Release.objects.within(scope).filter(asker=scope.person, state=rules.ReleaseState.ISSUED.value).count()
        >= MOST_OPEN
    ):
        raise Invalid("goods", _("At most {most} slips are open at a time."), most=MOST_OPEN)
    row = Release.objects.create(
        id=ids.new(),
        label=next_label("GR", place=card.community, day=places.day_in(card.community, at)),
        community=card.community,
        home=home,
        asker=scope.person,
        state=rules.RELEASE_LIFE.birth.value,
        asked_at=at,
        due_at=at + timedelta(hours=held.release_hours),
        goods=filled("goods", goods, 1000),
        carrier=short("carrier", carrier, 80),
        code=_free_code(SYSTEM, community=card.community, at=at),
    )
    moves.born(ReleaseMove, row, "ask", scope=scope, at=at)
    return PermitId(row.pk)


@action(needs=May.ASK_FOR_PERMITS)
def revoke_release(scope: Scope, *, release: PermitId, at: datetime) -> None:
    """This will take a slip back."""
    _move(_held(scope, release), rules.ReleaseVerb.REVOKE, scope, at)


@action(needs=May.CHECK_GOODS_RELEASE)
def let_out(scope: Scope, *, release: PermitId, at: datetime) -> None:
    """This will let the goods out and end the slip; a second time it is refused."""
    row = _held(scope, release)
    if row.state != rules.ReleaseState.ISSUED or row.due_at is None or at >= row.due_at:
        over = row.state if row.state != rules.ReleaseState.ISSUED else rules.ReleaseState.EXPIRED
        raise SlipOver(state=rules.ReleaseState(over))
    _move(row, rules.ReleaseVerb.USE, scope, at, let_out_by=scope.person)


@action(needs=May.RUN_CLOCKS)
def expire_release(scope: Scope, *, release: PermitId, at: datetime) -> None:
    """This will end a slip whose time is over."""
    row = _held(scope, release)
    if row.state == rules.ReleaseState.ISSUED and row.due_at is not None and row.due_at <= at:
        _move(row, rules.ReleaseVerb.EXPIRE, scope, at)


@action(needs=May.RUN_CLOCKS, shown_once=True)
def _free_code(scope: Scope, *, community: CommunityId, at: datetime) -> str:
    """This will draw six digits that no open slip of the community has; the constraint holds it against chance."""
    taken = set(
        Release.objects.within(scope)
        .filter(community=community, state=rules.ReleaseState.ISSUED.value)
        .values_list("code", flat=True)
    )
    for _nth in range(TRIES):
        code = f"{secrets.randbelow(1_000_000):06d}"
        if code not in taken:
            return code
    raise Invalid("goods", _("Too many slips are open here. Please try again later."))


def _held(scope: Scope, release: PermitId) -> Release:
    row = Release.objects.within(scope).select_for_update().filter(pk=release).first()
    if row is None:
        raise NotFound("release")
    return row


def _move(row: Release, verb: rules.ReleaseVerb, scope: Scope, at: datetime, **changes: Any) -> None:
    life, states = rules.RELEASE_LIFE, rules.ReleaseState
    moves.take(ReleaseMove, row, verb, life=life, states=states, scope=scope, at=at, **changes)
