"""Handing parcels out, giving them back, and what cannot be found: one, or many together."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from linli.estate.parcels import events, models, rules
from linli.estate.parcels.actions.held import id_of, leave, locked, locked_many, policies_of, say
from linli.estate.parcels.rules import ParcelState, ParcelVerb
from linli.ground.policies.queries import policy
from linli.kernel.ids import CommunityId, ParcelId
from linli.kernel.refusals import Invalid, Refusal
from linli.kernel.together import Together, missing, sorted_out
from linli.kernel.words import _
from linli.reach.handover import actions as handover
from linli.reach.handover.rules import Redeemed
from linli.spine import moves
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.outbox import tell
from linli.spine.scope import Scope


class SeveralHomes(Refusal):
    """One person fetches for one home; for several, each is handed out by itself."""

    says = _("These are for several homes. Please choose those of one home.")
    status = 422


class StillInLocker(Refusal):
    """What leaves by hand is in somebody's hand first."""

    says = _("It still lies in its locker. Please take it out first.")


@action(needs=May.RUN_PARCELS, private=("code",))
def hand_out(scope: Scope, *, parcel: ParcelId, code: str, at: datetime) -> Redeemed:
    """This will hand a parcel to whoever tells its code. A wrong one is an answer, so that the try is counted."""
    row = _in_hand(scope, parcel)
    rules.PARCEL_LIFE.after(ParcelState(row.state), ParcelVerb.FETCH)
    answer = handover.handover_redeem(scope, for_=parcel, code=code, at=at)
    if answer is Redeemed.OK:
        leave(scope, row, ParcelVerb.FETCH, at, by_code=True)
    return answer


@action(needs=May.RUN_PARCELS, private=("taker",))
def hand_out_seen(scope: Scope, *, parcel: ParcelId, taker: str, at: datetime) -> None:
    """This will hand a parcel to somebody who showed who they are; the name is kept for a while."""
    row = _in_hand(scope, parcel)
    rule = policy(scope, rules.ParcelPolicy, at=at, community=CommunityId(row.community))
    name = taker.strip()[: rules.LONGEST_NAME]
    if not name:
        raise Invalid("taker", _("Please write who takes it."))
    row.taker, row.forget_at = name, at + timedelta(days=rule.retention_days)
    row.save(update_fields=["taker", "forget_at"])
    leave(scope, row, ParcelVerb.FETCH, at, by_code=False)


@action(needs=May.RUN_PARCELS)
def give_back(scope: Scope, *, parcel: ParcelId, at: datetime) -> None:
    """This will note that the carrier took a parcel back."""
    leave(scope, _in_hand(scope, parcel), ParcelVerb.GIVE_BACK, at)


@action(needs=May.RUN_PARCELS)
def report_lost(scope: Scope, *, parcel: ParcelId, at: datetime) -> None:
    """This will note that a parcel cannot be found, and tell those it is for."""
    row = locked(scope, parcel)
    leave(scope, row, ParcelVerb.LOSE, at)
    say([row], "parcel_lost", at)


@action(needs=May.RUN_PARCELS, private=("taker",))
def hand_out_seen_many(scope: Scope, *, parcels: Sequence[ParcelId], taker: str, at: datetime) -> Together:
    """This will hand parcels of one home to somebody who showed who they are; a handful of statements for all."""
    name = taker.strip()[: rules.LONGEST_NAME]
    if not name:
        raise Invalid("taker", _("Please write who takes it."))
    rows = locked_many(scope, parcels)
    if len({row.home for row in rows}) > 1:
        raise SeveralHomes(field="chosen")
    known = policies_of(scope, rows, at)
    for row in rows:
        row.taker, row.forget_at = name, at + timedelta(days=known[row.community].retention_days)
    return _leave_many(scope, rows, ParcelVerb.FETCH, parcels, at, by_code=False, changed=("taker", "forget_at"))


@action(needs=May.RUN_PARCELS)
def give_back_many(scope: Scope, *, parcels: Sequence[ParcelId], at: datetime) -> Together:
    """This will note that the carrier took many parcels back, as far as they still wait."""
    return _leave_many(scope, locked_many(scope, parcels), ParcelVerb.GIVE_BACK, parcels, at)


def _in_hand(scope: Scope, parcel: ParcelId) -> models.Parcel:
    """A compartment that is called free while something lies in it opens for the next one's courier."""
    row = locked(scope, parcel)
    if row.in_locker:
        raise StillInLocker
    return row


def _leave_many(
    scope: Scope,
    rows: Sequence[models.Parcel],
    verb: ParcelVerb,
    asked: Sequence[ParcelId],
    at: datetime,
    *,
    by_code: bool | None = None,
    changed: Sequence[str] = (),
) -> Together:
    def check(row: models.Parcel) -> models.Parcel:
        rules.PARCEL_LIFE.after(ParcelState(row.state), verb)
        if row.in_locker:
            raise StillInLocker
        return row

    leaving, refused = sorted_out(rows, id_of, check)
    for row in leaving:
        row.left_at, row.remind_at, row.by_code = at, None, by_code
    moves.take_many(
        models.ParcelMove, leaving, verb, life=rules.PARCEL_LIFE, states=ParcelState, scope=scope, at=at,
        changed=("left_at", "remind_at", "by_code", *changed),
    )  # fmt: skip
    if leaving:
        handover.handover_close(scope, fors=[row.id for row in leaving], at=at)
    for row in leaving:
        tell(events.ParcelLeft(parcel=ParcelId(row.id), community=CommunityId(row.community), state=row.state, at=at))
    lost = missing(asked, {row.id for row in rows}, "parcel")
    return Together(tuple(row.id for row in leaving), (*refused, *lost))
