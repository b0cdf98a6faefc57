"""The picture of a listing: chosen, replaced, taken away."""

from __future__ import annotations

from django.http import HttpResponse

from linli.faces.shell.messages import gettext as _
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import MerchantRequest
from linli.kernel.ids import ListingId
from linli.trade.catalogue import actions


@page("merchant", "POST", "goods/<uuid:listing>/picture/", name="listing-picture", asks="merchant:listing")
def create(request: MerchantRequest, listing: ListingId) -> HttpResponse:
    """This will show a listing by the picture that was chosen."""
    chosen = request.form.file("file")
    actions.upload_picture(request.scope, listing=listing, file_name=chosen.name, content=chosen.content, at=request.at)
    return see_other("merchant:listing", listing, said=_("The picture is on the shelf."))


@page("merchant", "POST", "goods/<uuid:listing>/picture-removal/", asks="merchant:listing")
def remove(request: MerchantRequest, listing: ListingId) -> HttpResponse:
    """This will show a listing without a picture."""
    actions.set_picture(request.scope, listing=listing, picture=None, at=request.at)
    return see_other("merchant:listing", listing, said=_("The picture is gone."))
