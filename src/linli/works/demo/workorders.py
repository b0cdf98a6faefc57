"""The demo's repairs: technicians and stewards with skills, work orders in every state, water that will be off."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import cast

from linli.estate.workorders import actions, queries
from linli.estate.workorders.actions import Hours
from linli.estate.workorders.rules import Skill, Supply
from linli.ground.people import actions as people
from linli.ground.people import queries as known_people
from linli.ground.people.rules import Hat
from linli.kernel.ids import PartyId, WorkOrderId
from linli.kernel.money import Money
from linli.spine.may import Duty
from linli.spine.scope import SYSTEM, Role, Scope
from linli.works.demo.town import COMPANY_PHONE, RESIDENT_PHONE, TECHNICIAN_PHONE

_SECOND_PHONE = "19900000015"
_HOUR = timedelta(hours=1)
_ALL_DAY = tuple(Hours(weekday=day, start_minute=7 * 60, end_minute=22 * 60) for day in range(7))
_SAID = {
    "tap": "厨房水龙头一直滴水。",
    "light": "客厅吸顶灯不亮，换过灯泡还是不行。",
    "noise": "楼上晚上十一点以后还在装修。",
    "door": "阳台推拉门关不上。",
    "drain": "卫生间地漏下水很慢。",
}


def open_counter(*, at: datetime) -> None:
    """This will employ the technicians and leave orders of the demo's resident behind, one in each state."""
    desk, resident = _hat(COMPANY_PHONE, Role.PROPERTY, at), _hat(RESIDENT_PHONE, Role.RESIDENT, at)
    if desk is None or resident is None or desk.company is None:
        return
    actions.add_default_types(SYSTEM, company=desk.company, at=at)
    second = (Skill.CARPENTRY, Skill.ANSWERING, Skill.CLEANING, Skill.PLUMBING)
    first = (Skill.PLUMBING, Skill.ELECTRICS, Skill.SERVICE)
    workers = [
        _worker(desk, desk.company, "陶师傅", TECHNICIAN_PHONE, first, at),
        _worker(desk, desk.company, "邹师傅", _SECOND_PHONE, second, at),
    ]
    _answering(desk, desk.company, at)
    community = resident.communities[0]
    known = {card.word: card.type for card in queries.types_here(resident, community=community, at=at)}

    def raised(word: str, ago: timedelta) -> WorkOrderId:
        return actions.raise_work_order(
            resident, community=community, home=resident.homes[0], type_id=known[word], words=_SAID[word], at=at - ago
        )

    _done(desk, resident, workers[0], raised("tap", 26 * _HOUR), at - 25 * _HOUR)
    _quoted(desk, workers[0], raised("light", 2 * _HOUR), at - _HOUR)
    complaint = raised("noise", 3 * _HOUR)
    actions.give_work(desk, order=complaint, person=_person(workers[1]), at=at - 2 * _HOUR)
    actions.accept_work(workers[1], order=complaint, at=at - _HOUR)
    actions.give_work(desk, order=raised("door", 20 * timedelta(minutes=1)), person=_person(workers[1]), at=at)
    raised("drain", timedelta(minutes=5))
    # Last, for whoever is off duty is given nothing, and a demo may be started at night.
    for each in desk.communities:
        actions.set_rota(desk, community=each, person=_person(workers[1]), hours=_ALL_DAY, at=at)
    tomorrow = (at + timedelta(days=1)).replace(minute=0, second=0, microsecond=0)
    words = "二次供水水箱清洗。"
    actions.announce_outage(
        desk, community=community, supply=Supply.WATER, starts_at=tomorrow, ends_at=tomorrow + 3 * _HOUR, words=words,
        at=at,
    )  # fmt: skip


def _done(desk: Scope, resident: Scope, worker: Scope, order: WorkOrderId, at: datetime) -> None:
    """A repair that was priced, agreed to, done, put on the bill and rated."""
    actions.give_work(desk, order=order, person=_person(worker), at=at)
    actions.accept_work(worker, order=order, at=at)
    actions.arrive_at_work(worker, order=order, at=at + _HOUR)
    price = actions.quote_work(worker, order=order, labour=Money(40_00), what="更换阀芯", at=at + _HOUR)
    actions.agree_to_quote(resident, order=order, amount=price, at=at + _HOUR)
    actions.finish_work(worker, order=order, answer="阀芯已更换，试水正常。", at=at + 2 * _HOUR)
    actions.rate_work(resident, order=order, stars=5, words="来得很快", at=at + 3 * _HOUR)


def _quoted(desk: Scope, worker: Scope, order: WorkOrderId, at: datetime) -> None:
    """One whose price waits for the resident."""
    actions.give_work(desk, order=order, person=_person(worker), at=at)
    actions.accept_work(worker, order=order, at=at)
    actions.arrive_at_work(worker, order=order, at=at)
    actions.quote_work(worker, order=order, labour=Money(65_00), what="更换镇流器", at=at)


def _worker(desk: Scope, company: PartyId, name: str, phone: str, skills: tuple[Skill, ...], at: datetime) -> Scope:
    person = people.add_company_staff(desk, company=company, name=name, phone=phone, duty=Duty.TECHNICIAN, at=at)
    for community in desk.communities:
        actions.keep_worker(desk, community=community, person=person, skills=skills, at=at)
    return _worn(known_people.hats(SYSTEM, person=person, at=at), Role.PROPERTY) or desk


def _answering(desk: Scope, company: PartyId, at: datetime) -> None:
    """Each community's steward answers its complaints, at any hour: a demo may be started at night."""
    for each in known_people.company_staff(desk, company=company, at=at):
        for community in each.communities if each.duty is Duty.STEWARD else ():
            actions.keep_worker(desk, community=community, person=each.party, skills=(Skill.ANSWERING,), at=at)


def _hat(phone: str, role: Role, at: datetime) -> Scope | None:
    person = known_people.person_by_phone(SYSTEM, phone=phone)
    return _worn(known_people.hats(SYSTEM, person=person, at=at), role) if person else None


def _worn(hats: tuple[Hat, ...], role: Role) -> Scope | None:
    return next((hat.scope for hat in hats if hat.role == role), None)


def _person(scope: Scope) -> PartyId:
    return cast(PartyId, scope.person)
