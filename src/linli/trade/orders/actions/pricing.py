"""From named things to a priced quote: what it costs, on whose terms, or why not. Private to the actions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from linli.ground.places import queries as places
from linli.ground.policies.queries import policy
from linli.kernel import ids
from linli.kernel.ids import CommunityId, HomeId, LineId, OptionId, OrderId, PartyId, ShopId, VariantId
from linli.kernel.refusals import Invalid, NotFound, Refusal
from linli.kernel.words import _
from linli.spine import sql
from linli.spine.scope import Scope
from linli.spine.sql import Part
from linli.trade.catalogue import queries as catalogue
from linli.trade.catalogue.queries import PricedVariant
from linli.trade.catalogue.rules import PricedOption, WrongChoices, check_choices
from linli.trade.delivery.rules import DropOff
from linli.trade.orders import rules
from linli.trade.orders.actions.bringing import bring, brought, terms_of
from linli.trade.shops import queries as shops
from linli.trade.shops.queries import SaleTerms


class OutOfStock(Refusal):
    """There is less of it than was asked for."""

    says = _("There is not enough of this left.")


class NotForSale(Refusal):
    """The thing is not sold in this community now."""

    says = _("This is not sold here at the moment.")


class NothingToOrder(Refusal):
    """An order of nothing."""

    says = _("There is nothing to order yet.")
    status = 422


class NotBuyer(Refusal):
    """Only a person buys."""

    says = _("Please sign in to order.")
    status = 403


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A thing that somebody wants, by name: never a price."""

    variant: VariantId
    quantity: int
    options: tuple[OptionId, ...] = ()


def buyer_of(scope: Scope) -> PartyId:
    """This will tell who buys."""
    if scope.person is None:
        raise NotBuyer
    return scope.person


def reached(scope: Scope, community: CommunityId) -> None:
    """This will refuse a community that the asker does not live in."""
    if community not in scope.communities:
        raise NotFound("community", field="community")


def community_of(scope: Scope, home: HomeId) -> CommunityId:
    """This will tell where a home of the asker stands; any other home does not exist for them."""
    if home not in scope.homes:
        raise NotFound("home", field="home")
    if len(scope.communities) == 1:  # the homes of a scope stand in its communities
        return scope.communities[0]
    return places.home(home).community


@dataclass(frozen=True, slots=True)
class Offered:
    """What the catalogue and the shops say of what is asked for, read in one trip."""

    prices: Mapping[VariantId, PricedVariant]
    terms: Mapping[ShopId, SaleTerms]


def offered(*, community: CommunityId, asked: Sequence[Asked], when: datetime) -> Offered:
    """This will ask what things cost in a community, and on whose terms they are sold at that time."""
    variants = [each.variant for each in asked]
    prices, terms = sql.answers(
        catalogue.prices_question(community=community, variants=Part.of(variants)),
        shops.terms_question(
            Part(
                "SELECT %s::timestamptz AS at, catalogue_shops(%s::uuid[]) AS shops, %s::uuid AS community",
                (when, variants, community),
            )
        ),
    )
    return Offered(prices, terms)


def make_quote(
    scope: Scope,
    *,
    community: CommunityId,
    home: HomeId,
    asked: Sequence[Asked],
    known: Offered | None = None,
    fulfilments: Mapping[ShopId, rules.Fulfilment] | None = None,
    otherwise: rules.Fulfilment | None = None,
    window: rules.Window | None,
    drop_off: DropOff | None = DropOff.DOOR,
    wished: Sequence[DropOff] = (),
    at: datetime,
) -> rules.Quote:
    """This will price what is asked, one order per shop, or refuse with the field that has to change.

    `fulfilments` says how a shop's goods come, `otherwise` how those of the others do; unsaid, a shop that delivers
    delivers, by itself or by the platform's couriers. With a window the shops have to be open when it begins, without
    one now; what couriers bring in a slot is collected when it begins. What is not `known` is asked.
    """
    if window and (fault := rules.window_fault(window, at)):
        raise Invalid("window", fault)
    market = places.market_of(community)
    limits = policy(scope, rules.OrderPolicy, at=at, community=community, city=market.city)
    _check_quantities(asked, limits)
    known = known or offered(community=community, asked=asked, when=window.start if window else at)
    goods = _goods(asked, known.prices)
    chosen = {shop: (fulfilments or {}).get(shop, otherwise) for shop in goods}
    bringing = bring(community, known.terms, chosen, window=window, at=at)
    orders = []
    for shop, lines in goods.items():
        numbered = [(LineId(ids.new()), each) for each in lines]
        sale, fulfilment = bringing.terms[shop], bringing.fulfilments[shop]
        orders.append(rules.price_order(OrderId(ids.new()), terms_of(sale), fulfilment, numbered))
    orders = brought(orders, bringing, window=window, drop_off=drop_off, wished=wished, at=at)
    return rules.Quote(
        community=community,
        city=market.city,
        currency=market.currency,
        timezone=market.timezone,
        home=home,
        window=window,
        patience=rules.patience(limits),
        orders=tuple(orders),
    )


def _check_quantities(asked: Sequence[Asked], limits: rules.OrderPolicy) -> None:
    if not asked:
        raise NothingToOrder(field="lines")
    if len(asked) > limits.basket_lines:
        raise Invalid("lines", _("At most {most} different things at once."), most=limits.basket_lines)
    for n, each in enumerate(asked):
        check_quantity(each.quantity, limits, f"lines.{n}.quantity")


def check_quantity(quantity: int, limits: rules.OrderPolicy, field: str) -> None:
    """This will refuse a number of pieces that nobody can order."""
    if not 1 <= quantity <= limits.line_quantity:
        raise Invalid(field, _("Between 1 and {most} pieces."), most=limits.line_quantity)


def _goods(asked: Sequence[Asked], prices: Mapping[VariantId, PricedVariant]) -> dict[ShopId, list[rules.Goods]]:
    found: dict[ShopId, list[rules.Goods]] = {}
    for n, each in enumerate(asked):
        priced = prices.get(each.variant)
        if priced is None:
            raise NotForSale(field=f"lines.{n}.variant", variant=str(each.variant))
        found.setdefault(priced.shop, []).append(goods_of(each, priced, f"lines.{n}.options"))
    return found


def goods_of(asked: Asked, priced: PricedVariant, field: str) -> rules.Goods:
    """This will put a variant's price and the chosen options together."""
    try:
        check_choices(priced.groups, priced.options, asked.options)
    except WrongChoices as wrong:
        wrong.field = (wrong.field or "options").replace("options", field, 1)
        raise
    return rules.Goods(
        variant=priced.variant,
        listing=priced.listing,
        shop=priced.shop,
        title=priced.name,
        label=priced.label,
        kind=priced.kind,
        list_price=priced.list_price,
        place_price=priced.price,
        choices=tuple(_choice(option, priced.options[option]) for option in asked.options),
        quantity=asked.quantity,
    )


def _choice(option: OptionId, priced: PricedOption) -> rules.Choice:
    return rules.Choice(option=option, name=priced.name, price=priced.price, minutes=priced.minutes)


def out_of_stock(variant: str, lines: Iterable[VariantId]) -> OutOfStock:
    """This will make the refusal for the variant that is short, naming the first line that asks for it."""
    nth = next((n for n, each in enumerate(lines) if str(each) == variant), 0)
    return OutOfStock(field=f"lines.{nth}.quantity", variant=variant)
