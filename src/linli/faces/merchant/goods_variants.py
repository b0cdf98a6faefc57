"""One variant of a listing: what is said of it, and whether it is on the shelf."""

from __future__ import annotations

from django.http import HttpResponse

from linli.faces.merchant.desk import show
from linli.faces.merchant.goods import both, kept
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import MerchantRequest
from linli.kernel.ids import ListingId, VariantId
from linli.kernel.refusals import NotFound
from linli.trade.catalogue import actions
from linli.trade.catalogue.queries import KeptListing, KeptVariant


@page("merchant", "GET", "goods/<uuid:listing>/variants/<uuid:variant>/", name="variant")
def show_variant(request: MerchantRequest, listing: ListingId, variant: VariantId) -> HttpResponse:
    """This will show a variant to be changed."""
    found = kept(request, listing)
    return show(request, "variant.jinja", listing=found, variant=variant_of(found, variant))


@page("merchant", "POST", "goods/<uuid:listing>/variants/<uuid:variant>/", name="variant")
def edit(request: MerchantRequest, listing: ListingId, variant: VariantId) -> HttpResponse:
    """This will change what is said of a variant."""
    form = request.form
    variant_of(kept(request, listing), variant)
    actions.edit_variant(
        request.scope,
        variant=variant,
        label=both(form, "label", most=60),
        measure=form.maybe_text("measure", most=20) or "",
        barcode=form.maybe_text("barcode", most=40) or "",
        listed=form.flag("listed"),
        at=request.at,
    )
    return see_other("merchant:listing", listing, said=_("Changed."))


def variant_of(listing: KeptListing, variant: VariantId) -> KeptVariant:
    """This will give a variant of a listing, or refuse with NotFound."""
    found = next((each for each in listing.variants if each.variant == variant), None)
    if found is None:
        raise NotFound("variant")
    return found
