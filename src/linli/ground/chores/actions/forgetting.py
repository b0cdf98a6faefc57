"""What ends without its work: chores that nobody takes up, those of people who may not any more, and old ones."""

from __future__ import annotations

from datetime import datetime

from linli.ground.chores import rules
from linli.ground.chores.actions.asking import end
from linli.ground.chores.models import Chore
from linli.ground.chores.rules import ChorePolicy, ChoreState, ChoreVerb, Trouble
from linli.ground.files import actions as files
from linli.ground.policies import queries as policies
from linli.kernel.ids import FileId, PartyId
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.scope import Scope


@action(needs=May.RUN_CLOCKS)
def give_up_untaken(scope: Scope, *, most: int, at: datetime) -> int:
    """This will give up what waited so long that whoever asked has found another way."""
    hours = policies.policy(scope, ChorePolicy, at=at).wait_h
    waiting = Chore.objects.inside().filter(
        state=ChoreState.WAITING.value, failures=0, due_at__lt=at - rules.days(hours / 24)
    )
    rows = list(waiting.select_for_update(skip_locked=True).order_by("id")[:most])
    for row in rows:
        end(row, ChoreVerb.GIVE_UP, scope=scope, at=at, trouble=Trouble.NOT_TAKEN_UP.value)
    return len(rows)


@action(needs=May.RUN_CLOCKS)
def forget_chores(scope: Scope, *, most: int, at: datetime) -> int:
    """This will forget chores that ended long ago, with what they were given and what they made."""
    rows = list(Chore.objects.inside().filter(forget_at__lte=at).order_by("forget_at")[:most])
    files.discard_files(
        scope, files=[FileId(file) for row in rows for file in (row.given, row.made) if file is not None], at=at
    )
    Chore.objects.inside().filter(pk__in=[row.pk for row in rows]).delete()
    return len(rows)


@action(needs=May.RUN_CLOCKS)
def stop_chores_of(scope: Scope, *, person: PartyId, at: datetime) -> None:
    """This will stop what a person asked for who may not any more: it is not done with rights that are gone."""
    theirs = Chore.objects.inside().filter(person=person, state__in=rules.UNDER_WAY)
    for row in theirs.select_for_update().order_by("id")[: rules.MOST_OF_ONE]:
        if row.state == ChoreState.WAITING.value:
            end(row, ChoreVerb.STOP, scope=scope, at=at)
        else:
            row.stop_asked_at = at
            row.save(update_fields=["stop_asked_at"])


@action(needs=May.RUN_CLOCKS)
def forget_person(scope: Scope, *, person: PartyId, at: datetime) -> None:
    """This will forget who asked for what, and what an erased person had been given by it."""
    stop_chores_of(scope, person=person, at=at)
    theirs = Chore.objects.inside().filter(person=person)
    theirs.exclude(state__in=rules.UNDER_WAY).update(
        person=None, asker={}, said={}, label="", answer=None, forget_at=at
    )
