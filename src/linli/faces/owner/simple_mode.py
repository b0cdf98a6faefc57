"""The simple mode: large type, three tasks chosen by what is due, and a call to the steward.

It is kept for a person on a phone, and every page of theirs stays in it until they leave it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.http import HttpResponse

from linli.faces.owner import neighbourhoods
from linli.faces.owner.desk_numbers import desk_phone
from linli.faces.owner.doorstep import Doorstep
from linli.faces.owner.former_homes import welcome
from linli.faces.shell import formats, voice
from linli.faces.shell.addresses import url
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.messages import in_language, ngettext, word
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.reading_choices import YEAR_S
from linli.faces.shell.requests import OwnerRequest
from linli.trade.orders.queries import OrderToDo
from linli.trade.orders.rules import OrderState


@dataclass(frozen=True, slots=True, kw_only=True)
class BigTask:
    """One of the three: what to press, what it is about, and whether it waits for the person."""

    icon: str
    title: str
    about: str
    href: str
    is_due: bool = False


@page("owner", "POST", "simple-mode/")
def create(request: OwnerRequest) -> HttpResponse:
    """This will enter the simple mode or leave it, and begin again at the first page."""
    response = see_other("owner:home")
    if request.form.flag("on"):
        response.set_cookie(voice.SIMPLE_COOKIE, request.person.hex, max_age=YEAR_S, samesite="Lax", httponly=True)
    else:
        response.delete_cookie(voice.SIMPLE_COOKIE)
    text = "large" if request.form.flag("on") else "usual"
    response.set_cookie(voice.LARGE_TEXT_COOKIE, text, max_age=YEAR_S, samesite="Lax")
    return response


@page("owner", "GET", "call/")
def call(request: OwnerRequest) -> HttpResponse:
    """This will show whom a resident can call, with a number that dials itself."""
    if not request.communities:
        return welcome(request)
    community = neighbourhoods.look_at(neighbourhoods.own(request))
    return request.render("owner/call.jinja", community=community, desk=desk_phone(request))


def tasks(waits: Doorstep, to_do: Sequence[OrderToDo]) -> tuple[BigTask, ...]:
    """This will choose the three tasks of the first page: those that wait for the person before the others."""
    found = (_pay(waits, to_do), _orders(waits, to_do), _repair(waits))
    return tuple(sorted(found, key=lambda task: not task.is_due))


def _pay(waits: Doorstep, to_do: Sequence[OrderToDo]) -> BigTask:
    unpaid = next((each for each in to_do if each.state is OrderState.PLACED), None)
    if unpaid is not None:
        return BigTask(
            icon="wallet",
            title=_("Pay {amount}", amount=formats.money(unpaid.total)),
            about=in_language(unpaid.shop_name),
            href=url("owner:payment", unpaid.checkout),
            is_due=True,
        )
    title = _("Pay {amount}", amount=formats.money(waits.due)) if waits.due else _("Bills")
    about = _("Bills of the property company") if waits.due else _("Everything is paid. Thank you.")
    return BigTask(icon="receipt", title=title, about=about, href=url("owner:bills"), is_due=bool(waits.due))


def _orders(waits: Doorstep, to_do: Sequence[OrderToDo]) -> BigTask:
    under_way = [each for each in to_do if each.state is not OrderState.PLACED]
    if under_way:
        first = under_way[0]
        about = _("Your code: {code}", code=first.code) if first.code else word(first.state)
        href = url("owner:order", first.order) if len(under_way) == 1 else url("owner:orders")
        return BigTask(icon="package", title=in_language(first.shop_name), about=about, href=href, is_due=True)
    if waits.parcels:
        title = ngettext("{n} parcel waits for you", "{n} parcels wait for you", waits.parcels)
        return BigTask(icon="package", title=title, about=_("With its code"), href=url("owner:parcels"), is_due=True)
    about = _("Nothing is under way")
    return BigTask(icon="package", title=_("My orders"), about=about, href=url("owner:orders"))


def _repair(waits: Doorstep) -> BigTask:
    if waits.prices:
        price = waits.prices[0]
        return BigTask(
            icon="wrench",
            title=in_language(price.type_name),
            about=_("A price waits for your yes"),
            href=url("owner:work-order", price.order),
            is_due=True,
        )
    about = _("Say what, with a photo if you like")
    return BigTask(icon="wrench", title=_("Something is broken"), about=about, href=url("owner:new-work-order"))
