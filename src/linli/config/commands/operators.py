"""`linli operators`: who runs the platform, kept from the machine itself, where nobody has to be signed in."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from linli.kernel.ids import CityId, PartyId

PHONE = click.option("--phone", required=True, help="Their mobile number; other countries' with + and code.")


@click.group()
def operators() -> None:
    """Appoint the first people who run the platform; from then on they appoint each other at /platform/team/.

    \b
    linli operators appoint --name 林站长 --phone 13900000001
    linli operators appoint --name 何站长 --phone 13900000002 --city 江城

    Whoever was appointed signs in with that number and a code, answers one question with their name as it was given
    here, sets up an authenticator, and finds the platform's desk at /platform/.
    """


@operators.command(short_help="Let a person run the platform or one city of it.")
@click.option("--name", required=True, help="Their full name; the first sign-in asks for it.")
@PHONE
@click.option("--city", help="Only in this city: its Chinese or English name, or its id. Without it: everywhere.")
def appoint(name: str, phone: str, city: str | None) -> None:
    """Let a person run the platform, everywhere or in one city. Asked again, nothing changes."""
    with _house():
        from linli.ground.people import actions
        from linli.spine.scope import SYSTEM

        where = _city(city)
        actions.appoint_operator(SYSTEM, name=name, phone=phone, city=where, at=datetime.now(UTC))
    click.echo(f"{name} is an operator of {city or 'the whole platform'}. They sign in with {phone}.")


@operators.command()
@PHONE
def dismiss(phone: str) -> None:
    """Take a person off the platform's desk. The last operator of the whole platform stays."""
    with _house():
        from linli.ground.people import actions
        from linli.spine.scope import SYSTEM

        actions.remove_operator(SYSTEM, person=_person(phone), at=datetime.now(UTC))
    click.echo("They are no operator any more.")


@operators.command("lost-authenticator", short_help="Take off an authenticator whose phone is lost.")
@PHONE
@click.confirmation_option(
    prompt="Every device of theirs is signed out, and they sign in with their phone alone. Go on?"
)
def lost_authenticator(phone: str) -> None:
    """Take the authenticator off somebody who lost its phone and the codes on paper.

    For the only operator: where there are two, the other one does it at /platform/losses/.
    """
    with _house():
        from linli.reach.sign_in import actions
        from linli.spine.scope import SYSTEM

        actions.take_off_on_the_machine(SYSTEM, person=_person(phone), at=datetime.now(UTC))
    click.echo("It is taken off. They sign in again, and set up another.")


@operators.command("list")
def list_all() -> None:
    """List the operators, with their phones in part."""
    with _house():
        from linli.ground.people import queries
        from linli.ground.places import queries as places
        from linli.spine.scope import SYSTEM

        found = queries.operators(SYSTEM, at=datetime.now(UTC))
        names = {card.id: card.name["zh"] for card in places.cities()}
    for each in found:
        where = "everywhere" if each.is_everywhere else ", ".join(names.get(city, str(city)) for city in each.cities)
        click.echo(f"{each.name}  {each.phone}  {where}")
    if not found:
        click.echo("Nobody yet. `linli operators appoint --help` tells how to appoint the first one.")


@contextmanager
def _house() -> Iterator[None]:
    """Django at hand; what the house refuses becomes one plain sentence."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "linli.config.settings")
    import django

    django.setup()
    from linli.kernel.refusals import Refusal

    try:
        yield
    except Refusal as refusal:
        raise click.ClickException(str(refusal)) from refusal


def _city(asked: str | None) -> CityId | None:
    if asked is None:
        return None
    from linli.ground.places import queries as places

    cards = places.cities()
    found = [card.id for card in cards if asked in (card.name["zh"], card.name.get("en"), str(card.id))]
    if len(found) != 1:
        known = ", ".join(card.name["zh"] for card in cards) or "none yet; `linli import places` brings them"
        raise click.ClickException(f"No one city is called {asked}. There are: {known}.")
    return found[0]


def _person(phone: str) -> PartyId:
    from linli.ground.people import queries
    from linli.spine.scope import SYSTEM

    person = queries.person_by_phone(SYSTEM, phone=phone)
    if person is None:
        raise click.ClickException("Nobody here is reached under this number.")
    return person
