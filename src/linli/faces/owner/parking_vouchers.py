"""A shop's voucher used by its guest: by the QR that the shop shows, or typed where the parking is paid."""

from __future__ import annotations

from django.http import HttpResponse

from linli.estate.parking import actions, queries
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import OwnerRequest


@page("owner", "GET", "parking/vouchers/<str:voucher>/", name="parking-voucher", public=True)
def show(request: OwnerRequest, voucher: str) -> HttpResponse:
    """This will tell what a voucher takes off, and ask for the plate of the car."""
    return request.render(
        "owner/parking-voucher.jinja",
        voucher=voucher,
        offer=queries.offered(request.scope, code=voucher, at=request.at),
    )


@page("owner", "POST", "parking/vouchers/<str:voucher>/", name="parking-voucher", public=True)
def use(request: OwnerRequest, voucher: str) -> HttpResponse:
    """This will use the voucher for a car, and go on to what is still due."""
    return _used(request, voucher)


@page(
    "owner",
    "POST",
    "parking/<str:code>/voucher/",
    name="parking-voucher-use",
    asks="owner:parking-payment",
    public=True,
)
def type_in(request: OwnerRequest, code: str) -> HttpResponse:  # noqa: ARG001 - the address of the page it came from
    """This will use a voucher whose code was typed where the parking is paid."""
    return _used(request, request.form.text("voucher", most=20))


def _used(request: OwnerRequest, voucher: str) -> HttpResponse:
    plate = request.form.text("plate", most=20)
    lot = actions.redeem_voucher(request.scope, code=voucher, plate=plate, at=request.at)
    return see_other("owner:parking-payment", lot, plate=plate, said=_("The voucher is used for your car."))
