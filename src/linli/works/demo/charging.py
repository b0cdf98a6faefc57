"""What the town's company charges: four items with their tariffs, the last months issued, and some of it paid."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random

from linli.estate.billing import actions as billing
from linli.estate.billing import queries as known
from linli.estate.billing.actions.charging import HomeFact
from linli.estate.billing.rules import Channel, LateRule, TariffDraft, Terms, add_months
from linli.estate.metering.rules import Kind
from linli.ground.places import queries as places
from linli.kernel.ids import CommunityId, HomeId, ItemId
from linli.spine.scope import Scope
from linli.works.demo import metering, paperwork
from linli.works.demo.town import SEED

MONTHS = 3
"""Two that most have paid, and the present one, which is open."""
_SINCE = timedelta(days=365)
_PAYS = 5
"""Of so many homes one owes both past months still, so that arrears have something to show."""
_PILOT = 40
"""The company began with so many homes of each community, and takes in all of the first one with the present month:
a past of 4,500 homes would be waited for at every first start, and its late fees are counted night by night."""
_PAID_AT_ONCE = (0.8, 0.55, 0.7, 0.35, 0.65)
"""Of the first community's present month so much came in at once, building by building in turn."""
_LATE = LateRule(rate=Decimal("0.0005"), grace_days=15, cap_bp=10_000)
_WATER = "water"
_ITEMS = (
    ("property_fee", {"zh": "物业服务费", "en": "Property fee"}, "built_area", {"price": "2.85", "surcharge": "0"}, 10),
    ("lift_fee", {"zh": "电梯运行费", "en": "Lift fee"}, "", {"amount": "35"}, 20),
    ("rubbish_fee", {"zh": "生活垃圾清运费", "en": "Rubbish fee"}, "fixed", {"amount": "8"}, 30),
    (_WATER, {"zh": "水费", "en": "Water"}, "usage", {"price": "3.45", "surcharge": "0"}, 40),
)
_STILL_READ = 1
"""In this community the present month is still being read, and waits to be drafted."""


def charge(scope: Scope, *, communities: Sequence[CommunityId], at: datetime) -> None:
    """This will have the company charge its communities for the last months, as its desk would have."""
    since = add_months((at - _SINCE).date(), 0, anchor=1)
    *items, water = [_item(scope, item, since, at) for item in _ITEMS]
    for nth, community in enumerate(communities):
        doors = places.doors(community)
        names, homes = zip(*sorted(doors.items(), key=lambda pair: pair[0]), strict=True)
        pilot, others = homes[:_PILOT], homes[_PILOT:] if nth == 0 else []
        present = places.day_in(community, at).replace(day=1)
        facts = [HomeFact(home=home, floor=_floor(door[2])) for door, home in doors.items()]
        billing.set_home_facts(scope, community=community, facts=facts, at=at)
        for item in items:
            billing.assign(scope, item=item, community=community, homes=pilot, start_on=since, at=at)
            if others:
                billing.assign(scope, item=item, community=community, homes=others, start_on=present, at=at)
        billing.assign(scope, item=water, community=community, homes=pilot, start_on=since, at=at)
        called = ["-".join(part for part in door if part) for door in names[:_PILOT]]
        meters = metering.put_in(scope, community=community, homes=pilot, names=called, present=present, at=at)
        if nth == _STILL_READ:
            _months(scope, community, pilot, add_months(present, -1), at - timedelta(days=30))
            metering.read_some(scope, community=community, meters=meters, at=at)
        else:
            metering.read_all(scope, community=community, meters=meters, at=at)
            _months(scope, community, pilot, present, at)
        if nth == 0:
            _pay_at_once(scope, list(zip(names, homes, strict=True))[_PILOT:], at)
            paperwork.lay_out(scope, community=community, homes=pilot, present=present, at=at)


def _item(
    scope: Scope, said: tuple[str, dict[str, str], str, dict[str, str], int], since: date, at: datetime
) -> ItemId:
    word, name, preset, amounts, priority = said
    item = billing.add_item(scope, word=word, name=name, priority=priority, at=at)
    formula = "" if preset else "if(home.floor > 1, amount, 0)"
    late = _LATE if word == "property_fee" else None
    terms = Terms(late=late, meter=Kind.COLD_WATER.value if word == _WATER else "")
    draft = TariffDraft(preset=preset, formula=formula, parameters=amounts, terms=terms)
    billing.set_tariff(scope, item=item, draft=draft, start_on=since, at=at)
    return item


def _months(scope: Scope, community: CommunityId, pilot: Sequence[HomeId], present: date, at: datetime) -> None:
    for back in reversed(range(MONTHS)):
        first_on = add_months(present, -back)
        issued_at = at - timedelta(days=30 * back + 1)
        billing.draft_month(scope, community=community, first_on=first_on, at=issued_at)
        billing.issue_month(scope, community=community, first_on=first_on, without_stopped=True, at=issued_at)
        if back == 1:
            _pay(scope, pilot, issued_at + timedelta(days=9))


def _pay(scope: Scope, homes: Sequence[HomeId], at: datetime) -> None:
    ways = (Channel.CASH, Channel.POS, Channel.QR, Channel.BANK)
    for nth, home in enumerate(homes):
        if nth % _PAYS != _PAYS - 1:
            _pay_all(scope, home, ways[nth % len(ways)], at)


def _pay_at_once(scope: Scope, homes: Sequence[tuple[places.Door, HomeId]], at: datetime) -> None:
    """This will have many homes pay the present month by bank, in some buildings more of them than in others."""
    draw = Random(SEED)
    for (building, _unit, _label), home in homes:
        if draw.random() < _PAID_AT_ONCE[int(building) % len(_PAID_AT_ONCE)]:
            _pay_all(scope, home, Channel.BANK, at)


def _pay_all(scope: Scope, home: HomeId, channel: Channel, at: datetime) -> None:
    account = known.account_page(scope, subject=home)
    if account.open:
        payer = account.open_lines[0].obligor
        billing.take_payment(scope, subject=home, amount=account.open, channel=channel, payer=payer, at=at)


def _floor(label: str) -> int:
    """Homes are numbered by their floor: 1203 is on the twelfth."""
    return int(label[:-2]) if label[:-2].isdigit() else 1
