"""`linli gallery`: pictures of the main pages of every face, so that anyone can look."""

from __future__ import annotations

import itertools
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from linli.config.home import home

if TYPE_CHECKING:
    from linli.works.gallery.shooting import Look
    from linli.works.gallery.views import View

_SIZES, _LANGUAGES, _THEMES = ("phone", "desk"), ("en", "zh"), ("light", "dark", "large")
_FACES = ("guest", "owner", "merchant", "property", "technician", "courier", "platform")


@click.command()
@click.option("--shots", "folder", type=click.Path(file_okay=False, path_type=Path), help="A folder for pictures.")
@click.option("--check", is_flag=True, help="Have axe look at every page of the desks instead of taking pictures.")
@click.option("--url", help="Of a demo that runs already; without it, one is started and stopped.")
@click.option("--face", "faces", type=click.Choice(_FACES), multiple=True, help="Only these; all if not given.")
@click.option("--page", "names", multiple=True, help="Only pages of these names, such as `board`.")
@click.option("--size", "sizes", type=click.Choice(_SIZES), multiple=True, default=_SIZES, show_default=True)
@click.option(
    "--language", "languages", type=click.Choice(_LANGUAGES), multiple=True, default=_LANGUAGES, show_default=True
)
@click.option("--theme", "themes", type=click.Choice(_THEMES), multiple=True, default=("light",), show_default=True)
def gallery(
    folder: Path | None,
    check: bool,
    url: str | None,
    faces: tuple[str, ...],
    names: tuple[str, ...],
    sizes: tuple[str, ...],
    languages: tuple[str, ...],
    themes: tuple[str, ...],
) -> None:
    """Take pictures of the main pages of every face, each role signed in, with a contact sheet to look at them.

    Needs the machine's Chromium and its driver, which `python3 run.py` installs for tests. Leaves with status 1 when a
    page was wider than its screen, was answered with an error, or had a script that failed. With --check, every page
    of the desks to which a link leads is opened and read by axe, in each language and theme that was asked for.
    """
    from linli.works.gallery.shooting import Look
    from linli.works.gallery.views import VIEWS

    if check:
        looks = [Look("desk", *each) for each in itertools.product(languages, themes)]
        sys.exit(0 if _check(url, faces, looks) else 1)
    if folder is None:
        raise click.UsageError("Say where to: --shots DIR, or --check to have every page of the desks checked.")
    views = [v for v in VIEWS if (not faces or v.who in faces) and (not names or v.name in names)]
    looks = [Look(*each) for each in itertools.product(sizes, languages, themes)]
    if not views:
        raise click.ClickException("There is no such page; src/linli/works/gallery/views.py lists them.")
    sys.exit(0 if _take(folder, url, views, looks) else 1)


def _check(url: str | None, faces: tuple[str, ...], looks: list[Look]) -> bool:
    import django

    django.setup()
    from linli.works.gallery.browsers import NoBrowser, chromium
    from linli.works.gallery.checking import faults_along
    from linli.works.gallery.running_demo import NoDemo, running_demo
    from linli.works.gallery.shooting import Camera
    from linli.works.gallery.views import PEOPLE
    from linli.works.gallery.visitors import NotLetIn, Visitor
    from linli.works.gallery.walking import DESKS, every_page, unreached

    found = 0
    try:
        with running_demo(url, home() / "gallery", click.echo) as house, chromium() as browser:
            let_in = {who: Visitor(house) for who in DESKS if not faces or who in faces}
            for who, visitor in let_in.items():
                visitor.signs_in(PEOPLE[who])
                addresses = every_page(visitor, who)
                click.echo(
                    f"{who}: {len(addresses)} pages; no link led to {', '.join(unreached(who, addresses)) or '-'}"
                )
                for look in looks:
                    page = Camera(browser, house, home(), let_in, click.echo).window(who, look).new_page()
                    for fault in faults_along(page, house, addresses.values()):
                        found += 1
                        click.echo(f"   {look}: {fault}")
                    page.context.close()
    except (NoBrowser, NoDemo, NotLetIn) as reason:
        raise click.ClickException(str(reason)) from None
    return not found


def _take(folder: Path, url: str | None, views: list[View], looks: list[Look]) -> bool:
    from linli.works.gallery import contact_sheet
    from linli.works.gallery.browsers import NoBrowser, chromium
    from linli.works.gallery.running_demo import NoDemo, running_demo
    from linli.works.gallery.shooting import Camera
    from linli.works.gallery.views import PEOPLE
    from linli.works.gallery.visitors import NotLetIn, Visitor

    folder.mkdir(parents=True, exist_ok=True)
    try:
        with running_demo(url, home() / "gallery", click.echo) as house, chromium() as browser:
            let_in = {who: Visitor(house) for who in {view.who for view in views}}
            for who, visitor in let_in.items():
                visitor.signs_in(PEOPLE[who])
            shots = list(Camera(browser, house, folder, let_in, click.echo).shoots(views, looks))
    except (NoBrowser, NoDemo, NotLetIn) as reason:
        raise click.ClickException(str(reason)) from None
    click.echo(f"{len(shots)} pictures; look at {contact_sheet.write(folder, shots)}")
    return not any(shot.strange for shot in shots)
