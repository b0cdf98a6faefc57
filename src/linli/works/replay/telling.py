"""Telling how a replay goes: a bar on the terminal while it plays, and what it came to at the end."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict

import msgspec
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn, TimeRemainingColumn
from rich.table import Table

from linli.kernel.money import Money
from linli.works.replay.running import Bar
from linli.works.replay.summing import CHECKS, Summary

_CHECKED = {
    "unbalanced_journals": "journals that do not balance",
    "open_orders": "orders that did not come to an end",
    "open_escrow_minor": "left in the escrow of closed orders (fen)",
    "shares_off_minor": "turnover that is nobody's share (fen)",
    "refunds_under_way": "refunds that did not arrive",
    "reconciliation_differences": "differences left with the bank and the provider",
    "oversold_units": "units sold that were not there",
    "faults": "faults that the doctor finds",
}
"""All of these are zero when everything is right."""
_KINDS = {
    "merchant": "merchants",
    "property": "the property company",
    "courier": "couriers",
    "platform": "the platform",
}


@contextmanager
def bar() -> Iterator[Bar]:
    """This will show a bar on standard error, so that standard output holds the summary alone."""
    console = Console(stderr=True)
    columns = (
        TextColumn("{task.description:<42}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, refresh_per_second=2) as shown:
        task = shown.add_task("beginning", total=None)
        last = ""

        def tell(words: str, done: int, total: int) -> None:
            nonlocal last
            shown.update(task, description=words, completed=done, total=total)
            if words != last and not console.is_terminal:
                console.print(f"{words} ({done} of {total})")
            last = words

        yield tell


def as_json(summary: Summary) -> str:
    """This will write the summary for programs."""
    told = asdict(summary) | {"right": not any(getattr(summary, check) for check in CHECKS)}
    return msgspec.json.format(msgspec.json.encode(told), indent=2).decode()


def table(summary: Summary) -> Table:
    """This will put the summary on the screen."""
    shown = Table(title="The replay", caption=summary.data, show_header=False)
    shown.add_column(style="bold")
    shown.add_column(justify="right")
    for words, value in _rows(summary):
        shown.add_row(words, value)
    shown.add_section()
    for check in CHECKS:
        value = getattr(summary, check)
        shown.add_row(_CHECKED[check], f"[green]{value}[/]" if value == 0 else f"[red]{value}[/]")
    return shown


def _rows(summary: Summary) -> Iterator[tuple[str, str]]:
    yield "checkouts (paid)", f"{summary.checkouts} ({summary.checkouts_paid})"
    yield "orders", str(summary.orders)
    for state, count in summary.orders_by_end.items():
        yield f"  {state}", str(count)
    yield "refunds", str(summary.refunds)
    yield "reviews", str(summary.reviews)
    yield "turnover", str(Money(summary.turnover_minor))
    yield "  of it refunded", str(Money(summary.refunded_minor))
    for kind, minor in summary.shares_minor.items():
        yield f"share of {_KINDS[kind]}", str(Money(minor))
    yield "paid out to banks", str(Money(summary.paid_out_minor))
    yield "seconds", str(summary.seconds)
    yield "orders per second", str(summary.orders_per_second)
