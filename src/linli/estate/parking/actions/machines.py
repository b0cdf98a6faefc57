"""What machines see: each event counts once by its own id, may come late, twice, or in the wrong order."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

import msgspec

from linli.estate.parking import rules
from linli.estate.parking.actions.grounds import lot_of
from linli.estate.parking.actions.stays import begin_stay, end_stay, held_session, open_session, strike_out
from linli.estate.parking.models import Lot, MachineEvent, Session
from linli.estate.parking.queries import barrier
from linli.kernel import ids
from linli.kernel.ids import CommunityId, LotId, ParkingSessionId
from linli.kernel.money import Money
from linli.kernel.refusals import Invalid
from linli.kernel.words import _
from linli.spine import decoding, locks
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.scope import Scope

SAME_PASSAGE = timedelta(minutes=2)
"""A camera sees a waiting car again and again."""
MOST_AHEAD = timedelta(minutes=10)
OLDEST = timedelta(days=30)


class EventKind(StrEnum):
    ENTRY = "entry"
    EXIT = "exit"


class Word(StrEnum):
    """What the barrier is told, in a word."""

    OPEN = "open"
    PAY = "pay"
    REFUSED = "refused"
    UNKNOWN = "unknown"
    STALE = "stale"
    """Something newer is known of this plate: nothing was changed."""


@dataclass(frozen=True, slots=True)
class BarrierAnswer:
    """What the machine shall do: open or not, and what it may show."""

    word: Word
    opens: bool
    plate: str
    session: ParkingSessionId | None = None
    due: Money = Money.zero
    why: str = ""
    is_repeated: bool = False


@action(needs=May.RUN_BARRIER, private=("plate",))
def record_machine_event(
    scope: Scope, *, lot: LotId, event: str, kind: EventKind, plate: str, seen_at: datetime, at: datetime
) -> BarrierAnswer:
    """This will take what a machine saw, once for its id: told again it answers the same, and nothing happens twice."""
    row, read = lot_of(scope, lot), rules.plate(plate)
    if not 0 < len(event) <= 64:
        raise Invalid("event", _("An event has an id of at most 64 characters."))
    if not at - OLDEST <= seen_at <= at + MOST_AHEAD:
        raise Invalid("seen_at", _("This was seen too long ago, or in the future: check the machine's clock."))
    locks.hold(f"parking_lot:{lot}")
    known = MachineEvent.objects.within(scope).filter(lot=row, event=event).first()
    if known is not None:
        return _answered(known.answer)
    noted = MachineEvent.objects.create(
        id=ids.new(), community=row.community, lot=row, event=event, kind=kind.value, plate=read.text,
        seen_at=seen_at, received_at=at,
    )  # fmt: skip
    answer = (_entered if kind is EventKind.ENTRY else _left)(scope, row, read, seen_at)
    noted.session, noted.answer = answer.session, msgspec.to_builtins(answer)
    noted.save(update_fields=["session", "answer"])
    return answer


def _answered(kept: Any) -> BarrierAnswer:
    return decoding.convert(kept | {"is_repeated": True}, BarrierAnswer)


def _entered(scope: Scope, lot: Lot, read: rules.Plate, seen_at: datetime) -> BarrierAnswer:
    community = CommunityId(lot.community)
    before = open_session(scope, community=community, plate=read.text)
    if before is not None:
        if seen_at <= before.entered_at + SAME_PASSAGE:
            return BarrierAnswer(Word.OPEN, True, read.shown, ParkingSessionId(before.pk), why="inside")
        strike_out(scope, before, rules.SessionVerb.VOID, "seen driving in again", seen_at)
    elif _knows_later(scope, community, read.text, seen_at):
        return BarrierAnswer(Word.STALE, False, read.shown)
    known = barrier.at_barrier(scope, lot=LotId(lot.pk), plate=read.text, at=seen_at)
    if known.admission.kind is None:
        return BarrierAnswer(Word.REFUSED, False, read.shown, due=known.owes, why=known.admission.why[0].value)
    begun = begin_stay(scope, lot, known, known.admission.kind, "", seen_at)
    _end_by_earlier_word(scope, lot, begun.session, read.text, seen_at)
    return BarrierAnswer(Word.OPEN, True, read.shown, begun.session, why=known.admission.why[0].value)


def _knows_later(scope: Scope, community: CommunityId, plate: str, seen_at: datetime) -> bool:
    rows = Session.objects.within(scope).filter(community=community, plate=plate)
    return rows.filter(left_at__gt=seen_at).exists()


def _end_by_earlier_word(scope: Scope, lot: Lot, session: ParkingSessionId, plate: str, seen_at: datetime) -> None:
    """The exit of this stay was told before its entry: the stay is over, and what it cost is remembered."""
    exits = MachineEvent.objects.within(scope).filter(lot=lot, plate=plate, kind=EventKind.EXIT.value, session=None)
    told = exits.filter(seen_at__gt=seen_at).order_by("seen_at").first()
    if told is None:
        return
    row = held_session(scope, session)
    fee = barrier.fee_of(row, told.seen_at)
    end_stay(scope, row, fee, rules.SessionVerb.FORCE, "told in the wrong order", told.seen_at)
    told.session = session
    told.save(update_fields=["session"])


def _left(scope: Scope, lot: Lot, read: rules.Plate, seen_at: datetime) -> BarrierAnswer:
    row = open_session(scope, community=CommunityId(lot.community), plate=read.text)
    if row is None:
        left = Session.objects.within(scope).filter(community=lot.community, plate=read.text)
        last = left.filter(left_at__gte=seen_at - SAME_PASSAGE, entered_at__lte=seen_at).order_by("-left_at").first()
        if last is not None:
            return BarrierAnswer(Word.OPEN, True, read.shown, ParkingSessionId(last.pk), why="left")
        return BarrierAnswer(Word.UNKNOWN, False, read.shown)
    if seen_at < row.entered_at:
        return BarrierAnswer(Word.STALE, False, read.shown, ParkingSessionId(row.pk))
    fee = barrier.fee_of(row, seen_at)
    if fee.due:
        return BarrierAnswer(Word.PAY, False, read.shown, ParkingSessionId(row.pk), fee.due)
    end_stay(scope, row, fee, rules.SessionVerb.LEAVE, "", seen_at)
    return BarrierAnswer(Word.OPEN, True, read.shown, ParkingSessionId(row.pk))
