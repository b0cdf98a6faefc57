"""`linli serve`: answer real people. Refuses to start on anything that belongs to the demo."""

from __future__ import annotations

import os
import sys

import click


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on, behind your TLS proxy.")
@click.option("--port", default=8000, show_default=True, help="Port to listen on.")
@click.option("--workers", default=2, show_default=True, help="Web processes.")
def serve(host: str, port: int, workers: int) -> None:
    """Serve the house to real people. Run `linli migrate` before and `linli worker` beside it."""
    os.environ.setdefault("LINLI_PROCESS", "web")
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linli.config.settings")
    import django

    django.setup()
    from django.db import connection

    from linli.config.readiness import reasons_against_serving
    from linli.spine import installation

    if reasons := reasons_against_serving():
        click.echo("Linli does not start:\n" + "\n".join(f"  - {reason}" for reason in reasons), err=True)
        sys.exit(1)
    installation.mark("production")
    connection.close()
    serve_web(host=host, port=port, workers=workers)


def serve_web(*, host: str, port: int, workers: int) -> None:
    """This will run granian on the WSGI application until interrupted."""
    from granian.constants import Interfaces
    from granian.server import Server

    Server(
        "linli.config.wsgi:application",
        address=host,
        port=port,
        interface=Interfaces.WSGI,
        workers=workers,
        blocking_threads=4,
        backlog=1024,
        log_access=False,
        respawn_failed_workers=True,
    ).serve()
