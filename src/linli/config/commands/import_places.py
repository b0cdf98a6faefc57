"""`linli import places|homes FILE`: look at a sheet, show its errors at their cells, and take it in whole."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from linli.ground.places.actions import ImportPreview, ImportResult


@click.command("import")
@click.argument("what", type=click.Choice(["places", "homes"]))
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--community", help="For homes: the community's Chinese name, or its id.")
@click.option("--yes", is_flag=True, help="Import without asking when every cell is right.")
def import_sheet(what: str, file: Path, community: str | None, yes: bool) -> None:
    """Import WHAT from FILE, an .xlsx or .csv sheet (UTF-8 or GB18030).

    For places, the columns are city, district, community, lat, lon (needed) and city_en, timezone, currency,
    district_en, community_en, address, building, unit, home, area_m2; their Chinese names are understood too. For homes
    of one community (--community) they are building, home (needed) and unit, area_m2, name, phone, items, opening,
    meters and more: the empty sheet is on the property company's desk. Nothing is imported unless every cell is right,
    and importing the same sheet again changes nothing.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linli.config.settings")
    import django

    django.setup()
    from django.db import ProgrammingError

    from linli.kernel.refusals import Refusal

    try:
        if what == "homes":
            from linli.config.commands.import_homes import import_homes

            import_homes(file, community, yes)
        else:
            _import_places(what, file, yes)
    except ProgrammingError as error:
        if getattr(error.__cause__, "sqlstate", None) not in {"42P01", "42883"}:
            raise
        raise click.ClickException("The tables are not made yet. Please run `linli migrate` first.") from error
    except Refusal as refusal:
        raise click.ClickException(str(refusal)) from refusal


def _import_places(what: str, file: Path, yes: bool) -> None:
    from linli.ground.places import actions
    from linli.spine.scope import SYSTEM
    from linli.spine.sheets import MOST_BYTES, SheetTooLarge

    if file.stat().st_size > MOST_BYTES:
        raise SheetTooLarge
    content = file.read_bytes()
    with click.progressbar(length=2, label=f"Reading {what}") as bar:
        preview = actions.preview_import(SYSTEM, file_name=file.name, content=content)
        bar.update(2)
    _show(preview)
    if not yes:
        click.confirm("Import them?", abort=True)
    with click.progressbar(length=2, label=f"Importing {what}") as bar:
        bar.update(1)
        result = actions.import_places(SYSTEM, file_name=file.name, content=content, at=datetime.now(UTC))
        bar.update(1)
    _tell(result)


def _show(preview: ImportPreview) -> None:
    click.echo(
        f"{preview.rows} rows: {preview.communities} communities, {preview.buildings} buildings, {preview.homes} homes."
    )
    for error in preview.errors:
        click.echo(f"  row {error.row}, {error.heading or error.column}: {error}", err=True)
    if preview.more_errors:
        click.echo(f"  and {preview.more_errors} more", err=True)
    if not preview.is_clean:
        raise click.ClickException("Please correct these cells and try again. Nothing was imported.")


def _tell(result: ImportResult) -> None:
    known = "" if result.communities_added or result.homes_added else " Everything was known already."
    click.echo(f"Added {result.communities_added} communities and {result.homes_added} homes.{known}")
