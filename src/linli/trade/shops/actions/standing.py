"""The platform judges a shop: approved, refused, suspended, reinstated; and a merchant may leave for good."""

from __future__ import annotations

from datetime import datetime

from linli.ground.people import actions as people
from linli.kernel.ids import CityId, PartyId, ShopId
from linli.kernel.refusals import Refusal
from linli.kernel.words import _
from linli.reach.notify import actions as notify
from linli.reach.notify.rules import named
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.outbox import tell
from linli.spine.scope import SYSTEM, Role, Scope
from linli.trade.shops import events
from linli.trade.shops.actions.moving import move, own, reason
from linli.trade.shops.models import Licence, Shop
from linli.trade.shops.rules import LicenceKind, LicenceState, ShopKind, ShopVerb, required_licences


class LicenceMissing(Refusal):
    """The kind of shop needs a licence that is not accepted, or no longer valid."""

    says = _("These licences have to be accepted and valid first: {kinds}.")


@action(needs=May.APPROVE_SHOPS, private=("why",))
def approve(scope: Scope, *, shop: ShopId, why: str = "", at: datetime) -> None:
    """This will open the market to a shop whose licences are in order, and give its applicant the merchant's role."""
    row = own(scope, shop)
    _insist_on_licences(row, at)
    move(scope, row, ShopVerb.APPROVE, why=why, at=at)
    if row.applicant:
        people.grant_role(
            scope,
            party=PartyId(row.applicant),
            role=Role.MERCHANT,
            level="shop",
            place=shop,
            label=row.name,
            acts_for=PartyId(row.merchant),
            at=at,
        )
    tell(events.ShopApproved(shop=shop, city=CityId(row.city), merchant=PartyId(row.merchant), at=at))


@action(needs=May.APPROVE_SHOPS, private=("why",))
def refuse(scope: Scope, *, shop: ShopId, why: str, at: datetime) -> None:
    """This will refuse an application with the reason, which the merchant reads and may answer by applying again."""
    move(scope, own(scope, shop), ShopVerb.REFUSE, why=reason(why), at=at)
    tell(events.ShopRefused(shop=shop, at=at))


@action(needs=May.APPROVE_SHOPS, private=("why",))
def suspend(scope: Scope, *, shop: ShopId, why: str, at: datetime) -> None:
    """This will stop a shop from selling, and tell its merchant; orders that are open go on."""
    row = own(scope, shop)
    move(scope, row, ShopVerb.SUSPEND, why=reason(why), at=at)
    _write(row, "shop_suspended", at)
    tell(events.ShopSuspended(shop=shop, at=at))


@action(needs=May.APPROVE_SHOPS, private=("why",))
def reinstate(scope: Scope, *, shop: ShopId, why: str, at: datetime) -> None:
    """This will let a suspended shop sell again, when its licences are in order, and tell its merchant."""
    row = own(scope, shop)
    _insist_on_licences(row, at)
    move(scope, row, ShopVerb.REINSTATE, why=reason(why), at=at)
    _write(row, "shop_reinstated", at)
    tell(events.ShopReinstated(shop=shop, at=at))


@action(needs=May.RUN_SHOP, private=("why",))
def close(scope: Scope, *, shop: ShopId, why: str = "", at: datetime) -> None:
    """This will end a shop for good; its orders, statements and history stay."""
    move(scope, own(scope, shop), ShopVerb.CLOSE, why=why, at=at)
    tell(events.ShopClosed(shop=shop, at=at))


def _write(row: Shop, template: str, at: datetime) -> None:
    """A message to who keeps a shop; the reason stands in the shop's settings alone."""
    to = [PartyId(person) for person in filter(None, {row.merchant, row.applicant})]
    notify.queue_messages(SYSTEM, to=to, template=template, values=named("shop", row.name), at=at)


def _insist_on_licences(row: Shop, at: datetime) -> None:
    valid = {
        LicenceKind(kind)
        for kind, expires_on in Licence.objects.inside()
        .filter(shop=row, state=LicenceState.ACCEPTED.value)
        .values_list("kind", "expires_on")
        if expires_on is None or expires_on > at.date()
    }
    if missing := required_licences(ShopKind(row.kind)) - valid:
        raise LicenceMissing(kinds=", ".join(sorted(missing)))
