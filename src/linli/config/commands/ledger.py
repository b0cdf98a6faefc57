"""`linli ledger`: look after the books."""

from __future__ import annotations

import os
import sys
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from linli.money.ledger.queries import TrialNode


@click.group()
def ledger() -> None:
    """Check the books, print a trial balance, make the cached balances anew."""


@ledger.command()
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="Look at journals and seals from this day on.")
def check(since: datetime | None) -> None:
    """Look for everything that the database should have refused. Exit status 1 when something is wrong."""
    _set_up()
    from linli.money.ledger import queries
    from linli.spine.scope import SYSTEM

    first: date | None = since.date() if since else None
    findings = queries.check(SYSTEM, since=first)
    for finding in findings:
        click.secho(f"{'✓' if finding.ok else '✗'} {finding.invariant}", fg=None if finding.ok else "red")
        for detail in finding.details:
            click.echo(f"    {detail}")
    sys.exit(0 if all(finding.ok for finding in findings) else 1)


@ledger.command("trial-balance", short_help="Print the trial balance of a book.")
@click.argument("book")
@click.option("--at", type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M:%S"]), help="Up to this instant (UTC); now.")
def trial_balance(book: str, at: datetime | None) -> None:
    """Print the trial balance of BOOK: platform:CITY or property:COMPANY."""
    _set_up()
    from linli.money.ledger import queries, rules
    from linli.spine.scope import SYSTEM

    try:
        found = queries.trial_balance(SYSTEM, book=book, at=at.replace(tzinfo=UTC) if at else datetime.now(UTC))
    except rules.UnknownAddress:
        raise click.ClickException("A book is named platform:CITY or property:COMPANY, by id.") from None
    click.echo(f"{'':32}{'accounts':>10}{'debit':>18}{'credit':>18}{'balance':>18}")
    for head in found.classes:
        click.secho(_line(head, indent=0), bold=True)
        for node in head.children:
            click.echo(_line(node, indent=2))
    click.echo(f"{'total':78}{found.total!s:>18}")


def _line(node: TrialNode, indent: int) -> str:
    name = f"{' ' * indent}{node.code} {node.word}"
    return f"{name:32}{node.accounts:>10}{node.debit!s:>18}{node.credit!s:>18}{node.balance!s:>18}"


@ledger.command()
@click.confirmation_option(prompt="Debits wait until this is done. Go on?")
def rebuild() -> None:
    """Make all cached balances anew from the postings."""
    _set_up()
    from linli.money.ledger import actions
    from linli.spine.scope import SYSTEM

    wrong = actions.rebuild_balances(SYSTEM, at=datetime.now(UTC))
    click.echo(f"{wrong} balances were wrong and are right now." if wrong else "All balances were right.")


def _set_up() -> None:
    os.environ["LINLI_PROCESS"] = "worker"  # whole books take longer than a page may
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linli.config.settings")
    import django

    django.setup()
