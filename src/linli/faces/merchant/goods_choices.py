"""What a buyer chooses of prepared food: groups of options with their price and the minutes they take."""

from __future__ import annotations

from django.http import HttpResponse

from linli.faces.merchant.desk import show
from linli.faces.merchant.goods import both, kept
from linli.faces.shell.forms import Fields
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import MerchantRequest
from linli.kernel.ids import ListingId
from linli.kernel.money import Money
from linli.kernel.refusals import NotFound
from linli.trade.catalogue import actions, queries
from linli.trade.catalogue.rules import MOST_GROUPS, MOST_OPTIONS, GroupDraft, Kind, OptionDraft

MORE_OPTIONS = 3
"""Empty rows that stand under the options of a group."""


@page("merchant", "GET", "goods/<uuid:listing>/choices/")
def choices(request: MerchantRequest, listing: ListingId) -> HttpResponse:
    """This will show the groups with their options, and room for more."""
    found = kept(request, listing)
    if found.kind is not Kind.PREPARED:
        raise NotFound("choices")
    groups = queries.kept_choices(request.scope, listing=listing)
    rooms = [min(len(group.options) + MORE_OPTIONS, MOST_OPTIONS) for group in groups]
    if len(groups) < MOST_GROUPS:
        rooms.append(MORE_OPTIONS + 1)
    return show(request, "choices.jinja", listing=found, groups=groups, rooms=rooms)


@page("merchant", "POST", "goods/<uuid:listing>/choices/")
def set_choices(request: MerchantRequest, listing: ListingId) -> HttpResponse:
    """This will set the choices anew; groups and options without a name are left out."""
    form = request.form
    groups = tuple(_group(form, f"groups.{n}") for n in range(MOST_GROUPS) if _is_named(form, f"groups.{n}"))
    actions.set_choices(request.scope, listing=listing, groups=groups, at=request.at)
    return see_other("merchant:listing", listing, said=_("The choices are set."))


def _group(form: Fields, at: str) -> GroupDraft:
    return GroupDraft(
        name=both(form, f"{at}.name", most=60),
        least=form.whole(f"{at}.least", high=MOST_OPTIONS, default=0),
        most=form.whole(f"{at}.most", low=1, high=MOST_OPTIONS, default=1),
        options=tuple(
            _option(form, f"{at}.options.{n}") for n in range(MOST_OPTIONS) if _is_named(form, f"{at}.options.{n}")
        ),
    )


def _option(form: Fields, at: str) -> OptionDraft:
    return OptionDraft(
        name=both(form, f"{at}.name", most=60),
        price=form.maybe_money(f"{at}.price") or Money.zero,
        minutes=form.whole(f"{at}.minutes", high=240, default=0),
    )


def _is_named(form: Fields, at: str) -> bool:
    return bool(form.raw(f"{at}.name.zh").strip() or form.raw(f"{at}.name.en").strip())
