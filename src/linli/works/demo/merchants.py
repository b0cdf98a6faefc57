"""The merchants of `--live`: they look at their boards, take each order a step further, and now and then refuse one."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import datetime
from random import Random
from uuid import UUID

from linli.ground.people import queries as people
from linli.kernel.ids import OrderId, PartyId, ShopId, VariantId
from linli.kernel.refusals import Refusal
from linli.reach.handover.rules import Redeemed
from linli.spine.scope import SYSTEM, Role, Scope
from linli.trade.orders import actions as orders
from linli.trade.orders import queries as boards
from linli.trade.orders.queries import BoardCard
from linli.trade.orders.rules import Fulfilment, OrderState
from linli.trade.stock import actions as stock
from linli.works.demo.town import MERCHANT_PHONE, RESIDENT_PHONE, Town

WAIT_S: dict[OrderState, tuple[float, float]] = {
    OrderState.PAID: (4, 15),
    OrderState.PROMISED: (4, 15),
    OrderState.ACCEPTED: (5, 20),
    OrderState.PREPARING: (10, 40),
    OrderState.READY: (8, 30),
    OrderState.IN_DELIVERY: (20, 60),
}
"""How long an order rests in each state before somebody moves it."""
A_VISITOR_S = 600.0
"""The shop whose sign-in the demo prints is its visitor's: so long each of its orders waits for a person."""
MOST_WAITING = 6
"""Where more than so many wait there, the oldest are taken care of as anywhere, and neighbours order elsewhere."""
REFUSES = 0.03
GRANTS = 0.8
LOOK_EVERY_S = 2.0
RESTOCKED = 40
_SORRY = "刚刚售完，抱歉。"


class Merchants:
    """Everybody behind a counter. Steps are drawn by order and state, so that a restart goes on as before."""

    def __init__(self, town: Town, received: Callable[[Scope, OrderId, datetime], None]) -> None:
        self.busy: frozenset[ShopId] = frozenset()
        self._received = received
        self._owners = tuple(shop.owner.phone for shop in town.shops)
        self._scopes: dict[str, Scope] = {}
        self._visitor: PartyId | None = None
        self._since: dict[tuple[OrderId, OrderState], float] = {}
        self._looked = 0.0
        self._open = 0

    def work(self, at: datetime) -> int:
        """This will take what is due on every board a step further, and tell how many orders are under way."""
        if time.monotonic() - self._looked < LOOK_EVERY_S:
            return self._open
        self._looked, cards = time.monotonic(), 0
        seen: set[tuple[OrderId, OrderState]] = set()
        for phone in self._owners:
            scope = self._scope(phone, at)
            if scope is None:
                continue
            board = boards.shop_board(scope)
            here = sorted((*board.new, *board.preparing, *board.ready, *board.on_its_way), key=lambda card: card.order)
            if phone == MERCHANT_PHONE:
                self.busy = frozenset({scope.shop} if scope.shop and len(here) > MOST_WAITING else ())
            for nth, card in enumerate(here):
                cards += 1
                seen.add((card.order, card.state))
                visited = phone == MERCHANT_PHONE and nth >= len(here) - MOST_WAITING
                if self._is_due(card, visited=visited):
                    self._step(scope, card, at)
            if phone != MERCHANT_PHONE:
                self._answer(scope, at)
        self._since = {key: since for key, since in self._since.items() if key in seen}
        self._open = cards
        return cards

    def restock(self, variant: object, at: datetime) -> None:
        """This will have the owner of goods that ran out receive more of them."""
        if not isinstance(variant, str):
            return
        try:
            stock.receive_batch(SYSTEM, variant=VariantId(UUID(variant)), quantity=RESTOCKED, at=at)
        except Refusal:
            return

    def _is_due(self, card: BoardCard, *, visited: bool) -> bool:
        key = (card.order, card.state)
        since = self._since.setdefault(key, time.monotonic())
        wait = A_VISITOR_S if visited else Random(f"{card.order}{card.state}").uniform(*WAIT_S[card.state])
        return time.monotonic() - since >= wait

    def _step(self, scope: Scope, card: BoardCard, at: datetime) -> None:
        try:
            self._move(scope, card, at)
        except Refusal:
            return  # somebody at a page was faster; the next look tells

    def _move(self, scope: Scope, card: BoardCard, at: datetime) -> None:
        match card.state:
            case OrderState.PAID | OrderState.PROMISED if Random(f"{card.order}refused").random() < REFUSES:
                orders.refuse_order(scope, order=card.order, reason=_SORRY, at=at)
            case OrderState.PAID | OrderState.PROMISED:
                orders.accept_order(scope, order=card.order, at=at)
            case OrderState.ACCEPTED:
                orders.prepare_order(scope, order=card.order, at=at)
            case OrderState.PREPARING:
                orders.finish_order(scope, order=card.order, at=at)
            case OrderState.READY | OrderState.IN_DELIVERY if card.fulfilment.way:
                return  # a courier's to collect and hand over, and the courier is whoever signs in as one
            case OrderState.READY if card.fulfilment is Fulfilment.SHOP_DELIVERY:
                orders.dispatch_order(scope, order=card.order, at=at)
            case _:
                self._hand_over(scope, card, at)

    def _hand_over(self, scope: Scope, card: BoardCard, at: datetime) -> None:
        """The buyer says the code, unless the buyer is the visitor: a person fetches and confirms by themselves."""
        if card.buyer == self._the_visitor():
            return
        buyer = Scope(role=Role.RESIDENT, person=card.buyer)
        code = boards.order_page(buyer, order=card.order).code
        if not code:
            return
        cash = card.to_pay or None
        if orders.hand_over_order(scope, order=card.order, code=code, cash=cash, at=at) is Redeemed.OK:
            self._received(buyer, card.order, at)

    def _answer(self, scope: Scope, at: datetime) -> None:
        """Complaints, except where a visitor stands behind the counter."""
        for asked in boards.refund_requests(scope):
            grant = Random(f"{asked.refund}").random() < GRANTS
            reason = "" if grant else "我们核对过，出店时完好。"
            try:
                orders.answer_refund(scope, refund=asked.refund, grant=grant, reason=reason, at=at)
            except Refusal:
                continue  # its buyer, or somebody at a page, was faster

    def _scope(self, phone: str, at: datetime) -> Scope | None:
        if phone not in self._scopes:
            person = people.person_by_phone(SYSTEM, phone=phone)
            hats = people.hats(SYSTEM, person=person, at=at) if person else ()
            scope = next((hat.scope for hat in hats if hat.role == Role.MERCHANT), None)
            if scope is None:
                return None
            self._scopes[phone] = scope
        return self._scopes[phone]

    def _the_visitor(self) -> PartyId | None:
        if self._visitor is None:
            self._visitor = people.person_by_phone(SYSTEM, phone=RESIDENT_PHONE)
        return self._visitor
