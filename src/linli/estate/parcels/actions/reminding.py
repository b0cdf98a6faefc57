"""Reminding of what lies too long, and forgetting who took what."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from linli.estate.parcels import models, rules
from linli.estate.parcels.actions.held import id_of, locked_many, policies_of, say
from linli.estate.parcels.rules import ParcelState
from linli.kernel.ids import ParcelId, PartyId
from linli.kernel.life import WrongState
from linli.kernel.refusals import Refusal
from linli.kernel.together import Together, missing, sorted_out
from linli.kernel.words import _
from linli.spine import moves
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.scope import Scope

PORTION = 500


class RemindedLately(Refusal):
    """Whom it is for was reminded just now, by a colleague or by the house."""

    says = _("Whom it is for was reminded less than an hour ago.")


@action(needs=May.RUN_PARCELS)
def remind_many(scope: Scope, *, parcels: Sequence[ParcelId], at: datetime) -> Together:
    """This will remind of parcels now, as the house does by itself later: one message a person and shelf."""

    def check(row: models.Parcel) -> models.Parcel:
        if row.state != ParcelState.WAITING:
            raise WrongState(state=row.state, verb=rules.Deed.REMIND)
        if row.id in lately:
            raise RemindedLately
        return row

    rows = locked_many(scope, parcels)
    lately = _reminded_since(rows, at - timedelta(hours=rules.REST_H))
    waiting, refused = sorted_out(rows, id_of, check)
    _remind(scope, waiting, at)
    lost = missing(parcels, {row.id for row in rows}, "parcel")
    return Together(tuple(row.id for row in waiting), (*refused, *lost))


@action(needs=May.RUN_CLOCKS)
def remind_some(scope: Scope, *, at: datetime) -> int:
    """This will remind of parcels that lie too long, a portion at a time."""
    due = models.Parcel.objects.inside().select_for_update(skip_locked=True).filter(state="waiting", remind_at__lte=at)
    rows = list(due.order_by("remind_at")[:PORTION])
    _remind(scope, rows, at)
    return len(rows)


def _remind(scope: Scope, rows: Sequence[models.Parcel], at: datetime) -> None:
    known = policies_of(scope, rows, at)
    for row in rows:
        row.reminded += 1
        row.remind_at = rules.next_reminder(at, row.reminded, known[row.community])
    models.Parcel.objects.inside().bulk_update(rows, ["reminded", "remind_at"])
    moves.note_many(models.ParcelMove, rows, rules.Deed.REMIND.value, scope=scope, at=at)
    say(rows, "parcel_waiting", at)


def _reminded_since(rows: Sequence[models.Parcel], since: datetime) -> set[UUID]:
    reminders = models.ParcelMove.objects.inside().filter(of__in=[row.id for row in rows], moved_at__gt=since)
    return set(reminders.filter(verb=rules.Deed.REMIND.value).values_list("of", flat=True))


@action(needs=May.RUN_CLOCKS)
def forget_takers(_scope: Scope, *, at: datetime) -> int:
    """This will forget who took parcels long ago."""
    some = models.Parcel.objects.inside().filter(forget_at__lte=at).order_by("forget_at")
    found = list(some.values_list("id", flat=True)[:PORTION])
    return models.Parcel.objects.inside().filter(id__in=found).update(taker="", forget_at=None)


@action(needs=May.RUN_CLOCKS)
def forget_person(_scope: Scope, *, person: PartyId, at: datetime) -> None:
    """This will forget who took the parcels of an erased person's home."""
    models.Parcel.objects.inside().filter(people__contains=[person], forget_at__isnull=False).update(
        taker="", forget_at=None
    )
