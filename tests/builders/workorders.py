"""Workers, raised orders and their steps for tests."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from builders.billing import Desk, a_desk
from builders.clock import AT
from builders.people import a_person, a_phone
from builders.places import Home
from linli.estate.workorders import actions, queries, rules
from linli.ground.people import actions as people
from linli.kernel.ids import WorkOrderId
from linli.spine.may import Duty
from linli.spine.scope import SYSTEM, Scope

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


@dataclass(frozen=True)
class Crew:
    """A community's desk with its workers and a home that needs something."""

    desk: Desk
    home: Home

    @property
    def steward(self) -> Scope:
        return self._staff(Duty.STEWARD)

    @property
    def resident(self) -> Scope:
        return self.home.scope

    def a_worker(self, *skills: rules.Skill, most_open: int | None = None) -> Scope:
        """This will employ a technician and let them do work here."""
        scope = self._staff(Duty.TECHNICIAN)
        assert scope.person is not None
        actions.keep_worker(
            self.desk.scope,
            community=self.desk.community.id,
            person=scope.person,
            skills=skills or (rules.Skill.PLUMBING,),
            most_open=most_open,
            at=AT,
        )
        return scope

    def _staff(self, duty: Duty) -> Scope:
        phone = a_phone()
        people.add_company_staff(
            self.desk.scope, company=self.desk.company, name="张师傅", phone=phone, duty=duty, at=AT
        )
        return replace(self.desk.scope, person=a_person(phone=phone), duty=duty)

    def raised(self, word: str = "tap", *, at: datetime = AT, **given: object) -> WorkOrderId:
        """This will raise an order of a type as the resident."""
        return actions.raise_work_order(
            self.resident,
            community=self.desk.community.id,
            type_id=self.type_id(word),
            home=self.home.id,
            words="水龙头一直滴水",
            at=at,
            **given,
        )

    def type_id(self, word: str) -> UUID:
        found = queries.types_here(SYSTEM, community=self.desk.community.id, at=AT)
        return next(card.type for card in found if card.word == word)

    def given(self, worker: Scope, word: str = "tap", *, at: datetime = AT, **how: object) -> WorkOrderId:
        order = self.raised(word, at=at, **how)
        assert worker.person is not None
        actions.give_work(self.desk.scope, order=order, person=worker.person, at=at)
        return order

    def working(self, worker: Scope, word: str = "tap", *, at: datetime = AT, **how: object) -> WorkOrderId:
        order = self.given(worker, word, at=at, **how)
        for step in (actions.accept_work, actions.arrive_at_work):
            step(worker, order=order, at=at)
        return order

    def done(self, worker: Scope, word: str = "tap", *, at: datetime = AT, **how: object) -> WorkOrderId:
        order = self.working(worker, word, at=at, **how)
        actions.finish_work(worker, order=order, answer="换了阀芯", at=at)
        return order

    def page(self, order: WorkOrderId, *, scope: Scope | None = None, at: datetime = AT) -> queries.OrderPage:
        return queries.order_page(scope or self.desk.scope, order=order, at=at)


def a_crew() -> Crew:
    desk = a_desk()
    actions.add_default_types(SYSTEM, company=desk.company, at=AT)
    people.add_company_staff(desk.scope, company=desk.company, name="李经理", phone=a_phone(), at=AT)
    return Crew(desk, desk.a_home("3-2-501"))
