"""`linli bench pages`: Lighthouse on the owner's main pages of a demo."""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence

import click

from linli.config.home import home
from linli.works.bench.lighthouse import NoLighthouse, installed
from linli.works.bench.pages import PAGES, look, report_of
from linli.works.gallery.running_demo import NoDemo, running_demo
from linli.works.gallery.visitors import NotLetIn


@click.command(short_help="Lighthouse on the resident's main pages.")
@click.option("--url", help="Of a demo that runs already; without it, one is started and stopped.")
@click.option(
    "--runs", type=click.IntRange(1, 15), default=5, show_default=True, help="Of each page; the median counts."
)
@click.option("--page", "names", type=click.Choice(PAGES), multiple=True, default=PAGES, show_default=True)
@click.option("--json", "as_json", is_flag=True, help="End with one line of JSON and nothing else.")
def pages(url: str | None, runs: int, names: Sequence[str], as_json: bool) -> None:
    """Let Lighthouse look at the owner's main pages: performance, accessibility, best practices.

    Needs Node and a Chromium of the machine; Lighthouse itself is fetched with npm into the data folder the first time.
    Its performance score falls when the machine has other work. Leaves with status 1 when a page has less than 95.
    """
    tell: Callable[[str], None] = (lambda _words: None) if as_json else click.echo
    folder = home() / "bench"
    try:
        lighthouse = installed(folder / "lighthouse", tell)
        with running_demo(url, folder / "pages", tell) as house:
            found = look(lighthouse, house, names, runs, tell)
    except (NoLighthouse, NoDemo, NotLetIn) as reason:
        raise click.ClickException(str(reason)) from None
    if as_json:
        click.echo(report_of(found, runs).as_json())
    sys.exit(0 if all(page.is_good for page in found) else 1)
