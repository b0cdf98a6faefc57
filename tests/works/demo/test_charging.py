"""The town's charges: every page of charging has something to show, and the demo's resident owes the present month."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from linli.estate.billing import queries
from linli.estate.billing.rules import PlanState, TermState, add_months
from linli.estate.metering import queries as metering
from linli.estate.metering.rules import Kind
from linli.ground.people import queries as people
from linli.ground.places import queries as places
from linli.kernel.money import Money
from linli.spine.scope import SYSTEM, Role, Scope
from linli.works.demo import settling, town

pytestmark = pytest.mark.django_db
AT = datetime(2026, 7, 31, 4, 0, tzinfo=UTC)


def test_the_last_months_are_issued_and_partly_paid():
    settling.settle(SYSTEM, town=town.plan(homes=12), at=AT)
    communities = places.communities()
    company = people.company_of([communities[0].id], at=AT)[communities[0].id]
    desk = Scope(role=Role.PROPERTY, company=company, communities=tuple(card.id for card in communities))
    for card in communities:
        reading = metering.progress(desk, community=card.id, first_on=places.day_in(card.id, AT).replace(day=1), at=AT)
        water = next(each for each in reading if each.kind is Kind.COLD_WATER)
        is_still_read = bool(water.unread)
        assert water.waiting == is_still_read
        months = queries.months(desk, community=card.id)
        assert len(months) == 3
        assert (months[0].first_on.month == places.day_in(card.id, AT).month) is not is_still_read
        assert months[0].amount > Money.zero == months[0].paid
        assert Money.zero < months[1].paid <= months[1].amount
        assert queries.arrears(desk, community=card.id, on=places.day_in(card.id, AT))
    first = next(card.id for card in communities if queries.deposits(desk, community=card.id))
    states = [each.state.value for each in queries.deposits(desk, community=first)]
    assert sorted(states) == ["asked", "held"]
    assert [each.state.value for each in queries.waivers(desk, community=first)] == ["asked"]
    assert [each.state.value for each in queries.invoices(desk, communities=[first])] == ["asked"]
    coming = add_months(places.day_in(first, AT).replace(day=1), 1)
    (cost,) = queries.costs(desk, community=first, first_on=coming)
    shares = queries.cost_page(desk, cost=cost.cost, at=AT).shares
    assert Money.total(each.amount for each in shares.carried) == shares.source == Money(128_640)
    resident = people.person_by_phone(SYSTEM, phone=town.RESIDENT_PHONE)
    assert resident is not None
    owed = queries.owed(Scope(role=Role.RESIDENT, person=resident), at=AT)
    assert owed.amount > Money.zero


def test_a_home_has_paid_ahead_another_pays_in_parts_and_a_third_keeps_a_wallet():
    settling.settle(SYSTEM, town=town.plan(homes=12), at=AT)
    cards = places.communities()
    company = people.company_of([cards[0].id], at=AT)[cards[0].id]
    desk = Scope(role=Role.PROPERTY, company=company, communities=tuple(card.id for card in cards))
    (first,) = (card.id for card in cards if queries.offers(desk, community=card.id))
    (term,) = queries.terms(desk, community=first)
    assert term.state is TermState.HELD
    (plan,) = queries.plans(desk, community=first)
    assert (plan.state, plan.open) == (PlanState.KEPT, plan.total)
    (wallet,) = queries.wallets(desk, community=first)
    assert str(wallet.balance) == "200.00"
    assert len(queries.offers(desk, community=first)) == 2
