"""The basket: what a person means to buy in a community, where it shall go and when. It names things, never prices."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from uuid import UUID

import psycopg
from django.db import DatabaseError

from linli.ground.policies.queries import policy
from linli.kernel import ids
from linli.kernel.ids import BasketId, CommunityId, HomeId, OptionId, ShopId, VariantId
from linli.kernel.refusals import Invalid, NotFound, Refusal
from linli.kernel.words import _
from linli.spine import sql
from linli.spine.action import action, conclude
from linli.spine.may import May
from linli.spine.scope import Scope
from linli.trade.catalogue import queries as catalogue
from linli.trade.catalogue.rules import WrongChoices
from linli.trade.delivery import queries as delivery
from linli.trade.delivery.actions import CutOff, OutsideZones
from linli.trade.delivery.rules import DropOff
from linli.trade.orders import rules
from linli.trade.orders.actions.pricing import (
    Asked,
    NotForSale,
    buyer_of,
    check_quantity,
    community_of,
    goods_of,
    reached,
)


class BasketFull(Refusal):
    """A basket has its limits."""

    says = _("Your basket is full. Please order what is in it first.")


@action(needs=May.SHOP_FOR_GOODS)
def add_to_basket(
    scope: Scope,
    *,
    community: CommunityId,
    variant: VariantId,
    quantity: int = 1,
    options: Sequence[OptionId] = (),
    at: datetime,
) -> None:
    """This will put more of a thing into the basket; with other options it is another line.

    With nothing chosen, which is most of what is bought, the database is asked once: it says what is in the way.
    """
    person = buyer_of(scope)
    limits = limits_of(scope, community, at)
    check_quantity(quantity, limits, "quantity")
    chosen = tuple(sorted(options))
    if chosen:
        priced = catalogue.prices(community=community, variants=[variant]).get(variant)
        if priced is None:
            raise NotForSale(field="variant", variant=str(variant))
        goods_of(Asked(variant=variant, quantity=quantity, options=chosen), priced, "options")
    with full_baskets(limits, variant):
        conclude(
            "SELECT orders_basket_put(%s, %s, %s, %s, %s, %s::uuid[], %s, %s, %s, %s, %s)",
            ids.new(),
            person,
            community,
            ids.new(),
            variant,
            sql.as_ids(chosen),
            quantity,
            limits.basket_lines,
            limits.line_quantity,
            at,
            not chosen,
        )


@action(needs=May.SHOP_FOR_GOODS)
def change_basket_line(scope: Scope, *, community: CommunityId, line: UUID, quantity: int, at: datetime) -> None:
    """This will set how many pieces of a line are wanted."""
    check_quantity(quantity, limits_of(scope, community, at), "quantity")
    touched = sql.run(
        "UPDATE orders_basket_line SET quantity = %s WHERE id = %s AND basket_id = %s",
        quantity,
        line,
        _touch(scope, community, at),
    )
    if not touched:
        raise NotFound("line", field="line")


@action(needs=May.SHOP_FOR_GOODS)
def remove_basket_line(scope: Scope, *, community: CommunityId, line: UUID, at: datetime) -> None:
    """This will take a line out of the basket; one that is gone already is no matter."""
    basket = _touch(scope, community, at)
    sql.run("DELETE FROM orders_basket_line WHERE id = %s AND basket_id = %s", line, basket)


@action(needs=May.SHOP_FOR_GOODS)
def set_basket_home(scope: Scope, *, home: HomeId, at: datetime) -> None:
    """This will say to which of the buyer's homes the goods of its community's basket go."""
    person, community = buyer_of(scope), community_of(scope, home)
    conclude("SELECT orders_basket_home(%s, %s, %s, %s, %s)", ids.new(), person, community, home, at)


@action(needs=May.SHOP_FOR_GOODS)
def choose_fulfilment(
    scope: Scope, *, community: CommunityId, shop: ShopId, fulfilment: rules.Fulfilment, at: datetime
) -> None:
    """This will say how the goods of one shop shall come; whether it brings them is checked when prices are locked."""
    sql.run(
        "UPDATE orders_basket SET choices = choices || jsonb_build_object(%s::text, %s::text) WHERE id = %s",
        str(shop),
        fulfilment.value,
        _touch(scope, community, at),
    )


@action(needs=May.SHOP_FOR_GOODS)
def choose_window(scope: Scope, *, community: CommunityId, window: rules.Window | None, at: datetime) -> None:
    """This will say when the goods shall come; None is as soon as possible."""
    if window and (fault := rules.window_fault(window, at)):
        raise Invalid("window", fault)
    reached(scope, community)
    conclude(
        "SELECT orders_basket_window(%s, %s, %s, %s, %s, %s)",
        ids.new(),
        buyer_of(scope),
        community,
        window and window.start,
        window and window.end,
        at,
    )


@action(needs=May.SHOP_FOR_GOODS)
def choose_delivery(
    scope: Scope,
    *,
    community: CommunityId,
    shops: Sequence[ShopId],
    fulfilment: rules.Fulfilment,
    start_at: datetime | None = None,
    drop_off: DropOff = DropOff.DOOR,
    at: datetime,
) -> None:
    """This will have the goods of these shops come by courier: in the slot that begins then, in the first, or now.

    Whether there is a place is asked when prices are locked, and again, with the last word, when they are placed.
    """
    if fulfilment.way is None:
        raise Invalid("fulfilment", _("Please choose how couriers bring it."))
    offered = delivery.offered(community=community, shops=shops, at=at)
    if offered.zone is None:
        raise OutsideZones(field="window")
    slot = offered.slot_at(start_at) if start_at and fulfilment.in_slot else None
    if start_at and fulfilment.in_slot and slot is None:
        raise CutOff(field="window")
    if drop_off not in offered.terms.places:
        raise Invalid("drop_off", _("Goods cannot be left there in this community."))
    sql.run(
        "UPDATE orders_basket SET choices = choices || %s, window_start = %s, window_end = %s, drop_off = %s"
        " WHERE id = %s",
        sql.as_json({str(shop): fulfilment.value for shop in shops}),
        slot and slot.start_at,
        slot and slot.end_at,
        drop_off.value,
        _touch(scope, community, at),
    )


@contextmanager
def full_baskets(limits: rules.OrderPolicy, variant: VariantId | None = None) -> Iterator[None]:
    """This will put what the basket's own function refuses into words."""
    try:
        yield
    except DatabaseError as error:
        match getattr(error.__cause__, "sqlstate", None):
            case "LC005":
                raise Invalid("quantity", _("Between 1 and {most} pieces."), most=limits.line_quantity) from error
            case "LC006":
                raise BasketFull(field="variant") from error
            case "LC007":
                raise _hindrance(error, variant) from error
        raise


def _hindrance(error: DatabaseError, variant: VariantId | None) -> Refusal:
    said = str(error.__cause__.diag.message_detail) if isinstance(error.__cause__, psycopg.Error) else ""
    if said == "unsold":
        return NotForSale(field="variant", variant=str(variant))
    group, least, most = said.split()
    return WrongChoices(field=f"options.{group}", group=group, least=int(least), most=int(most))


def limits_of(scope: Scope, community: CommunityId, at: datetime) -> rules.OrderPolicy:
    """This will give the limits of baskets in a community that the scope reaches."""
    reached(scope, community)
    return policy(scope, rules.OrderPolicy, at=at, community=community)


def _touch(scope: Scope, community: CommunityId, at: datetime) -> BasketId:
    """The person's basket there, opened if need be and of a new version: locked prices were for another one."""
    person = buyer_of(scope)
    reached(scope, community)
    row = sql.fetch_one(
        "SELECT orders_basket_touch(%s, %s, %s, %s)",
        ids.new(),
        person,
        community,
        at,
    )
    if row is None:
        raise NotFound("basket")
    return BasketId(row[0])
