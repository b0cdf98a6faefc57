"""How goods come to their buyer: fetched, brought by the shop, or by couriers, in which slot and for which fee.

Private to the actions. Where no shop of a checkout has its goods brought by couriers, delivery is not asked anything.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from linli.kernel.ids import CommunityId, OrderId, ShopId
from linli.kernel.money import Money
from linli.kernel.refusals import Invalid, NotFound, Refusal
from linli.kernel.words import _
from linli.trade.delivery import queries as delivery
from linli.trade.delivery.actions import CutOff, KitchenFull, OutsideZones, SlotFull
from linli.trade.delivery.queries import Offered, OfferedSlot
from linli.trade.delivery.rules import DropOff, Way, first_place, shared
from linli.trade.orders import rules
from linli.trade.shops import queries as shops
from linli.trade.shops.queries import SaleTerms
from linli.trade.shops.rules import Carrier, DoorState, refusal

Fulfilments = Mapping[ShopId, rules.Fulfilment]
BY_DEFAULT = {
    Carrier.NONE: rules.Fulfilment.PICK_UP,
    Carrier.SHOP: rules.Fulfilment.SHOP_DELIVERY,
    Carrier.POOL: rules.Fulfilment.POOLED,
}


class NoDelivery(Refusal):
    """The shop's goods do not come that way."""

    says = _("This shop does not deliver; its goods are picked up at the shop.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Bringing:
    """On what terms shops sell, how their goods come, and what couriers offer where they bring any of them."""

    terms: Mapping[ShopId, SaleTerms]
    fulfilments: Fulfilments
    offered: Offered | None
    slot: OfferedSlot | None


def bring(
    community: CommunityId,
    terms: Mapping[ShopId, SaleTerms],
    chosen: Mapping[ShopId, rules.Fulfilment | None],
    *,
    window: rules.Window | None,
    at: datetime,
) -> Bringing:
    """This will decide how the goods of each shop come, or refuse with the shop that is closed or brings none so."""
    for shop in chosen:
        if shop not in terms:
            raise NotFound("shop", field=f"shops.{shop}")
    when = window.start if window else at
    pooling = [shop for shop in chosen if terms[shop].carrier is Carrier.POOL]
    insist_open([shop for shop in chosen if shop not in pooling], terms)
    offered = delivery.offered(community=community, shops=pooling, at=at) if pooling else None
    come = {shop: fulfilment_of(terms[shop], wish, offered) for shop, wish in chosen.items()}
    slot = None
    if offered is not None and any(each.in_slot for each in come.values()):
        slot = _slot(offered, window)
    for group, instant in _groups({shop: come[shop] for shop in pooling}, window, slot, at).items():
        found = terms if instant == when else shops.sale_terms(community=community, shops=group, at=instant)
        insist_open(group, found)
    return Bringing(terms=terms, fulfilments=come, offered=offered, slot=slot)


def fulfilment_of(sale: SaleTerms, chosen: rules.Fulfilment | None, offered: Offered | None) -> rules.Fulfilment:
    """This will give the way that was chosen, or the shop's own; refused where the goods do not come so or here."""
    nobody_comes = sale.carrier is Carrier.POOL and (offered is None or offered.zone is None)
    if chosen is None:
        return rules.Fulfilment.PICK_UP if nobody_comes else BY_DEFAULT[sale.carrier]
    if chosen is rules.Fulfilment.SHOP_DELIVERY and sale.carrier is not Carrier.SHOP:
        raise NoDelivery(field=f"shops.{sale.shop}.fulfilment")
    if chosen.way and sale.carrier is not Carrier.POOL:
        raise NoDelivery(field=f"shops.{sale.shop}.fulfilment")
    if chosen.way and nobody_comes:
        raise OutsideZones(field=f"shops.{sale.shop}.fulfilment")
    return chosen


def _slot(offered: Offered, window: rules.Window | None) -> OfferedSlot:
    slot = offered.slot_at(window.start if window else None)
    if slot is None:
        raise CutOff(field="window") if window else SlotFull(field="window", axis="drops")
    if not slot.left:
        raise SlotFull(field="window", axis="drops")
    return slot


def _groups(
    come: Fulfilments, window: rules.Window | None, slot: OfferedSlot | None, at: datetime
) -> dict[tuple[ShopId, ...], datetime]:
    """The shops by the instant at which they have to be open."""
    by_instant: dict[datetime, list[ShopId]] = {}
    for shop, fulfilment in come.items():
        by_instant.setdefault(_instant(fulfilment, window, slot, at), []).append(shop)
    return {tuple(group): instant for instant, group in by_instant.items()}


def _instant(
    fulfilment: rules.Fulfilment, window: rules.Window | None, slot: OfferedSlot | None, at: datetime
) -> datetime:
    if fulfilment is rules.Fulfilment.NOW:
        return at
    if fulfilment.in_slot and slot:
        return slot.start_at
    return window.start if window else at


def insist_open(wanted: Iterable[ShopId], found: Mapping[ShopId, SaleTerms]) -> None:
    """This will refuse with the first shop that does not sell here at that time."""
    for shop in wanted:
        terms = found.get(shop)
        if terms is None:
            raise NotFound("shop", field=f"shops.{shop}")
        refused = refusal(shop, DoorState(terms.is_open, terms.closed_why, terms.next_opening_at))
        if refused is not None:
            refused.field = f"shops.{shop}"
            raise refused


def still_open(quote: rules.Quote, at: datetime) -> None:
    """This will refuse a quote one of whose shops is closed when couriers come for its goods."""
    by_instant: dict[datetime, list[ShopId]] = {}
    for order in quote.orders:
        if not order.terms.pools:
            continue
        now = order.fulfilment is rules.Fulfilment.NOW
        window = None if now else order.window or quote.window
        by_instant.setdefault(window.start if window else at, []).append(order.terms.shop)
    for instant, group in by_instant.items():
        insist_open(group, shops.sale_terms(community=quote.community, shops=group, at=instant))


def brought(
    orders: Sequence[rules.PricedOrder],
    bringing: Bringing,
    *,
    window: rules.Window | None,
    drop_off: DropOff | None,
    wished: Sequence[DropOff] = (),
    at: datetime,
) -> list[rules.PricedOrder]:
    """This will give orders that couriers bring their slot, their part of the fee and an honest promise.

    Where nobody said this time where they are left, it is the first place that is `wished` for at their home.
    """
    offered = bringing.offered
    if offered is None or not any(order.fulfilment.way for order in orders):
        return [replace(order, window=window) for order in orders]
    drop_off = drop_off or first_place(offered.terms.places, wished)
    if drop_off not in offered.terms.places:
        raise Invalid("drop_off", _("Goods cannot be left there in this community."))
    fees = _fees(orders, offered, bringing.slot)
    return [_brought(order, bringing, offered, window, drop_off, fees, at) for order in orders]


def _brought(
    order: rules.PricedOrder,
    bringing: Bringing,
    offered: Offered,
    window: rules.Window | None,
    drop_off: DropOff,
    fees: Mapping[OrderId, Money],
    at: datetime,
) -> rules.PricedOrder:
    if order.fulfilment.way is None:
        return replace(order, window=window)
    fee = fees[order.order]
    slot = bringing.slot
    if order.fulfilment.in_slot and slot:
        span = rules.Window(slot.start_at, slot.end_at)
        is_shared = order.fulfilment is rules.Fulfilment.POOLED
        terms = replace(order.terms, free_delivery_from=offered.free_from(slot) if is_shared else None)
        return replace(order, terms=terms, delivery_fee=fee, window=span, slot=slot.slot, drop_off=drop_off)
    minutes = offered.minutes_now(order.terms.shop, order.prepared, otherwise=order.terms.minutes_promised, at=at)
    if minutes is None:
        raise KitchenFull(field=f"shops.{order.terms.shop}", shop=str(order.terms.shop))
    terms = replace(order.terms, minutes_promised=minutes)
    return replace(order, delivery_fee=fee, terms=terms, drop_off=drop_off)


def _fees(orders: Sequence[rules.PricedOrder], offered: Offered, slot: OfferedSlot | None) -> dict[OrderId, Money]:
    """One fee for what one run brings: all that is pooled, all that comes alone in the slot, and each trip at once."""
    runs: dict[tuple[Way, OrderId | None], dict[OrderId, Money]] = {}
    for order in orders:
        if way := order.fulfilment.way:
            run = way, order.order if way is Way.NOW else None
            runs.setdefault(run, {})[order.order] = order.goods
    return {
        order: part
        for (way, _run), goods in runs.items()
        for order, part in shared(offered.fee(way, Money.total(goods.values()), slot), goods).items()
    }


def terms_of(sale: SaleTerms) -> rules.Terms:
    """This will keep of a shop's terms what an order freezes; who carries is paid: a courier, or the merchant.

    Couriers of the platform are paid by the task, out of the fees that the platform takes: then it is nobody.
    """
    return rules.Terms(
        shop=sale.shop,
        name=sale.name,
        merchant=sale.merchant,
        carrier=sale.courier or sale.merchant,
        company=sale.company,
        commission_bp=sale.commission_bp,
        property_share_bp=sale.property_share_bp,
        delivery_fee=sale.delivery_fee,
        free_delivery_from=sale.free_delivery_from,
        minutes_promised=sale.minutes_promised,
        pools=sale.carrier is Carrier.POOL,
    )
