"""What an item costs from a day on: written, tried on every home, and only then set."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from django.http import HttpResponse

from linli.estate.billing import actions
from linli.estate.billing import queries as billing
from linli.estate.billing.queries import DryRun, TariffCard
from linli.estate.billing.rules import PRESETS, Accrual, Basis, Pool, Proration, add_months
from linli.estate.metering.rules import Kind
from linli.faces.property.communities import own_communities
from linli.faces.property.fee_items import today_of
from linli.faces.property.tariff_forms import BANDS, OWN_AMOUNTS, STEPS, TIERS, as_typed, read_draft
from linli.faces.shell.charging import NAMES, doors
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import PropertyRequest
from linli.kernel import ids
from linli.kernel.ids import CommunityId, ItemId, TariffId
from linli.kernel.money import Towards
from linli.spine.may import May


@page("property", "GET", "fee-items/<uuid:item>/tariff/", name="tariff", needs=May.KEEP_TARIFFS)
def new(request: PropertyRequest, item: ItemId) -> HttpResponse:
    """This will ask what an item costs, by a preset or by a formula of one's own."""
    return _shown(request, item)


@page("property", "POST", "fee-items/<uuid:item>/tariff/", name="tariff", needs=May.KEEP_TARIFFS)
def create(request: PropertyRequest, item: ItemId) -> HttpResponse:
    """This will try a tariff on every home, or set it once that was looked at."""
    form = request.form
    draft, start_on, place = read_draft(form), form.day("start_on"), form.maybe_id("community")
    community = None if place is None else CommunityId(place)
    if form.raw("do") != "set":
        tried = billing.dry_run(
            request.scope,
            item=item,
            draft=draft,
            start_on=start_on,
            community=community,
            usage=Fraction(form.number("usage")) if form.raw("usage") else None,
            price=Fraction(form.number("usage_price")) if form.raw("usage_price") else None,
            counted_in=add_months(today_of(request).replace(day=1), -1, anchor=1),
            at=request.at,
        )
        return _shown(request, item, tried)
    actions.set_tariff(request.scope, item=item, draft=draft, start_on=start_on, community=community, at=request.at)
    return see_other("property:fee-item", item, said=_("Set. The version before ends on that day."))


@page(
    "property",
    "POST",
    "fee-items/<uuid:item>/tariff/<uuid:tariff>/withdrawal/",
    name="tariff-withdrawal",
    asks="property:fee-item",
    needs=May.KEEP_TARIFFS,
)
def withdraw(request: PropertyRequest, item: ItemId, tariff: TariffId) -> HttpResponse:
    """This will take back a version that does not hold yet; the one before holds on."""
    actions.withdraw_tariff(request.scope, item=item, tariff=tariff, on=today_of(request), at=request.at)
    return see_other("property:fee-item", item, said=_("Taken back. The version before holds on."))


def _shown(request: PropertyRequest, item: ItemId, tried: DryRun | None = None) -> HttpResponse:
    cards = own_communities(request)
    today = today_of(request)
    shown = billing.item_page(request.scope, item=item, on=today)
    before = _before(request, shown.tariffs)
    typed = {} if before is None else as_typed(before.draft)
    asked = request.form.raw("preset") or request.query.raw("preset") or typed.get("preset", "")
    homes = [] if tried is None else [*tried.outliers, *tried.stopped_homes, tried.smallest, tried.largest]
    return request.render(
        "property/tariff.jinja",
        item=shown.card,
        before=before,
        typed=typed,
        presets=PRESETS,
        preset=asked if asked in PRESETS or asked == "own" else next(iter(PRESETS)),
        bases=list(Basis),
        prorations=list(Proration),
        accruals=list(Accrual),
        pools=list(Pool),
        kinds=list(Kind),
        steps=STEPS,
        towards=list(Towards),
        bands=BANDS,
        own_amounts=range(OWN_AMOUNTS),
        tiers=range(TIERS),
        names=NAMES,
        attributes=sorted(billing.known_attributes(request.scope)),
        communities=cards,
        first_day=add_months(today.replace(day=1), 1),
        tried=tried,
        doors=doors([each.home for each in homes if each is not None]),
        place=_place(request),
        once=ids.new(),
    )


def _before(request: PropertyRequest, versions: Sequence[TariffCard]) -> TariffCard | None:
    """The version whose terms the form begins with: the one that was asked for, else the latest."""
    asked = request.query.raw("like")
    return next((each for each in versions if str(each.tariff) == asked), versions[0] if versions else None)


def _place(request: PropertyRequest) -> tuple[str, str, str] | None:
    """The formula cut where it goes wrong: before, the letter, and after it."""
    refusal = request.refusal
    if refusal is None or refusal.field != "formula" or not isinstance(refusal.values.get("at"), int):
        return None
    text, at = request.form.raw("formula"), int(str(refusal.values["at"]))
    return text[:at], text[at : at + 1] or " ", text[at + 1 :]
