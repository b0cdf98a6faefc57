"""The town's contracts: a shop that rents, an advertiser, the lift's maintenance, a draft that waits, one that ends."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from decimal import Decimal

from linli.estate.billing.rules import add_months
from linli.estate.contracts import actions, queries
from linli.estate.contracts.actions import ContractDraft
from linli.estate.contracts.rules import Direction, Escalation, Terms
from linli.ground.places import queries as places
from linli.kernel.money import Money
from linli.spine.scope import SYSTEM, Scope
from linli.works.demo.town import RESIDENT_PHONE


def live(scope: Scope, *, now: datetime) -> None:
    """This will write down what the town's first community has agreed, bill what is due and mark what was paid."""
    community = places.communities(ids=scope.communities)[0].id
    today, began = places.day_in(community, now), now - timedelta(days=3)
    since = add_months(today.replace(day=1), -4)
    rising = Escalation(months=12, rate=Decimal("0.05"))
    shop = ContractDraft(
        direction=Direction.COLLECT,
        party_name="鲜果时光水果店",
        subject="东门商铺 3 号租赁",
        place="东门商铺 3 号",
        start_on=since,
        end_on=add_months(since, 36),
        terms=Terms(monthly=Money(680_000), every_months=3, escalation=rising, free_months=1),
        deposit=Money(1_360_000),
    )
    screen = ContractDraft(
        direction=Direction.COLLECT,
        party_name="都市传媒",
        subject="电梯轿厢广告位",
        place="各栋电梯",
        start_on=since,
        end_on=add_months(since, 5),
        terms=Terms(total=Money(3_600_000), every_months=1),
        remind_days=45,
    )
    lifts = ContractDraft(
        direction=Direction.PAY,
        party_name="通力电梯",
        subject="电梯维保",
        start_on=since,
        end_on=add_months(since, 12),
        terms=Terms(monthly=Money(240_000), every_months=3),
    )
    drafts = (shop, screen, lifts, _storage(today))
    signed = [actions.draft_contract(scope, community=community, draft=each, at=began) for each in drafts]
    for contract in signed:
        actions.sign_contract(scope, contract=contract, at=began)
        actions.see_to_end(SYSTEM, contract=contract, at=now)
    waits = ContractDraft(
        direction=Direction.COLLECT,
        party_name="邻家早餐车",
        subject="北门早餐点位",
        start_on=today,
        end_on=add_months(today, 12),
        terms=Terms(monthly=Money(80_000)),
    )
    actions.draft_contract(scope, community=community, draft=waits, at=now)
    for row in queries.rows_to_bill(SYSTEM, at=now, limit=20):
        actions.charge_row(SYSTEM, row=row, at=now)
    first = queries.contract_page(scope, contract=signed[2], at=now).rows[0]
    actions.mark_paid(scope, row=first.row, paid_on=today, words="网银转账", at=now)


def _storage(today: date) -> ContractDraft:
    """What the resident of the demo has signed."""
    return ContractDraft(
        direction=Direction.COLLECT,
        party_name="住户",
        party_phone=RESIDENT_PHONE,
        is_theirs=True,
        subject="地下储藏间 B2-17 租赁",
        place="1 栋地下二层",
        start_on=add_months(today.replace(day=1), -1),
        end_on=add_months(today.replace(day=1), 11),
        terms=Terms(monthly=Money(18_000), every_months=3),
    )
