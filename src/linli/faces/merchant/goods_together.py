"""What is done with all goods that were ticked: on or off the shelf, another price, and the markdowns of today."""

from __future__ import annotations

from django.http import HttpResponse

from linli.faces.merchant.order_proposals import marked_down
from linli.faces.shell.chosen import back, chosen
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.messages import in_language, ngettext
from linli.faces.shell.pages import page
from linli.faces.shell.requests import MerchantRequest
from linli.kernel.ids import VariantId
from linli.kernel.refusals import Invalid, NotFound
from linli.kernel.together import Together
from linli.trade.catalogue import actions, queries
from linli.trade.catalogue.actions import PriceChange

LOWEST, HIGHEST = -90, 100
ON_SHELF = {"relisting": True, "unlisting": False}


@page("merchant", "POST", "goods/together/<slug:word>/", name="goods-together", asks="merchant:goods")
def shelve(request: MerchantRequest, word: str) -> HttpResponse:
    """This will put the ticked goods on the shelf or take them off it."""
    if word not in ON_SHELF:
        raise NotFound("word")
    done = actions.shelve(request.scope, variants=_chosen(request), listed=ON_SHELF[word], at=request.at)
    n = len(done.done)
    if ON_SHELF[word]:
        said = ngettext("{n} is on the shelf.", "{n} are on the shelf.", n)
    else:
        said = ngettext("{n} is off the shelf.", "{n} are off the shelf.", n)
    return _told(request, "merchant:goods", done, said)


@page("merchant", "POST", "goods/prices/", name="goods-prices", asks="merchant:goods")
def reprice(request: MerchantRequest) -> HttpResponse:
    """This will move the prices of the ticked goods by so many per cent."""
    percent = request.form.whole("percent", low=LOWEST, high=HIGHEST)
    if not percent:
        raise Invalid("percent", _("By how many per cent?"))
    changes = [PriceChange(each, percent * 100) for each in _chosen(request)]
    done = actions.change_prices(request.scope, changes=changes, at=request.at)
    n = len(done.done)
    by = f"{percent:+}"
    said = ngettext("{n} price is changed by {by} %.", "{n} prices are changed by {by} %.", n, by=by)
    return _told(request, "merchant:goods", done, said)


@page("merchant", "POST", "proposals/markdowns/", name="markdowns", asks="merchant:order-proposals")
def mark_down(request: MerchantRequest) -> HttpResponse:
    """This will take as much off the prices of the ticked goods as is proposed for them today.

    The form carries the prices that were shown, so that pressing it again does not lower them again.
    """
    proposed = marked_down(request)
    ticked = _chosen(request)
    changes = [
        PriceChange(each, -proposed[each], was=request.form.money(f"was.{each}"), is_markdown=True)
        for each in ticked
        if each in proposed
    ]
    if not changes:
        raise Invalid("chosen", _("Nothing is proposed for these any more."))
    done = actions.change_prices(request.scope, changes=changes, at=request.at)
    said = ngettext("{n} price is lowered.", "{n} prices are lowered.", len(done.done))
    return _told(request, "merchant:order-proposals", done, said)


def _chosen(request: MerchantRequest) -> list[VariantId]:
    return [VariantId(each) for each in chosen(request)]


def _told(request: MerchantRequest, page_: str, together: Together, said: str) -> HttpResponse:
    left = [VariantId(each.of) for each in together.refused]
    cards = queries.kept_variants(request.scope, shop=request.shop, variants=left) if left else {}
    return back(request, page_, together, said=said, names={of: in_language(card.name) for of, card in cards.items()})
