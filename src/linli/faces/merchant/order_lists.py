"""All orders of the shop: found by number, state and day, as a sheet, and steps taken with those that are ticked."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.http import HttpResponse

from linli.faces.merchant.desk import show
from linli.faces.merchant.order_steps import take_with_ticked
from linli.faces.shell import voice
from linli.faces.shell.addresses import url
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.messages import in_language
from linli.faces.shell.pages import page
from linli.faces.shell.requests import MerchantRequest
from linli.faces.shell.sheets import most_rows, sheet
from linli.faces.shell.sorting import Sorting
from linli.ground.places import queries as places
from linli.kernel.ids import OrderId
from linli.trade.orders import queries
from linli.trade.orders.queries import OrderSort, OrdersWanted, ShopOrder
from linli.trade.orders.rules import Fulfilment, OrderState

A_PAGE = 50
MOST_NUMBER = 40
STATES = tuple(state for state in OrderState if state is not OrderState.PLACED)
"""An order that is not paid yet is none of the shop's business."""


@dataclass(frozen=True)
class Chosen:
    """What the address narrows the list to; what it names strangely narrows nothing."""

    number: str
    state: OrderState | None
    fulfilment: Fulfilment | None
    first: date | None
    last: date | None

    @property
    def asked(self) -> dict[str, object]:
        """As it stands in the address."""
        return {
            "number": self.number or None,
            "state": self.state.value if self.state else None,
            "fulfilment": self.fulfilment.value if self.fulfilment else None,
            "first": self.first,
            "last": self.last,
        }


@page("merchant", "GET", "orders/")
def index(request: MerchantRequest) -> HttpResponse:
    """This will list the shop's orders, the latest first, the open and the ended."""
    chosen = _chosen(request)
    sorting = Sorting.of(request, "merchant:orders", tuple(OrderSort), chosen.asked)
    after = request.query.maybe_id("after")
    found = _found(request, chosen, sorting, after=OrderId(after) if after else None, limit=A_PAGE + 1)
    rows = found[:A_PAGE]
    last = rows[-1].order if found[A_PAGE:] else None
    return show(
        request,
        "orders.jinja",
        orders=rows,
        communities=_communities(rows),
        chosen=chosen,
        states=STATES,
        fulfilments=list(Fulfilment),
        sorting=sorting,
        more=url("merchant:orders", **chosen.asked, by=sorting.word or None, after=last) if last else None,
    )


@page("merchant", "GET", "orders/file/", name="orders-file")
def take_away(request: MerchantRequest) -> HttpResponse:
    """This will give the orders that the list shows as a sheet; whose they are stays on the slip of each."""
    chosen = _chosen(request)
    sorting = Sorting.of(request, "merchant:orders", tuple(OrderSort), chosen.asked)
    found = _found(request, chosen, sorting, limit=most_rows())
    named = _communities(found)
    columns = [_("Number"), _("Ordered"), _("State"), _("How it comes"), _("Community"), _("Units"), _("Goods")]
    columns += [_("Delivery fee"), _("Total"), _("Given back"), _("Paid how"), _("Promised"), _("Completed")]
    rows = (
        (
            *(one.number, one.placed_at, one.state, one.fulfilment, in_language(named.get(one.community, {}))),
            *(one.pieces, one.goods, one.fee, one.total, one.refunded, one.payment),
            *(one.promised_at, one.completed_at),
        )
        for one in found
    )
    return sheet(request.query, "orders", columns, rows)


@page("merchant", "POST", "orders/together/<slug:step>/", name="orders-step", asks="merchant:orders")
def take_with_many(request: MerchantRequest, step: str) -> HttpResponse:
    """This will take a step with the ticked orders."""
    return take_with_ticked(request, step, "merchant:orders")


def _chosen(request: MerchantRequest) -> Chosen:
    query = request.query
    state, fulfilment = query.raw("state"), query.raw("fulfilment")
    return Chosen(
        query.raw("number").strip()[:MOST_NUMBER],
        OrderState(state) if state in STATES else None,
        Fulfilment(fulfilment) if fulfilment in tuple(Fulfilment) else None,
        query.maybe_day("first"),
        query.maybe_day("last"),
    )


def _found(
    request: MerchantRequest, chosen: Chosen, sorting: Sorting, *, after: OrderId | None = None, limit: int
) -> tuple[ShopOrder, ...]:
    return queries.shop_orders(
        request.scope,
        wanted=OrdersWanted(
            state=chosen.state,
            fulfilment=chosen.fulfilment,
            number=chosen.number,
            since=_midnight(chosen.first) if chosen.first else None,
            until=_midnight(chosen.last + timedelta(days=1)) if chosen.last else None,
        ),
        order=OrderSort(sorting.key) if sorting.key else OrderSort.NEWEST,
        is_rising=sorting.is_rising,
        after=after,
        limit=limit,
    )


def _midnight(on: date) -> datetime:
    return datetime.combine(on, time(), voice.current().zone)


def _communities(found: tuple[ShopOrder, ...]) -> dict[object, dict[str, str]]:
    bought_in = {one.community for one in found}
    return {card.id: card.name for card in places.communities(ids=bought_in)} if bought_in else {}
