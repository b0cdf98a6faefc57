"""Advisory locks: sorted, once, with a limit."""

from __future__ import annotations

import pytest
from django.db import transaction

from linli.kernel.refusals import Busy
from linli.spine import locks
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.scope import SYSTEM, Scope


@action(needs=May.RUN_CLOCKS)
def hold(scope: Scope, *, keys: tuple[str, ...], again: bool = False) -> None:
    locks.hold(*keys)
    if again:
        locks.hold("more")


@pytest.mark.django_db
def test_a_transaction_locks_once():
    hold(SYSTEM, keys=("a", "b"))
    with pytest.raises(locks.LockedTwice):
        hold(SYSTEM, keys=("a",), again=True)


@pytest.mark.django_db
def test_a_call_without_keys_or_with_too_many_is_a_defect():
    with pytest.raises(ValueError, match="between"), transaction.atomic():
        hold(SYSTEM, keys=())
    with pytest.raises(ValueError, match="between"):
        hold(SYSTEM, keys=tuple(str(n) for n in range(65)))


def test_what_somebody_else_holds_is_refused_as_busy_after_the_limit(own_database, monkeypatch):
    monkeypatch.setattr(locks, "WAIT_S", 0.2)
    with own_database.connect() as other:
        other.execute("SELECT spine_hold(ARRAY['pear'], 1000)")
        with pytest.raises(Busy):
            hold(SYSTEM, keys=("pear",))
        hold(SYSTEM, keys=("apple",))
    hold(SYSTEM, keys=("pear",))
