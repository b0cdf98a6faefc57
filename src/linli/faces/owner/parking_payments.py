"""Paying for a stay by the QR at the exit: a plate, an amount, a provider; nobody signs in or learns whose it is."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseRedirect

from linli.estate.parking import actions, queries
from linli.faces.shell.addresses import url
from linli.faces.shell.pages import page
from linli.faces.shell.requests import OwnerRequest

CHANNELS = ("wechat", "alipay")


@page("owner", "GET", "parking/<str:code>/", name="parking-payment", public=True)
def show(request: OwnerRequest, code: str) -> HttpResponse:
    """This will ask for a plate, and tell what is due under it."""
    plate = request.query.maybe_text("plate", most=20) or request.form.maybe_text("plate", most=20)
    quote = queries.driver_quote(request.scope, code=code, plate=plate, at=request.at) if plate else None
    return request.render(
        "owner/parking-payment.jinja",
        code=code,
        plate=plate,
        quote=quote,
        channels=CHANNELS,
        is_back=request.query.flag("back"),
    )


@page("owner", "POST", "parking/<str:code>/", name="parking-payment", public=True)
def create(request: OwnerRequest, code: str) -> HttpResponse:
    """This will bring the driver to the provider's page."""
    plate = request.form.text("plate", most=20)
    back = request.http.build_absolute_uri(url("owner:parking-payment", code, plate=plate, back=1))
    pay_page = actions.pay_as_driver(
        request.scope,
        code=code,
        plate=plate,
        channel=request.form.text("channel", most=20),
        return_url=back,
        at=request.at,
    )
    return HttpResponseRedirect(pay_page.url, status=303)
