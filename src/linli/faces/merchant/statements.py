"""What was earned and taken back in a month, line by line, and what left for the bank."""

from __future__ import annotations

from django.http import HttpResponse

from linli.faces.merchant.desk import show
from linli.faces.shell.addresses import url
from linli.faces.shell.downloads import download
from linli.faces.shell.months import chosen_month
from linli.faces.shell.pages import page
from linli.faces.shell.payout_sheets import payouts_sheet
from linli.faces.shell.requests import MerchantRequest
from linli.faces.shell.sheets import most_rows
from linli.faces.shell.sorting import Sorting
from linli.kernel.ids import OrderId
from linli.money.payouts import queries
from linli.money.payouts.queries import LineSort
from linli.trade.orders import queries as orders

LATEST_PAYOUTS = 12


@page("merchant", "GET", "statement/")
def statement(request: MerchantRequest) -> HttpResponse:
    """This will show a month of the payee who keeps this shop."""
    month = chosen_month(request.query, at=request.at)
    after = request.query.whole("after", default=0, high=10**12)
    sorting = Sorting.of(request, "merchant:statement", tuple(LineSort), {"month": month.word})
    found = queries.statement(
        request.scope,
        payee=request.merchant,
        period=month.period,
        order=LineSort(sorting.key) if sorting.key else LineSort.AT,
        is_rising=sorting.is_rising or not sorting.key,
        after=after,
        limit=100,
    )
    payouts = queries.payouts(request.scope, payee=request.merchant, limit=LATEST_PAYOUTS + 1)
    more = (
        url("merchant:statement", month=month.word, by=sorting.word or None, after=found.next) if found.next else None
    )
    return show(
        request,
        "statement.jinja",
        statement=found,
        month=month,
        numbers=orders.order_numbers(request.scope, orders={line.order for line in found.lines}),
        payouts=payouts[:LATEST_PAYOUTS],
        are_more_payouts=len(payouts) > LATEST_PAYOUTS,
        more=more,
        sorting=sorting,
        payee=queries.payee(request.scope, payee=request.merchant),
    )


@page("merchant", "GET", "statement/orders/<uuid:order>/", name="earning")
def earning(request: MerchantRequest, order: OrderId) -> HttpResponse:
    """This will explain what the shop has of one order, share by share."""
    found = orders.order_earning(request.scope, order=order)
    return show(request, "earning.jinja", earning=found)


@page("merchant", "GET", "statement/file/", name="statement-file")
def file(request: MerchantRequest) -> HttpResponse:
    """This will give the month as a file to take away."""
    month = chosen_month(request.query, at=request.at)
    form = request.query.raw("form")
    found = queries.statement_file(request.scope, payee=request.merchant, period=month.period, form=form)
    return download(found.name, found.mime, found.content)


@page("merchant", "GET", "statement/payouts/file/", name="payouts-file")
def payouts_file(request: MerchantRequest) -> HttpResponse:
    """This will give every payout of the shop's payee as a sheet."""
    return payouts_sheet(request, queries.payouts(request.scope, payee=request.merchant, limit=most_rows()))
