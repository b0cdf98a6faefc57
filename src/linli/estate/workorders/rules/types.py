"""The types that a company begins with: it renames, prices and retires them as it likes."""

from __future__ import annotations

from dataclasses import dataclass

from linli.estate.workorders.rules.clocks import Minutes
from linli.estate.workorders.rules.words import Kind, Skill, Way

_HOUR, _DAY = 60, 24 * 60
_USUAL = Minutes(accept=30, arrive=2 * _HOUR, finish=_DAY)
_URGENT = Minutes(accept=10, arrive=30, finish=4 * _HOUR)
_ANSWER = Minutes(accept=2 * _HOUR, arrive=_DAY, finish=3 * _DAY)
_SERVICE = Minutes(accept=4 * _HOUR, arrive=_DAY, finish=2 * _DAY)

_BROUGHT = Minutes(accept=2 * _HOUR, arrive=2 * _HOUR, finish=4 * _HOUR)
"""Whoever fills a bin comes soon after the goods that go into it."""


@dataclass(frozen=True, slots=True)
class OwnPromise:
    """How fast a type is done in a community, and how it finds who does it (None: as the policy says)."""

    minutes: Minutes
    way: Way | None = None


@dataclass(frozen=True, slots=True)
class DefaultType:
    """One node of the tree; `under` is the word of the one above it, empty for the first of a kind."""

    word: str
    under: str
    kind: Kind
    skill: Skill
    minutes: Minutes
    zh: str
    en: str
    warranty_days: int = 0
    at_home: bool = True
    price_minor: int | None = None


_R, _C, _K, _H = Kind.REPAIR, Kind.COMPLAINT, Kind.CLEANING, Kind.HOUSEKEEPING

DEFAULT_TYPES: tuple[DefaultType, ...] = (
    DefaultType("repair", "", _R, Skill.PLUMBING, _USUAL, "报修", "Repair", 90),
    DefaultType("water", "repair", _R, Skill.PLUMBING, _USUAL, "水管与洁具", "Water and fittings", 90),
    DefaultType("leak", "water", _R, Skill.PLUMBING, _URGENT, "漏水、爆管", "Leak or burst pipe", 90),
    DefaultType("drain", "water", _R, Skill.PLUMBING, _USUAL, "下水堵塞", "Blocked drain", 30),
    DefaultType("tap", "water", _R, Skill.PLUMBING, _USUAL, "龙头、马桶", "Tap or toilet", 90),
    DefaultType("power", "repair", _R, Skill.ELECTRICS, _USUAL, "用电", "Electricity", 90),
    DefaultType("no_power", "power", _R, Skill.ELECTRICS, _URGENT, "家中断电", "No power at home", 90),
    DefaultType("light", "power", _R, Skill.ELECTRICS, _USUAL, "灯具、开关、插座", "Lamp, switch or socket", 90),
    DefaultType("door", "repair", _R, Skill.CARPENTRY, _USUAL, "门窗锁具", "Door, window or lock", 90),
    DefaultType("lift", "repair", _R, Skill.LIFTS, _URGENT, "电梯", "Lift", 0, at_home=False),
    DefaultType("access", "repair", _R, Skill.ACCESS, _USUAL, "门禁、对讲", "Entrance or intercom", 0, at_home=False),
    DefaultType("public", "repair", _R, Skill.CARPENTRY, _USUAL, "公共设施", "Public place", 0, at_home=False),
    DefaultType("complaint", "", _C, Skill.ANSWERING, _ANSWER, "投诉与建议", "Complaint or advice"),
    DefaultType("noise", "complaint", _C, Skill.ANSWERING, _ANSWER, "噪音扰民", "Noise"),
    DefaultType("service", "complaint", _C, Skill.ANSWERING, _ANSWER, "物业服务", "The company's service"),
    DefaultType("neighbour", "complaint", _C, Skill.ANSWERING, _ANSWER, "邻里与宠物", "Neighbours and pets"),
    DefaultType("fees", "complaint", _C, Skill.ANSWERING, _ANSWER, "收费疑问", "Fees"),
    DefaultType("advice", "complaint", _C, Skill.ANSWERING, _ANSWER, "建议与表扬", "Advice or praise"),
    DefaultType("cleaning", "", _K, Skill.CLEANING, _USUAL, "保洁", "Cleaning", at_home=False),
    DefaultType("stairs", "cleaning", _K, Skill.CLEANING, _USUAL, "楼道、电梯厅", "Stairs and halls", at_home=False),
    DefaultType("rubbish", "cleaning", _K, Skill.CLEANING, _USUAL, "垃圾清运", "Rubbish", at_home=False),
    DefaultType("green", "cleaning", _K, Skill.GARDENING, _ANSWER, "绿化", "Plants and lawns", at_home=False),
    DefaultType("housekeeping", "", _H, Skill.SERVICE, _SERVICE, "上门服务", "Service at home"),
    DefaultType(
        "lamp_change", "housekeeping", _H, Skill.ELECTRICS, _SERVICE, "代换灯泡", "Change a bulb", 0, True, 2000
    ),
    DefaultType(
        "aircon", "housekeeping", _H, Skill.SERVICE, _SERVICE, "空调清洗", "Clean an air conditioner", 0, True, 12000
    ),
    DefaultType(
        "hood", "housekeeping", _H, Skill.SERVICE, _SERVICE, "油烟机清洗", "Clean a kitchen hood", 0, True, 18000
    ),
    DefaultType(
        "refill",
        "housekeeping",
        _H,
        Skill.SERVICE,
        _BROUGHT,
        "清旧装桶",
        "Fill the bin, take the old away",
        0,
        True,
        800,
    ),
)
