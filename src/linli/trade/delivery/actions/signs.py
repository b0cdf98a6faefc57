"""Signs of life: every word from a courier's phone is one; where it is, is only the latest, and soon erased."""

from __future__ import annotations

from datetime import datetime, timedelta

from linli.kernel.refusals import Invalid
from linli.kernel.words import _
from linli.spine import sql
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.scope import Scope

MOST_M = 100_000
_SIGN = """
    UPDATE delivery_courier SET seen_at = greatest(seen_at, %s) WHERE person = %s
        AND (seen_at IS NULL OR seen_at < %s)
"""
_OFTEN_ENOUGH = timedelta(seconds=10)
_POSITION = """
    INSERT INTO delivery_position AS p (id, courier, lat, lon, accuracy_m, told_at, seen_at)
    SELECT gen_random_uuid(), c.person, %s, %s, %s, %s, %s FROM delivery_courier c
    WHERE c.person = %s AND c.left_at IS NULL
        AND EXISTS (SELECT FROM delivery_shift s WHERE s.courier = c.person AND s.state = 'on')
    ON CONFLICT (courier) DO UPDATE SET lat = excluded.lat, lon = excluded.lon, accuracy_m = excluded.accuracy_m,
        told_at = excluded.told_at, seen_at = excluded.seen_at
    WHERE p.told_at < excluded.told_at
"""
_ERASE = "DELETE FROM delivery_position WHERE seen_at < %s"


def note_sign(scope: Scope, *, at: datetime) -> None:
    """This will note that a courier is there."""
    sql.run(_SIGN, at, scope.person, at - _OFTEN_ENOUGH)


@action(needs=May.CARRY_GOODS, private=("lat", "lon"))
def tell_position(scope: Scope, *, lat: float, lon: float, accuracy_m: int, said_at: datetime, at: datetime) -> bool:
    """This will keep where a courier on shift is; only the latest, by the phone's own clock. False: off shift."""
    if not (-90 <= lat <= 90 and -180 <= lon <= 180 and 0 <= accuracy_m <= MOST_M):
        raise Invalid("lat", _("This is no place on earth."))
    note_sign(scope, at=at)
    told_at = min(said_at, at)
    return bool(sql.run(_POSITION, lat, lon, accuracy_m, told_at, at, scope.person))


@action(needs=May.RUN_CLOCKS)
def erase_positions(_scope: Scope, *, before: datetime, at: datetime) -> int:
    """This will erase positions that are older than the policy keeps them."""
    return sql.run(_ERASE, before)
