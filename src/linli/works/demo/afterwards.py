"""Afterwards: what simulated neighbours say of what they received: stars, words, now and then a complaint."""

from __future__ import annotations

from collections import deque
from datetime import datetime, timedelta
from random import Random

from linli.kernel.ids import OrderId
from linli.kernel.refusals import Refusal
from linli.spine.scope import Scope
from linli.trade.orders import actions as orders
from linli.trade.orders import queries as known
from linli.trade.orders.rules import RefundAsk
from linli.trust.reviews import actions as reviews
from linli.works.clockwork.fates import praise

REVIEWS = 0.35
COMPLAINS = 0.06
MOST_REMEMBERED = 200
_THINKS_S = (20, 90)
_COMPLAINT = "有一件坏了，请退一件。"


class Afterwards:
    """Who has received what lately, and when they will say something about it."""

    def __init__(self, draw: Random) -> None:
        self._draw = draw
        self._received: deque[tuple[datetime, Scope, OrderId]] = deque(maxlen=MOST_REMEMBERED)

    def remember(self, buyer: Scope, order: OrderId, at: datetime) -> None:
        """This will note that a buyer has an order now."""
        self._received.append((at + timedelta(seconds=self._draw.randint(*_THINKS_S)), buyer, order))

    def speak(self, at: datetime) -> None:
        """This will have whoever has thought long enough review, complain, or say nothing at all."""
        while self._received and self._received[0][0] <= at:
            _due, buyer, order = self._received.popleft()
            roll = self._draw.random()
            try:
                if roll < COMPLAINS:
                    self._complain(buyer, order, at)
                elif roll < COMPLAINS + REVIEWS:
                    stars = self._draw.choice((3, 4, 4, 5, 5, 5))
                    reviews.write_review(buyer, order=order, stars=stars, text=praise(f"{order}", stars), at=at)
            except Refusal:
                continue  # somebody at a page, or the clock, was faster

    def _complain(self, buyer: Scope, order: OrderId, at: datetime) -> None:
        line = known.order_page(buyer, order=order).lines[0].line
        asked = (RefundAsk(line=line, quantity=1),)
        orders.request_refund(buyer, order=order, lines=asked, reason=_COMPLAINT, at=at)
