"""The choices that a prepared listing leaves to its buyer."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from linli.kernel.ids import ListingId
from linli.kernel.refusals import Invalid
from linli.kernel.words import _
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.scope import Scope
from linli.trade.catalogue import rules
from linli.trade.catalogue.actions.owning import own_listing
from linli.trade.catalogue.actions.rows import add_groups
from linli.trade.catalogue.models import OptionGroup
from linli.trade.catalogue.rules import GroupDraft, Kind


@action(needs=May.KEEP_CATALOGUE)
def set_choices(scope: Scope, *, listing: ListingId, groups: Sequence[GroupDraft], at: datetime) -> None:
    """This will replace the choices of a prepared listing; the old ones stay for the orders that name them."""
    row = own_listing(scope, listing)
    if row.kind != Kind.PREPARED:
        raise Invalid("groups", _("Only prepared food has choices"))
    rules.check_groups(groups, at="")
    OptionGroup.objects.filter(listing=row, listed=True).update(listed=False)
    add_groups([(row.pk, groups)])
