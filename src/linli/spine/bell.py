"""The bell: wakes whoever carries facts and sleeps because none was told for a while.

Who lies down says so in the database, looks once more, and then listens; whoever tells a fact meanwhile rings. A fact
that was being told at that very moment may find nobody down yet and not ring: it is found by the next look, `LOOK_S`
later at most, as are facts whose time to be tried again has come.
"""

from __future__ import annotations

from linli.spine import sql

LOOK_S = 2.0
"""So long somebody sleeps on who is not rung for."""
_ASLEEP_S = 3 * LOOK_S
"""So long it stays in force: nobody rings for somebody who died in their sleep."""


def lie_down() -> None:
    """This will have others ring for us from now on; look once more before you sleep."""
    sql.run("LISTEN linli_outbox")
    sql.run(
        "INSERT INTO spine_bell (id, asleep_until) VALUES (1, now() + make_interval(secs => %s))"
        " ON CONFLICT (id) DO UPDATE SET asleep_until = EXCLUDED.asleep_until",
        _ASLEEP_S,
    )


def rang(*, within_s: float) -> bool:
    """This will sleep until somebody rings, or so long, and tell whether somebody did."""
    return sql.heard(within_s=within_s)


def get_up() -> None:
    """This will have nobody ring any more: we look by ourselves."""
    sql.run("UNLISTEN linli_outbox")
    sql.run("UPDATE spine_bell SET asleep_until = now() WHERE asleep_until > now()")
