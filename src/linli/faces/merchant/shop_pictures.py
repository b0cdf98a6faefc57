"""The picture that neighbours know a shop by: chosen, replaced, taken away."""

from __future__ import annotations

from django.http import HttpResponse

from linli.faces.merchant.desk import show
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import MerchantRequest
from linli.trade.shops import actions
from linli.trade.shops import queries as shops


@page("merchant", "GET", "settings/picture/", name="shop-picture")
def choose(request: MerchantRequest) -> HttpResponse:
    """This will show the picture and ask for another one."""
    return show(request, "shop-picture.jinja", shop=shops.shop(request.scope, shop=request.shop))


@page("merchant", "POST", "settings/picture/", name="shop-picture")
def create(request: MerchantRequest) -> HttpResponse:
    """This will show the shop by the picture that was chosen."""
    chosen = request.form.file("file")
    actions.upload_picture(
        request.scope, shop=request.shop, file_name=chosen.name, content=chosen.content, at=request.at
    )
    return see_other("merchant:shop-picture", said=_("Neighbours see the new picture within seconds."))


@page("merchant", "POST", "settings/picture/removal/", name="shop-picture-removal", asks="merchant:shop-picture")
def remove(request: MerchantRequest) -> HttpResponse:
    """This will show the shop without a picture."""
    actions.remove_picture(request.scope, shop=request.shop, at=request.at)
    return see_other("merchant:shop-picture", said=_("The picture is gone."))
