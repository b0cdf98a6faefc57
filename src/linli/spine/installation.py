"""What this database is: a demo, or the real thing."""

from __future__ import annotations

from typing import Literal

from linli.spine import sql

Kind = Literal["demo", "production"]


def kind() -> Kind | None:
    """This will read the mark; None for a database that nobody has marked yet."""
    row = sql.fetch_one("SELECT kind FROM spine_installation")
    return row[0] if row else None


def mark(as_kind: Kind) -> None:
    """This will mark a fresh database; a database that is marked otherwise already is a RuntimeError."""
    sql.run("INSERT INTO spine_installation (id, kind) VALUES (1, %s) ON CONFLICT (id) DO NOTHING", as_kind)
    if (found := kind()) != as_kind:
        raise RuntimeError(f"this database is marked {found}, not {as_kind}")
