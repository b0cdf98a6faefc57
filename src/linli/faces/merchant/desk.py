"""What all pages of the desk share: whose desk it is, asked once and only for a whole page."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse

from linli.faces.shell.requests import MerchantRequest
from linli.trade.shops import queries as shops


def show(request: MerchantRequest, template: str, /, **values: Any) -> HttpResponse:
    """This will answer with a page of the desk; a part of a page does not ask for the shop's name."""
    called = {} if request.htmx.partial else shops.names(shops=[request.shop])
    return request.render(f"merchant/{template}", shop_name=called.get(request.shop, {}), **values)
