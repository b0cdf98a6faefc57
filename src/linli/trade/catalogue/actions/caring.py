"""What carrying a thing asks for, as its shop says."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from linli.kernel.ids import ListingId
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.scope import Scope
from linli.trade.catalogue.actions.owning import own_listing
from linli.trade.catalogue.models import Listing
from linli.trade.catalogue.rules import Care


@action(needs=May.KEEP_CATALOGUE)
def set_care(scope: Scope, *, listing: ListingId, care: Collection[Care], at: datetime) -> None:
    """This will say how a listing's goods are carried; of what is ordered already nothing changes."""
    own_listing(scope, listing)
    Listing.objects.filter(pk=listing).update(care=sorted({each.value for each in care}))
