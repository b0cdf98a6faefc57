"""`linli worker`: carry facts up the house and do what the clock says."""

from __future__ import annotations

import asyncio
import os

import click


@click.command()
def worker() -> None:
    """Carry out reactions and timed tasks until interrupted. Any number of workers may run side by side."""
    os.environ["LINLI_PROCESS"] = "worker"  # before the settings are read
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linli.config.settings")
    import django

    django.setup()
    from linli.config.worker import work

    click.echo("The worker is ready.")
    asyncio.run(work())
