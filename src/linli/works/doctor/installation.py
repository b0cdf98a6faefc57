"""What only the installation knows: the database's version and roles, migrations, gateways, clocks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from linli.kernel.words import _
from linli.spine import installation, jobs, sql
from linli.spine.findings import Finding, Told, told

LEAST_VERSION = 150_000
SKEW = timedelta(seconds=5)
SILENT = timedelta(minutes=15)


def check(at: datetime) -> tuple[Finding, ...]:
    """This will look at the installation as the application's own role sees it."""
    return (
        _version(),
        _role(),
        _migrated(),
        _kind(),
        _clock(),
        _worker(at),
    )


def _said(invariant: str, *wrong: Told | str) -> Finding:
    return Finding(invariant, not wrong, wrong)


def _version() -> Finding:
    number, words = sql.fetch("SELECT current_setting('server_version_num')::int, current_setting('server_version')")[0]
    wrong = () if number >= LEAST_VERSION else (told(_("it is {version}"), version=words),)
    return _said(_("PostgreSQL is 15 or later"), *wrong)


def _role() -> Finding:
    name, above, owns = sql.fetch(
        "SELECT current_user::text, bool_or(r.rolsuper OR r.rolbypassrls),"
        " (SELECT count(*) FROM pg_tables WHERE schemaname = current_schema() AND tableowner = current_user)"
        " FROM pg_roles r WHERE r.rolname = current_user"
    )[0]
    wrong = []
    if above:
        wrong.append(told(_("{role} is a superuser or bypasses row-level security"), role=name))
    if owns:
        wrong.append(told(_("{role} owns {number} tables: migrate as another role"), role=name, number=owns))
    return _said(_("The application's role is held by the second wall"), *wrong)


def _migrated() -> Finding:
    executor = MigrationExecutor(connection)
    todo = executor.migration_plan(executor.loader.graph.leaf_nodes())
    names = [f"{migration.app_label}.{migration.name}" for migration, _back in todo]
    return _said(_("The tables are up to date"), *names)


def _kind() -> Finding:
    kind = installation.kind()
    wrong = []
    if kind is None:
        wrong.append(_("it is marked neither as a demo nor as the real thing: start `linli demo` or `linli serve`"))
    if kind == "production" and settings.DEMO:
        wrong.append(_("demo settings are on in a database for real people"))
    return _said(_("The database says what it is for"), *wrong)


def _clock() -> Finding:
    theirs = sql.fetch("SELECT clock_timestamp()")[0][0]
    apart = abs(datetime.now(UTC) - theirs)
    wrong = () if apart <= SKEW else (told(_("they are {seconds} s apart"), seconds=round(apart.total_seconds())),)
    return _said(_("The clocks of the program and the database agree"), *wrong)


def _worker(at: datetime) -> Finding:
    """A timed task that is due every few seconds was taken up lately, if any worker has ever run."""
    seen = jobs.last_tick()
    if seen is None:
        return _said(_("A worker runs"), _("none has run on this database yet: start `linli worker`"))
    wrong = () if at - seen <= SILENT else (told(_("the last was seen {seen}"), seen=seen),)
    return _said(_("A worker runs"), *wrong)
