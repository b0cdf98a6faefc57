"""Couriers, tasks and runs for tests: `a_round()` is a shop, a home, a courier on shift and what is to be carried."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from builders.clock import AT
from builders.people import a_person, a_phone
from builders.places import Community, Home, a_community, a_home
from builders.shops import Shop, a_shop
from linli.ground.places import queries as places
from linli.kernel import ids
from linli.kernel.ids import OrderId, PartyId, TaskId
from linli.kernel.money import Money
from linli.money.ledger import actions as ledger
from linli.money.ledger.rules import platform_book
from linli.reach.handover import actions as handover
from linli.spine.scope import SYSTEM, Role, Scope
from linli.trade.delivery import actions, queries, rules
from linli.trade.delivery.rules import Asked, Kind, Vehicle

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
OPERATOR = Scope(role=Role.PLATFORM)


@dataclass(frozen=True)
class Round:
    """A shop and homes of one community, and who carries between them."""

    community: Community
    shop: Shop
    homes: tuple[Home, ...]
    codes: dict[OrderId, str] = field(default_factory=dict)

    def asked(
        self, nth: int = 0, *, kind: Kind = Kind.NOW, ready_in: timedelta = timedelta(), **given: object
    ) -> Asked:
        """What an order for the nth home asks for."""
        values: dict[str, object] = {
            "order": OrderId(ids.new()),
            "shop": self.shop.id,
            "community": self.community.id,
            "building": None,
            "home": self.homes[nth].id,
            "kind": kind,
            "slot": None,
            "ready_at": AT + ready_in,
            "promised_at": AT + 45 * MINUTE,
            "portions": 1,
            "fee": Money(400),
        }
        return Asked(**(values | given))  # type: ignore[arg-type]

    def task(self, nth: int = 0, *, ready: bool = True, at: datetime = AT, **given: object) -> TaskId:
        """An order that waits for a courier; its code is known to its buyer."""
        asked = self.asked(nth, **given)  # type: ignore[arg-type]
        (task,) = actions.ask_delivery(self.shop.scope, asked=[asked], at=at)
        (self.codes[asked.order],) = handover.handover_open(
            SYSTEM, fors=[asked.order], kinds=["order"], places=[self.shop.id], due_ats=[at + HOUR], at=at
        )
        if ready:
            actions.goods_ready(self.shop.scope, order=asked.order, at=at)
        return task

    def a_courier(self, *, by: Scope = OPERATOR, vehicle: Vehicle = Vehicle.TRIKE, on_shift: bool = True) -> Scope:
        """A courier of the platform (or of whoever lets them in), on shift now."""
        person = a_person(phone=a_phone())
        communities = by.communities if by.role is Role.PROPERTY else ()
        actions.keep_courier(
            by, person=person, city=self.community.city, vehicle=vehicle, communities=communities, at=AT
        )
        scope = Scope(role=Role.COURIER, person=person, city=self.community.city)
        if on_shift:
            self.on_shift(scope, by=by)
        return scope

    def on_shift(self, courier: Scope, *, by: Scope = OPERATOR, at: datetime = AT, hours: int = 4) -> ids.ShiftId:
        (shift,) = actions.plan_shifts(by, city=self.community.city, starts_at=at, ends_at=at + hours * HOUR, at=at)
        actions.take_shift(courier, shift=shift, at=at)
        actions.start_shift(courier, shift=shift, at=at)
        return shift

    def given(self, courier: Scope, nth: int = 0, *, at: datetime = AT, **how: object) -> TaskId:
        """An order that a courier has to carry."""
        task = self.task(nth, at=at, **how)  # type: ignore[arg-type]
        actions.assign_tasks(OPERATOR, tasks=[task], courier=me(courier), at=at)
        return task

    def taken(self, courier: Scope, nth: int = 0, *, at: datetime = AT, **how: object) -> TaskId:
        """An order whose goods a courier has with them."""
        task = self.given(courier, nth, at=at, **how)
        actions.collect_goods(courier, task=task, at=at)
        return task

    def page(self, task: TaskId, *, scope: Scope = OPERATOR) -> queries.TaskPage:
        return queries.task_page(scope, task=task)

    def code(self, task: TaskId) -> str:
        return self.codes[self.page(task).order]

    @property
    def book(self) -> str:
        return platform_book(self.community.city)


def me(scope: Scope) -> PartyId:
    assert scope.person is not None
    return scope.person


def a_round(*doors: str) -> Round:
    """This will build a shop with homes around it, in a city whose book is open."""
    community = a_community()
    card = places.city(community.city)
    ledger.open_book(SYSTEM, book=platform_book(community.city), currency=card.currency, timezone=card.timezone, at=AT)
    homes = tuple(a_home(door, community=community).with_owner() for door in doors or ("3-2-501", "3-1-102", "7-1-301"))
    shop = a_shop(community=community).open_around_the_clock()
    return Round(community, shop, homes)


__all__ = ["HOUR", "MINUTE", "OPERATOR", "Round", "a_round", "me", "rules"]
