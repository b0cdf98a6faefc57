"""The terms of the sale: the commission in a community and the property company's share of it, from a day on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import IntegrityError, transaction

from linli.kernel.ids import CommunityId, ShopId
from linli.kernel.money import BASIS_POINTS
from linli.kernel.refusals import Invalid, Refusal
from linli.kernel.words import _
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.scope import Scope
from linli.trade.shops.actions.moving import own
from linli.trade.shops.models import Terms

MOST_COMMUNITIES = 200
HIGHEST_COMMISSION_BP = 5000


class TermsOverlap(Refusal):
    """Other terms are already settled within that time."""

    says = _("Other terms are already settled within that time; end them first.")


@action(needs=May.APPROVE_SHOPS)
def set_terms(
    scope: Scope,
    *,
    shop: ShopId,
    communities: Sequence[CommunityId],
    commission_bp: int,
    property_share_bp: int,
    start_at: datetime,
    end_at: datetime | None = None,
    at: datetime,
) -> None:
    """This will settle what the platform keeps of a sale in these communities from a time on.

    The terms in force then end there; what was sold before keeps the terms that were frozen with its sale.
    """
    row = own(scope, shop)
    if not 0 <= commission_bp <= HIGHEST_COMMISSION_BP:
        raise Invalid("commission_bp", _("Between 0 and {most} basis points"), most=HIGHEST_COMMISSION_BP)
    if not 0 <= property_share_bp <= BASIS_POINTS:
        raise Invalid("property_share_bp", _("Between 0 and {most} basis points"), most=BASIS_POINTS)
    if start_at < at:
        raise Invalid("start_at", _("Terms cannot begin in the past"))
    if end_at is not None and end_at <= start_at:
        raise Invalid("end_at", _("Terms end after they begin"))
    wanted = list(dict.fromkeys(communities))
    if not 0 < len(wanted) <= MOST_COMMUNITIES:
        raise Invalid("communities", _("Between 1 and {most} communities"), most=MOST_COMMUNITIES)
    before = Terms.objects.filter(shop=row, community__in=wanted, start_at__lt=start_at)
    before.exclude(end_at__lte=start_at).update(end_at=start_at)
    try:
        with transaction.atomic():
            Terms.objects.bulk_create(
                Terms(
                    shop=row,
                    community=community,
                    commission_bp=commission_bp,
                    property_share_bp=property_share_bp,
                    start_at=start_at,
                    end_at=end_at,
                )
                for community in wanted
            )
    except IntegrityError as error:
        raise TermsOverlap(field="start_at") from error
