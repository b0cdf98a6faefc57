"""What carrying a thing asks for, as its shop says."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from linli.kernel.ids import ListingId
from linli.kernel.refusals import Invalid
from linli.kernel.words import _
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.scope import Scope
from linli.trade.catalogue.actions.owning import own_listing
from linli.trade.catalogue.models import Listing
from linli.trade.catalogue.rules import MOST_PIECES, Care


@action(needs=May.KEEP_CATALOGUE)
def set_care(scope: Scope, *, listing: ListingId, care: Collection[Care], heavy_from: int = 1, at: datetime) -> None:
    """This will say how a listing's goods are carried; of what is ordered already nothing changes.

    Of heavy goods, `heavy_from` pieces together are heavy: one rice cooker, but only six bottles of water.
    """
    own_listing(scope, listing)
    if not 1 <= heavy_from <= MOST_PIECES:
        raise Invalid("heavy_from", _("Between 1 and {most} pieces"), most=MOST_PIECES)
    Listing.objects.filter(pk=listing).update(care=sorted({each.value for each in care}), heavy_from=heavy_from)
