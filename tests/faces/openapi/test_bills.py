"""Bills by the JSON face: what is owed, one bill with its reasons, a payment asked for; nobody else's."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from builders.billing import a_desk
from harness.callers import Caller
from linli.estate.billing import actions

pytestmark = pytest.mark.django_db
MARCH = date(2026, 3, 1)


def test_a_resident_reads_a_bill_and_asks_for_its_payment_and_a_neighbour_does_not():
    desk, now = a_desk(), datetime.now(UTC)
    home = desk.a_home("3-1-501")
    desk.charged(desk.priced(desk.an_item("property_fee"), price="2.85"), home)
    actions.draft_month(desk.scope, community=desk.community.id, first_on=MARCH, at=now)
    actions.issue_month(desk.scope, community=desk.community.id, first_on=MARCH, at=now)
    owner, neighbour = Caller(home.scope), Caller(desk.a_home().scope)
    (account,) = owner.get("bills/owed").json["accounts"]
    assert (account["subject"], account["amount"]["minor"]) == (str(home.id), 25470)
    (card,) = owner.get("bills").json["items"]
    shown = owner.get(f"bills/{card['bill']}").json
    assert [line["why"]["figures"] for line in shown["lines"]] == ["89.37 * 2.85"]
    made = owner.post("bill-payments", {"subject": str(home.id)})
    assert made.status == 201
    collection = owner.get(f"collections/{made.json['collection']}").json
    assert collection["amount"]["minor"] == 25470
    assert neighbour.get("bills").json["items"] == []
    assert neighbour.get(f"bills/{card['bill']}").status == 404
    assert neighbour.post("bill-payments", {"subject": str(home.id)}).status == 409
