"""A home that changes hands on the last days of a month, and back again: its bills are the whole month, day for day."""

from __future__ import annotations

from datetime import date
from itertools import pairwise

import pytest

from builders.billing import a_desk
from builders.clock import AT
from linli.estate.billing import actions, rules
from linli.estate.billing.models import Line
from linli.estate.billing.rules import Proration
from linli.ground.people import actions as people
from linli.spine.scope import SYSTEM

pytestmark = pytest.mark.django_db
MONTHS = (date(2028, 1, 1), date(2028, 2, 1), date(2028, 3, 1), date(2028, 4, 1))
"""31, 29, 31 and 30 days: 2028 is a leap year."""
ENDS = (
    (date(2028, 1, 29), date(2028, 3, 29)),
    (date(2028, 1, 30), date(2028, 3, 30)),
    (date(2028, 1, 31), date(2028, 3, 31)),
    (date(2028, 2, 29), date(2028, 4, 30)),
    (date(2028, 1, 29), date(2028, 1, 31)),
)
"""On the first of each pair the home is sold, on the second its seller buys it back."""
PRICE = "283.17"


@pytest.fixture(params=list(Proration))
def desk(request):
    """A desk with one item that counts parts of months in one way."""
    found = a_desk()
    item = found.an_item("property_fee")
    terms = rules.Terms(term=rules.TermRule(proration=request.param))
    draft = rules.TariffDraft(preset="fixed", parameters={"amount": PRICE}, terms=terms)
    actions.set_tariff(found.scope, item=item, draft=draft, start_on=date(2020, 1, 1), at=AT)
    return found, item


def sold(home, owner, on, *, to=None):
    people.move_out(SYSTEM, party=owner, home=home.id, kind="owner", end_on=on, at=AT)
    return home.with_owner(to, since=on).owner


def lines_of(home):
    return [
        (row.obligor, row.start_on, row.end_on, row.amount_minor)
        for row in Line.objects.inside().filter(subject=home.id).order_by("start_on", "id")
    ]


def test_seller_and_buyer_owe_together_what_one_owner_owes_whichever_last_day_it_is_and_back_again(desk):
    desk, item = desk
    kept = desk.a_home()
    homes = [(desk.a_home(), *days) for days in ENDS]
    desk.charged(item, kept, *(home for home, *_days in homes))
    buyers = {}
    for home, there, back in homes:
        buyers[home.id] = buyer = sold(home, home.owner, there)
        sold(home, buyer, back, to=home.owner)
    for first_on in MONTHS:
        actions.draft_month(desk.scope, community=desk.community.id, first_on=first_on, at=AT)
        actions.issue_month(desk.scope, community=desk.community.id, first_on=first_on, at=AT)

    whole = {start_on: minor for _obligor, start_on, _end_on, minor in lines_of(kept)}
    assert list(whole) == list(MONTHS)
    for home, there, back in homes:
        lines = lines_of(home)
        for first_on in MONTHS:
            of_month = [line for line in lines if line[1].month == first_on.month]
            assert sum(minor for *_line, minor in of_month) == whole[first_on], (there, back, first_on)
            assert of_month[0][1] == first_on
            assert all(one[2] == following[1] for one, following in pairwise(of_month))
        for obligor, start_on, end_on, minor in lines:
            assert minor >= 0
            assert obligor == (buyers[home.id] if there <= start_on < back else home.owner), (start_on, end_on)
            assert end_on <= there or start_on >= there
            assert end_on <= back or start_on >= back
