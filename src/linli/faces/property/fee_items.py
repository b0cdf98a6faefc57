"""Fee items: what the company charges for, what each costs since when, and to which homes it is charged."""

from __future__ import annotations

from datetime import date

from django.http import HttpResponse

from linli.estate.billing import actions
from linli.estate.billing import queries as billing
from linli.estate.billing.rules import Payer
from linli.faces.property.communities import own_communities
from linli.faces.shell import voice
from linli.faces.shell.charging import terms_of
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.messages import in_language
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import PropertyRequest
from linli.faces.shell.sheets import sheet
from linli.kernel import ids
from linli.kernel.ids import ItemId
from linli.kernel.refusals import Invalid
from linli.spine.may import May


@page("property", "GET", "fee-items/", needs=May.KEEP_TARIFFS)
def index(request: PropertyRequest) -> HttpResponse:
    """This will list what the company charges for, and ask for one more."""
    own_communities(request)
    return request.render(
        "property/fee-items.jinja",
        items=billing.items(request.scope, on=today_of(request)),
        payers=list(Payer),
        once=ids.new(),
    )


@page("property", "GET", "fee-items/sheet/", name="fee-items-sheet", needs=May.KEEP_TARIFFS)
def take_away(request: PropertyRequest) -> HttpResponse:
    """This will give what the company charges for as a spreadsheet."""
    own_communities(request)
    columns = [_("Item"), _("Word"), _("Who owes it"), _("Tariffs today"), _("Charged to"), _("Paid on the phone")]
    columns += [_("Order of paying"), _("Retired on")]
    rows = (
        [
            in_language(one.name), one.word, one.payer, one.tariffs, one.charged, one.payable_online, one.priority,
            one.retired_at,
        ]
        for one in billing.items(request.scope, on=today_of(request))
    )  # fmt: skip
    return sheet(request.query, "fee-items", columns, rows)


@page("property", "POST", "fee-items/", needs=May.KEEP_TARIFFS)
def add(request: PropertyRequest) -> HttpResponse:
    """This will add something to charge for."""
    form = request.form
    item = actions.add_item(
        request.scope,
        word=form.text("word", most=32),
        name=_names(request),
        payer=form.choice("payer", Payer),
        priority=form.whole("priority", low=1, high=1000, default=100),
        payable_online=form.flag("online"),
        at=request.at,
    )
    return see_other("property:fee-item", item, said=_("Added. Now say what it costs."))


@page("property", "GET", "fee-items/<uuid:item>/", name="fee-item", needs=May.KEEP_TARIFFS)
def show(request: PropertyRequest, item: ItemId) -> HttpResponse:
    """This will show an item with the versions of its tariff."""
    cards = own_communities(request)
    return request.render(
        "property/fee-item.jinja",
        item=billing.item_page(request.scope, item=item, on=today_of(request)),
        communities={card.id: card for card in cards},
        today=today_of(request),
        payers=list(Payer),
        terms_of=terms_of,
        once=ids.new(),
    )


@page("property", "POST", "fee-items/<uuid:item>/", name="fee-item", needs=May.KEEP_TARIFFS)
def change(request: PropertyRequest, item: ItemId) -> HttpResponse:
    """This will change what an item is called, who owes it, and how it is paid; its word in the books stays."""
    actions.change_item(
        request.scope,
        item=item,
        name=_names(request),
        payer=request.form.choice("payer", Payer),
        priority=request.form.whole("priority", low=1, high=1000),
        payable_online=request.form.flag("online"),
        at=request.at,
    )
    return see_other("property:fee-item", item, said=_("Kept."))


def _names(request: PropertyRequest) -> dict[str, str]:
    """What an item is called, in one language or in both."""
    typed = {language: request.form.maybe_text(language, most=60) for language in ("zh", "en")}
    names = {language: name for language, name in typed.items() if name}
    if not names:
        raise Invalid("zh", "Please fill this in.")
    return names


@page(
    "property",
    "POST",
    "fee-items/<uuid:item>/retirement/",
    name="fee-item-retirement",
    asks="property:fee-item",
    needs=May.KEEP_TARIFFS,
)
def retire(request: PropertyRequest, item: ItemId) -> HttpResponse:
    """This will take an item out of what can be assigned."""
    actions.retire_item(request.scope, item=item, at=request.at)
    return see_other("property:fee-item", item, said=_("It is assigned no more. What was issued stays."))


def today_of(request: PropertyRequest) -> date:
    """This will give the day in the zone of the reader's community."""
    return request.at.astimezone(voice.current().zone).date()
