"""The picture of a listing: one, which everybody may see."""

from __future__ import annotations

from datetime import datetime

from linli.ground.files import actions as files
from linli.kernel.ids import FileId, ListingId
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.scope import Scope
from linli.trade.catalogue.actions.owning import own_listing
from linli.trade.catalogue.models import Listing


@action(needs=May.KEEP_CATALOGUE, private=("file_name", "content"))
def upload_picture(scope: Scope, *, listing: ListingId, file_name: str, content: bytes, at: datetime) -> FileId:
    """This will keep a picture, drawn anew, and show the listing by it."""
    own_listing(scope, listing)
    picture = files.keep_file(scope, name=file_name, content=content, purpose="listing_picture", at=at)
    set_picture(scope, listing=listing, picture=picture, at=at)
    return picture


@action(needs=May.KEEP_CATALOGUE)
def set_picture(scope: Scope, *, listing: ListingId, picture: FileId | None, at: datetime) -> None:
    """This will show a listing by another picture, or by none."""
    own_listing(scope, listing)
    Listing.objects.filter(pk=listing).update(picture=picture)
