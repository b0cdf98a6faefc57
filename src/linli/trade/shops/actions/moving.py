"""How a shop moves through its life: its row is locked, the life decides, and a line says who, when and why."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from linli.kernel.ids import ShopId
from linli.kernel.refusals import Invalid, NotFound
from linli.kernel.words import _
from linli.spine.scope import Scope
from linli.trade.shops.models import Move, Shop
from linli.trade.shops.queries import may_see
from linli.trade.shops.rules import SHOP_LIFE, ShopState, ShopVerb

MOST_WHY = 1000


def move(scope: Scope, shop: Shop, verb: ShopVerb, *, why: str, at: datetime) -> None:
    """This will move a locked shop and write the line, or refuse with WrongState."""
    before = ShopState(shop.state)
    after = SHOP_LIFE.after(before, verb)
    shop.state = after.value
    shop.save(update_fields=["state"])
    write(scope, shop.pk, verb=verb.value, before=before.value, after=after.value, why=why, at=at)


def write(
    scope: Scope, shop: UUID, *, verb: str, before: str, after: str, why: str, at: datetime, licence: UUID | None = None
) -> None:
    """This will write a line of the shop's history."""
    Move.objects.create(
        shop_id=shop,
        licence_id=licence,
        verb=verb,
        before=before,
        after=after,
        person=scope.person,
        why=why.strip(),
        at=at,
    )


def locked(shop: ShopId) -> Shop:
    """This will lock a shop's row until the transaction ends, or refuse with NotFound."""
    row = Shop.objects.select_for_update().filter(pk=shop).first()
    if row is None:
        raise NotFound("shop")
    return row


def own(scope: Scope, shop: ShopId) -> Shop:
    """This will lock the scope's own shop, or for an operator one of their city; any other does not exist."""
    row = locked(shop)
    if not (scope.works_in(row.city) or scope.shop == shop):
        raise NotFound("shop")
    return row


def own_or_applied_for(scope: Scope, shop: ShopId) -> Shop:
    """This will lock a shop for its merchant or its applicant; somebody else's does not exist."""
    row = locked(shop)
    if not may_see(scope, shop=shop, city=row.city, applicant=row.applicant):
        raise NotFound("shop")
    return row


def reason(why: str) -> str:
    """This will refuse a decision without a reason: the merchant has to know what to change."""
    if not why.strip() or len(why) > MOST_WHY:
        raise Invalid("why", _("Please give the reason in 1 to {most} characters"), most=MOST_WHY)
    return why.strip()
