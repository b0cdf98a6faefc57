"""`linli serve`: answer real people. Refuses to start on anything that belongs to the demo."""

from __future__ import annotations

import os
import sys

import click


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on, behind your TLS proxy.")
@click.option("--port", default=8000, show_default=True, help="Port to listen on.")
@click.option("--workers", default=2, show_default=True, help="Web processes.")
@click.option("--worker/--no-worker", default=True, show_default=True, help="Carry facts and timed tasks here too.")
@click.option("--live-port", type=int, help="Port for live updates; the next one unless named.")
@click.option("--live/--no-live", default=True, show_default=True, help="Tell open pages of changes, here too.")
def serve(host: str, port: int, workers: int, worker: bool, live_port: int | None, live: bool) -> None:
    """Serve the house to real people, with a worker and live updates beside the pages. Run `linli migrate` before.

    More workers may run elsewhere (`linli worker`); with --no-worker at least one must.
    """
    os.environ.setdefault("LINLI_PROCESS", "web")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linli.config.settings")
    import django

    django.setup()
    from django.db import connection

    from linli.config import parent
    from linli.config.readiness import reasons_against_serving
    from linli.spine import installation
    from linli.works.ports import trouble_with

    if reasons := reasons_against_serving():
        click.echo("Linli does not start:\n" + "\n".join(f"  - {reason}" for reason in reasons), err=True)
        sys.exit(1)
    if trouble := trouble_with(port, host):
        raise click.ClickException(
            f"Port {port} of {host} cannot be listened on ({trouble}); name another with --port."
        )
    installation.mark("production")
    connection.close()
    parent.serve(
        host=host,
        port=port,
        workers=workers,
        worker=parent.work if worker else None,
        live_port=(live_port or port + 1) if live else None,
    )
