"""`linli demo`: a made-up town to walk about in, on this machine only."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
from contextlib import ExitStack
from pathlib import Path

import click

from linli.config.database import count_rows, is_ours, serving
from linli.config.demo_database import NotADemo, insist_on_a_demo, throw_away
from linli.config.home import home
from linli.config.postgres.lock import LockTimeout, one_process
from linli.config.secret import kept_secret

MIGRATION_LIMIT_S = 300
OWN_FOLDERS = ("provider", "demo", "files")
"""What a demo keeps beside its database; `--reset` throws it away too."""


@click.command()
@click.option("--size", type=click.Choice(["small", "full"]), default="full", show_default=True, help="Of the town.")
@click.option("--live", is_flag=True, help="Let simulated neighbours go on ordering, so that the boards move.")
@click.option("--reset", is_flag=True, help="Throw the town away and build a new one (asks first).")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--port", type=click.IntRange(1024, 65535), help="Of the pages; a free one from 8000 on if not given.")
def demo(size: str, live: bool, reset: bool, yes: bool, port: int | None) -> None:
    """Show Linli in a made-up town: pages, worker, database and a payment provider that moves no real money.

    Listens on 127.0.0.1 only and goes on until Ctrl-C. A second start keeps the data.
    """
    from linli.works.ports import NoPort, insist_free

    folder = home()
    folder.mkdir(parents=True, exist_ok=True)
    stopping = _gentle_stop()
    try:
        with one_process(folder / "demo.lock", timeout_s=1), ExitStack() as stack:
            if port:  # before the minute of work that would be for nothing
                insist_free(port)
            _make_ready(folder, stack, reset=reset, yes=yes)
            _show(folder, size=size, live=live, port=port, stopping=stopping)
    except LockTimeout:
        raise click.ClickException(f"A demo is running already with the data in {folder}.") from None
    except (NotADemo, NoPort) as reason:
        raise click.ClickException(str(reason)) from None
    except KeyboardInterrupt:
        pass
    click.echo("Stopped.")


class Stop(threading.Event):
    """An order to stop; `is_watched` once somebody looks at it and stops by itself."""

    is_watched = False


def _gentle_stop() -> Stop:
    """The first order to stop ends what is in hand at once, unless somebody waits for the event; later ones do nothing.

    While nobody waits, the main thread is in a step that may break off anywhere: all of them are whole or not at all.
    """
    stopping = Stop()

    def stop(*_: object) -> None:
        first = not stopping.is_set()
        stopping.set()
        if first and not stopping.is_watched:
            raise KeyboardInterrupt

    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        if number := getattr(signal, name, None):
            signal.signal(number, stop)
    return stopping


def _make_ready(folder: Path, stack: ExitStack, *, reset: bool, yes: bool) -> None:
    from linli.works.demo.unfinished import is_unfinished
    from linli.works.telling import step

    with step("Starting PostgreSQL"):
        stack.enter_context(serving())
    is_demo = insist_on_a_demo()
    is_half = is_ours() and is_unfinished(folder / "demo")
    if is_demo and (reset or is_half):
        if not yes and not is_half:
            click.confirm("Throw away this demo's town with everything in it?", abort=True)
        with step("Throwing away a town that was never finished" if is_half else "Throwing the town away"):
            throw_away()
            for name in OWN_FOLDERS:
                shutil.rmtree(folder / name, ignore_errors=True)
    os.environ |= {
        "LINLI_HOME": str(folder),
        "LINLI_DEMO": "1",
        "LINLI_SECRET_KEY": kept_secret(folder / "demo-secret"),
        "LINLI_MESSAGE_GATEWAY": "linli.reach.notify.gateways.EmbeddedInbox",
        "LINLI_LOCKERS": "embedded",
        "DJANGO_SETTINGS_MODULE": "linli.config.settings",
        "LINLI_PROCESS": "worker",
    }
    with step("Bringing the tables up to date"):
        command = [sys.executable, "-m", "linli", "migrate", "--quiet"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=MIGRATION_LIMIT_S, check=False)
    if done.returncode != 0:
        raise click.ClickException(f"The tables could not be brought up to date:\n{done.stderr[-3000:]}")


def _show(folder: Path, *, size: str, live: bool, port: int | None, stopping: Stop) -> None:
    from linli.works.demo.company import gather
    from linli.works.demo.town import SIZES

    company = gather(folder, port=port, web_module="linli.config.demo_web", environment=os.environ)
    os.environ |= company.variables  # before the settings are read, here and in the processes
    import django

    django.setup()
    from linli.spine import installation
    from linli.works.demo.showing import DemoStopped, show

    installation.mark("demo")
    stopping.is_watched = True
    try:
        show(company, homes=SIZES[size], live=live, stopping=stopping, count_rows=count_rows)
    except DemoStopped as reason:
        raise click.ClickException(str(reason)) from None
