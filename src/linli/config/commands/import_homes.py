"""`linli import homes FILE --community NAME`: one sheet brings a community along, as its property company would."""

from __future__ import annotations

import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from linli.estate.intake.actions import Preview
    from linli.ground.places.queries import CommunityCard
    from linli.spine.scope import Scope


def import_homes(file: Path, community: str | None, yes: bool) -> None:
    """This will show what the sheet would change, ask, and take it over with a bar of progress."""
    from linli.estate.intake import actions
    from linli.spine.sheets import MOST_BYTES, SheetTooLarge

    at = datetime.now(UTC)
    card = _community(community)
    scope = _scope(card, at)
    if file.stat().st_size > MOST_BYTES:
        raise SheetTooLarge
    content = file.read_bytes()
    preview = actions.preview_sheet(scope, community=card.id, file_name=file.name, content=content, at=at)
    _show(preview)
    if not (preview.new or preview.changed):
        click.echo("Everything is known already.")
        return
    if not yes:
        click.confirm("Import them?", abort=True)
    began = time.monotonic()
    with click.progressbar(length=len(actions.STEPS), label="Importing homes") as bar:
        taken = actions.take_over(
            scope,
            community=card.id,
            file_name=file.name,
            content=content,
            tell=lambda done, _total, _step="": bar.update(done - bar.pos),
            at=datetime.now(UTC),
        )
    counts = ", ".join(f"{number} {word}" for word, number in taken.counts.items())
    click.echo(f"Taken over as batch {taken.batch} in {time.monotonic() - began:.1f} s: {counts}.")


def _community(asked: str | None) -> CommunityCard:
    from linli.ground.places import queries as places

    cards = places.communities()
    found = [card for card in cards if asked in (card.name["zh"], card.name["en"], str(card.id))]
    if asked is None and len(cards) == 1:
        found = list(cards)
    if len(found) != 1:
        raise click.ClickException("Please name one community by --community: its name, or its id.")
    return found[0]


def _scope(card: CommunityCard, at: datetime) -> Scope:
    """The sheet is taken over as by the company that looks after the community."""
    from linli.ground.people import queries as people
    from linli.spine.scope import Role, Scope

    company = people.company_of([card.id], at=at).get(card.id)
    if company is None:
        raise click.ClickException("No property company looks after this community yet. Entrust it to one first.")
    return Scope(role=Role.PROPERTY, company=company, city=card.city, communities=(card.id,))


def _show(preview: Preview) -> None:
    click.echo(
        f"{preview.rows} rows: {preview.new} new, {preview.changed} changed, {preview.same} the same. "
        + ", ".join(f"{number} {word}" for word, number in preview.counts.items())
    )
    for error in preview.errors:
        click.echo(f"  row {error.row}, {error.heading or error.column}: {error}", err=True)
    if preview.more_errors:
        click.echo(f"  and {preview.more_errors} more", err=True)
    if preview.errors:
        raise click.ClickException("Please correct these cells and try again. Nothing was imported.")
