"""Walls: row-level security as the second wall, told in migrations beside the table it protects.

The first wall is `.within(scope)`; this one holds when somebody forgets it. A policy reads the transaction's settings,
which actions and queries set with SET LOCAL; unset means nothing is seen. The settings are `linli.role`,
`linli.person`, `linli.communities`, `linli.shop` and `linli.company`; the SQL functions of the spine's first migration
(`linli_inside()`, `linli_person()`, `linli_communities()`, `linli_shop()`, `linli_company()`) read them.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from django.db.migrations import RunSQL

from linli.spine import sql
from linli.spine.scope import Scope

SETTINGS: Final = (
    "set_config('linli.role', %s, true), set_config('linli.person', %s, true), "
    "set_config('linli.communities', %s, true), set_config('linli.shop', %s, true), "
    "set_config('linli.company', %s, true)"
)
RAISED: Final = f"SELECT {SETTINGS}"


_ASKED_ONCE, _BY_ROW = re.compile(r"\(SELECT (linli_\w+\(\))\)"), r"\1"


def settings_of(scope: Scope) -> tuple[str, str, str, str, str]:
    """This will put a scope into the five settings that the policies read."""
    communities = "{" + ",".join(str(c) for c in scope.communities) + "}" if scope.communities else ""
    return (
        scope.role.value,
        str(scope.person or ""),
        communities,
        str(scope.shop or ""),
        str(scope.company or ""),
    )


def raise_for(scope: Scope) -> None:
    """This will set the walls for the rest of the transaction (SET LOCAL), in the trip of what is asked next."""
    sql.ahead(RAISED, *settings_of(scope))


def walled(table: str, sees: str, may_write: str | None = None) -> RunSQL:
    """This will protect a table: rows are seen where `sees` holds (or from inside) and written where `may_write` does.

    Both are SQL conditions over the row; call the settings functions as `(SELECT linli_person())` so that the planner
    evaluates them once. Without `may_write`, what may be seen may be written. What is written are few rows: there the
    functions are called for each, which costs less than a plan of its own for each in every statement.
    """
    check = f"linli_inside() OR ({_ASKED_ONCE.sub(_BY_ROW, may_write or sees)})"
    using = f"(SELECT linli_inside()) OR ({sees})"
    return RunSQL(
        f"""
        ALTER TABLE {table} ENABLE ROW LEVEL SECURITY;
        ALTER TABLE {table} FORCE ROW LEVEL SECURITY;
        CREATE POLICY {table}_wall ON {table} USING ({using}) WITH CHECK ({check});
        """,
        f"DROP POLICY {table}_wall ON {table}; ALTER TABLE {table} DISABLE ROW LEVEL SECURITY;",
    )


def insert_only(table: str, *, words: Sequence[str] = ()) -> RunSQL:
    """This will make the database itself refuse UPDATE, DELETE and TRUNCATE on a table, whoever asks.

    `words` are the columns that hold what people typed: a function of the owner's may empty them, and change nothing
    else, when a person is erased.
    """
    refused = "DELETE OR TRUNCATE" if words else "UPDATE OR DELETE OR TRUNCATE"
    erasure = f"""
        CREATE TRIGGER {table}_erased_only BEFORE UPDATE ON {table}
        FOR EACH ROW EXECUTE FUNCTION spine_refuse_change_but_erasing({", ".join(f"'{word}'" for word in words)});
    """
    return RunSQL(
        f"""
        CREATE TRIGGER {table}_insert_only BEFORE {refused} ON {table}
        FOR EACH STATEMENT EXECUTE FUNCTION spine_refuse_change();
        {erasure if words else ""}
        """,
        f"DROP TRIGGER {table}_insert_only ON {table}; DROP TRIGGER IF EXISTS {table}_erased_only ON {table};",
    )


def functions(file: str, names: Sequence[str] = ()) -> RunSQL:
    """This will load a module's versioned SQL functions: `functions(__file__ of the migration + name)`.

    `file` is the path of a `.sql` file in the module's `sql/` folder; files are never edited once released: a new
    version is a new file and a new migration. `names` are dropped on the way back.
    """
    down = "".join(f"DROP FUNCTION IF EXISTS {name};" for name in names)
    return RunSQL(Path(file).read_text(encoding="utf-8"), down or RunSQL.noop)
