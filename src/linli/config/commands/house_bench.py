"""A bench of the house: a durable database of its own, the server and the worker as they run for everybody."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

import click
from psycopg import connect, sql

from linli.config.database import own_cluster, serving
from linli.config.home import home
from linli.config.postgres.cluster import SUPERUSER
from linli.config.postgres.lock import LockTimeout, one_process
from linli.config.postgres.roles import DATABASE, prepare
from linli.config.secret import kept_secret

if TYPE_CHECKING:
    from linli.works.bench.house import House
    from linli.works.bench.report import Report

_SIZES: dict[str, Callable[[int, int], Mapping[str, float]]] = {
    "bills": lambda homes, _lines: {"homes": homes},
    "late-fees": lambda _homes, lines: {"lines": lines},
    "next-baskets": lambda homes, _lines: {"homes": homes},
    "replenish-night": lambda homes, _lines: {"homes": homes},
}
"""Benches that work through so much, and not for so long."""
SOURCE = "embedded"
MIGRATION_LIMIT_S = 300
_NO_LIMIT = str(10**9)
_OTHERS = ("DATABASE_URL", *(f"LINLI_{role}_DATABASE_URL" for role in ("WEB", "WORKER", "OWNER", "READ")))


def measure(name: str, seconds: float, clients: int, homes: int, lines: int, as_json: bool) -> None:
    """This will run one bench on a house made for it, tell what it found, and leave with status 1 if it is unsound."""
    if not Path("/proc/self/smaps_rollup").exists():
        raise click.ClickException(
            "A bench reads what processes have used from /proc, which this system does not have."
        )
    folder = home() / "bench"
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with one_process(folder / "bench.lock", timeout_s=1), ExitStack() as stack:
            _make_ready(folder, stack, tell=not as_json)
            sizes = _SIZES[name](homes, lines) if name in _SIZES else {"seconds": seconds, "clients": clients}
            report = _run(name, _house(folder, clients), sizes)
    except LockTimeout:
        raise click.ClickException("Another bench is running with the same data folder.") from None
    click.echo(report.as_json() if as_json else _in_words(report))
    sys.exit(0 if report.is_sound else 1)


def _make_ready(folder: Path, stack: ExitStack, *, tell: bool) -> None:
    for name in _OTHERS:  # a bench works on a server of its own, whatever else is configured
        os.environ.pop(name, None)
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)  # an installed house is compiled once, not at every start
    provider = {SOURCE: {"url": "http://127.0.0.1:9", "keys": str(folder / "keys")}}  # nobody is asked there
    os.environ |= {
        "LINLI_HOME": str(folder),
        "LINLI_DEMO": "1",
        "LINLI_SECRET_KEY": kept_secret(folder / "secret"),
        "LINLI_MESSAGE_GATEWAY": "linli.reach.notify.gateways.EmbeddedInbox",
        "LINLI_PAYMENT_PROVIDERS": json.dumps(provider),
        "LINLI_API_READS_PER_S": _NO_LIMIT,
        "LINLI_API_WRITES_PER_S": _NO_LIMIT,
        "DJANGO_SETTINGS_MODULE": "linli.config.settings",
        "LINLI_PROCESS": "worker",
    }
    if tell:
        click.echo("Making a fresh, durable database ...")
    stack.enter_context(serving())
    cluster = own_cluster()
    with connect(cluster.url("postgres", SUPERUSER), autocommit=True) as link:
        link.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(DATABASE)))
    prepare(cluster)
    command = [sys.executable, "-m", "linli", "migrate", "--quiet"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=MIGRATION_LIMIT_S, check=False)
    if done.returncode != 0:
        raise click.ClickException(f"The tables could not be made:\n{done.stderr[-3000:]}")


def _house(folder: Path, clients: int) -> House:
    import django

    django.setup()
    from linli.config.bench_provider import ProvidersWord
    from linli.spine import installation
    from linli.works.bench import soundness, town
    from linli.works.bench.house import House
    from linli.works.ports import WEB_PORTS, free_port

    installation.mark("demo")
    cluster = own_cluster()
    settled = town.settle(buyers=clients, at=datetime.now(UTC))
    soundness.gather_statistics(cluster.url(DATABASE, SUPERUSER))
    postmaster = cluster.postmaster
    if postmaster is None:
        raise click.ClickException("The bench's database has gone.")
    return House(
        folder=folder,
        database_url=cluster.url(DATABASE, "linli_web"),
        superuser_url=cluster.url(DATABASE, SUPERUSER),
        postmaster=postmaster,
        environment=dict(os.environ),
        web_module="linli.config.demo_web",
        port=free_port(WEB_PORTS),
        town=settled,
        paid=ProvidersWord(folder / "keys"),
        source=SOURCE,
    )


def _run(name: str, house: House, sizes: Mapping[str, float]) -> Report:
    from django.db import connection

    try:
        report: Report = import_module(f"linli.works.bench.{name.replace('-', '_')}").bench(house, **sizes)
        return report
    finally:
        connection.close()


def _in_words(report: Report) -> str:
    lines = [report.name, *(f"  {name:<34} {value}" for name, value in report.figures.items())]
    lines += [f"  {'ratio':<34} {report.ratio}", f"  {'at least / at most':<34} {dict(report.limit)}"]
    lines += [f"  {'✓' if ok else '✗'} {name.replace('_', ' ')}" for name, ok in report.checks.items()]
    return "\n".join([*lines, *([report.note] if report.note else [])])
