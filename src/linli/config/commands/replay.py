"""`linli replay`: a week of published household baskets, played through the whole house on a compressed clock."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

import click

from linli.config.database import count_rows
from linli.config.demo_database import NotADemo, insist_on_a_demo
from linli.config.home import home
from linli.config.postgres.lock import LockTimeout, one_process
from linli.config.replay_database import replay_database
from linli.config.secret import kept_secret

if TYPE_CHECKING:
    from linli.works.replay.summing import Summary
    from linli.works.replay.wish import Wish

MIGRATION_LIMIT_S = 300


@click.command()
@click.option("--households", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="CSV of household_id.")
@click.option("--start", type=click.DateTime(["%Y-%m-%d"]), help="First day, in 2017 (2017-03-06 if not given).")
@click.option("--week", type=click.IntRange(1, 52), help="Of 2017, instead of --start.")
@click.option("--days", type=click.IntRange(1, 31), default=7, show_default=True, help="How many days to play.")
@click.option("--times", type=click.IntRange(1, 50), default=1, show_default=True, help="Clones of each household.")
@click.option("--players", type=click.IntRange(1, 16), default=2, show_default=True, help="Processes that play.")
@click.option("--json", "as_json", is_flag=True, help="Write the summary as JSON, for programs.")
@click.option("--keep", is_flag=True, help="Keep the database and the folder of the replay.")
@click.option("--anew", is_flag=True, help="Throw an interrupted replay of the same baskets away first.")
def replay(
    households: Path | None,
    start: datetime | None,
    week: int | None,
    days: int,
    times: int,
    players: int,
    as_json: bool,
    keep: bool,
    anew: bool,
) -> None:
    """Play published household baskets through the product: placed, paid over HTTP, served, settled, reconciled.

    The baskets were simulated by their publisher from real patterns; they are nobody's purchases. An interrupted replay
    goes on where it was when the same command is given again. Exit status 1 when a check of the summary is not zero.
    """
    from linli.works.replay.panel import SAYING, NoPanel
    from linli.works.replay.wish import StageBroken

    click.echo(SAYING, err=True)
    try:
        wish = _wish(households, start, week, days, times, players)
        summary = _played(wish, keep=keep, anew=anew)
    except (NoPanel, StageBroken, NotADemo) as reason:
        raise click.ClickException(str(reason)) from None
    except LockTimeout:
        raise click.ClickException("This replay is being played already.") from None
    except KeyboardInterrupt:
        raise click.ClickException("Interrupted. The same command goes on from here.") from None
    _show(summary, as_json=as_json)


def _wish(
    households: Path | None, start: datetime | None, week: int | None, days: int, times: int, players: int
) -> Wish:
    from linli.works.replay.panel import FIRST_DAY, households_in, installed, some_households
    from linli.works.replay.players import apart
    from linli.works.replay.wish import Wish

    panel = installed()
    first = FIRST_DAY + timedelta(weeks=week - 1) if week else start.date() if start else date(2017, 3, 6)
    chosen = households_in(households) if households else apart(some_households, panel)
    return Wish(panel=panel, households=chosen, start=first, days=days, times=times, players=players)


def _played(wish: Wish, *, keep: bool, anew: bool) -> Summary:
    folder = home() / "replay" / wish.mark
    folder.mkdir(parents=True, exist_ok=True)
    with (
        one_process(folder.with_suffix(".lock"), timeout_s=1),
        replay_database(f"linli_replay_{wish.mark}") as database,
    ):
        if anew:
            database.drop()
            shutil.rmtree(folder)
            folder.mkdir()
        database.make()
        summary = _play(wish, folder)
        if not keep and database.cluster is not None:
            database.drop()
            shutil.rmtree(folder, ignore_errors=True)
    return summary


def _play(wish: Wish, folder: Path) -> Summary:
    from linli.works.leash import stop_all
    from linli.works.ports import ADDRESS, EAR_PORTS, any_free_port
    from linli.works.provider import SOURCE, embedded_provider

    ear_port = any_free_port(EAR_PORTS)
    provider = embedded_provider(
        folder / "provider",
        callback_url=f"http://{ADDRESS}:{ear_port}/callbacks/payments/{SOURCE}/",
        environment=os.environ,
        log=folder / "provider.log",
    )
    os.environ |= provider.variables | {
        "LINLI_HOME": str(folder),
        "LINLI_SECRET_KEY": kept_secret(folder / "secret"),
        "LINLI_MESSAGE_GATEWAY": "linli.reach.notify.gateways.EmbeddedInbox",
        "DJANGO_SETTINGS_MODULE": "linli.config.settings",
        "LINLI_PROCESS": "worker",
    }
    _make_tables()
    provider.process.start()
    try:
        return _replayed(wish, folder, ear_port, provider.url)
    finally:
        stop_all([provider.process])


def _make_tables() -> None:
    insist_on_a_demo()
    command = [sys.executable, "-m", "linli", "migrate", "--quiet"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=MIGRATION_LIMIT_S, check=False)
    if done.returncode != 0:
        raise click.ClickException(f"The tables could not be made:\n{done.stderr[-3000:]}")


def _replayed(wish: Wish, folder: Path, ear_port: int, provider_url: str) -> Summary:
    import django

    django.setup()
    from django.db import connection

    from linli.spine import installation
    from linli.works.clockwork.ear import Ear
    from linli.works.replay.running import replay as run
    from linli.works.replay.telling import bar

    installation.mark("demo")
    ear = Ear(ear_port)
    try:
        with bar() as tell:
            return run(wish, folder, provider_url, tell=tell, count_rows=count_rows)
    finally:
        ear.stop()
        connection.close()


def _show(summary: Summary, *, as_json: bool) -> None:
    from rich.console import Console

    from linli.works.replay.summing import is_right
    from linli.works.replay.telling import as_json as written
    from linli.works.replay.telling import table

    if as_json:
        click.echo(written(summary))
    else:
        Console().print(table(summary))
    sys.exit(0 if is_right(summary) else 1)
