"""What the clock does with passes and arrivals, and what is forgotten."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db.models import Q

from linli.estate.visits import models, rules
from linli.kernel.ids import PartyId
from linli.spine import moves
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.scope import Scope

PORTION = 500


@action(needs=May.RUN_CLOCKS)
def expire_passes(scope: Scope, *, at: datetime) -> int:
    """This will end the passes whose time is over: two statements for a whole portion."""
    due = models.Pass.objects.inside().select_for_update(skip_locked=True).filter(state="open", ends_at__lte=at)
    return _move_passes(scope, list(due.order_by("ends_at")[:PORTION]), rules.PassVerb.EXPIRE, at)


@action(needs=May.RUN_CLOCKS)
def lapse_arrivals(scope: Scope, *, at: datetime) -> int:
    """This will close the arrivals that nobody answered, and those that were allowed and did not come in."""
    waiting = [state.value for state in rules.ARRIVAL_LIFE.before(rules.ArrivalVerb.LAPSE)]
    due = models.Arrival.objects.inside().select_for_update(skip_locked=True).filter(state__in=waiting, due_at__lte=at)
    rows, of, life = list(due.order_by("due_at")[:PORTION]), models.ArrivalMove, rules.ARRIVAL_LIFE
    verb, states = rules.ArrivalVerb.LAPSE, rules.ArrivalState
    return moves.take_many(of, rows, verb, life=life, states=states, scope=scope, at=at)


def _move_passes(scope: Scope, rows: Sequence[models.Pass], verb: rules.PassVerb, at: datetime) -> int:
    of, life, states = models.PassMove, rules.PASS_LIFE, rules.PassState
    return moves.take_many(of, rows, verb, life=life, states=states, scope=scope, at=at)


@action(needs=May.RUN_CLOCKS)
def forget_guests(_scope: Scope, *, at: datetime) -> int:
    """This will forget who the guests were whose time is up: names, phones and plates."""
    return _forget(models.Pass, Q(forget_at__lte=at)) + _forget(models.Arrival, Q(forget_at__lte=at))


@action(needs=May.RUN_CLOCKS)
def forget_person(scope: Scope, *, person: PartyId, at: datetime) -> None:
    """This will forget the guests of an erased person, and end the passes that they gave."""
    given = models.Pass.objects.inside().select_for_update().filter(inviter=person, state="open").order_by("id")
    _move_passes(scope, list(given), rules.PassVerb.REVOKE, at)
    while _forget(models.Pass, Q(inviter=person, forget_at__isnull=False)):
        pass
    while _forget(models.Arrival, Q(people__contains=[person], forget_at__isnull=False)):
        pass


def _forget(of: type[models.Pass] | type[models.Arrival], which: Q) -> int:
    """Empties a portion of what says who somebody was; the rest of the row stays, nameless."""
    some = list(of.objects.inside().filter(which).order_by("forget_at").values_list("id", flat=True)[:PORTION])
    forgotten = {"guest_name": "", "guest_phone": "", "plate": "", "forget_at": None}
    return of.objects.inside().filter(id__in=some).update(**forgotten)
