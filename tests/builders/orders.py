"""Orders for tests: `an_order(rice, 2).paid().accepted().ready()`; everything goes through the doors of the house."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from builders.clock import AT
from builders.places import Home, a_home
from builders.shops import Listing, Shop
from linli.kernel.ids import CheckoutId, CollectionId, OrderId
from linli.kernel.money import Money
from linli.money.payments import actions as payments
from linli.money.payments.rules import EventKind, Outcome, Told
from linli.reach.handover.rules import Redeemed
from linli.spine import outbox
from linli.spine.scope import SYSTEM, Scope
from linli.trade.orders import actions, queries, rules

PSP = "embedded"


def collect(collection: CollectionId, amount: Money, *, at: datetime, reference: str | None = None) -> str:
    """This will have the provider say that a collection was paid, and give the effect of its word."""
    return payments.record_told(
        SYSTEM,
        told=Told(
            source=PSP,
            kind=EventKind.CHARGE,
            outcome=Outcome.SUCCESS,
            reference=reference or str(collection),
            provider_reference=f"ch-{reference or collection}",
            address=f"psp_clearing:{PSP}",
            amount=amount,
            fee=Money.zero,
            currency="CNY",
            occurred_at=at,
        ),
        at=at,
    )


def climb(at: datetime) -> None:
    """This will let every fact climb until nobody reacts any more."""
    far = at + timedelta(days=3650)  # facts are told by the database's clock, which a test does not turn
    while outbox.drain(at=far):
        pass


@dataclass(frozen=True)
class Order:
    """One shop's order and everybody around it; each verb gives the order at a later instant."""

    id: OrderId
    checkout: CheckoutId
    collection: CollectionId
    shop: Shop
    buyer: Scope
    total: Money
    at: datetime

    @property
    def page(self) -> queries.OrderPage:
        return queries.order_page(self.buyer, order=self.id)

    @property
    def state(self) -> rules.OrderState:
        return self.page.state

    @property
    def lines(self) -> tuple[queries.OrderPageLine, ...]:
        return self.page.lines

    def later(self, **how: float) -> Order:
        return replace(self, at=self.at + timedelta(**how))

    def paid(self) -> Order:
        assert collect(self.collection, self.total, at=self.at) == "collected"
        climb(self.at)
        return self.later(minutes=1)

    def promised(self) -> Order:
        """To be paid in cash when it is handed over; the shop has it."""
        assert actions.promise_cash(self.buyer, checkout=self.checkout, at=self.at) == (self.id,)
        return self.later(minutes=1)

    def accepted(self) -> Order:
        actions.accept_order(self.shop.scope, order=self.id, at=self.at)
        return self.later(minutes=1)

    def ready(self) -> Order:
        actions.finish_order(self.shop.scope, order=self.id, at=self.at)
        return self.later(minutes=1)

    def dispatched(self) -> Order:
        actions.dispatch_order(self.shop.scope, order=self.id, at=self.at)
        return self.later(minutes=1)

    def handed_over(self) -> Order:
        page = self.page
        assert page.code is not None
        answer = actions.hand_over_order(
            self.shop.scope, order=self.id, code=page.code, cash=page.to_pay or None, at=self.at
        )
        assert answer is Redeemed.OK
        return self.later(minutes=1)

    def completed(self) -> Order:
        """From placed to completed in one breath."""
        return self.paid().accepted().ready().handed_over()

    def closed(self) -> Order:
        at = self.at + timedelta(days=8)
        assert actions.close_orders(SYSTEM, orders=[self.id], at=at) == 1
        return replace(self, at=at)


def placed(buyer: Scope, *asked: actions.Asked, home: Home, at: datetime = AT, **how: object) -> actions.Placed:
    """This will order in one call, as the programs do."""
    return actions.order_now(buyer, lines=asked, home=home.id, at=at, **how)  # type: ignore[arg-type]


def an_order(
    listing: Listing, quantity: int = 1, *more: tuple[Listing, int], home: Home | None = None, at: datetime = AT,
    fulfilment: rules.Fulfilment | None = None, options: tuple[UUID, ...] = (), **how: object
) -> Order:  # fmt: skip
    """An order of one shop that waits to be paid."""
    home = home or a_home(community=listing.shop.community).with_owner()
    asked = [actions.Asked(variant=listing.variant, quantity=quantity, options=options)]  # type: ignore[arg-type]
    asked += [actions.Asked(variant=other.variant, quantity=n) for other, n in more]
    done = actions.order_now(home.scope, lines=asked, home=home.id, fulfilment=fulfilment, at=at, **how)  # type: ignore[arg-type]
    assert len(done.orders) == 1
    return Order(done.orders[0], done.checkout, done.collection, listing.shop, home.scope, done.total, at)
