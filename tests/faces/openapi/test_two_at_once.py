"""One key, two requests at once."""

from __future__ import annotations

from builders import a_home, a_listing
from harness.callers import Caller


def test_a_key_in_flight_is_409(own_database):
    listing = a_listing(stock=10)
    home = a_home(community=listing.shop.community).with_owner()
    buyer = Caller(home.scope)
    body = {"home": str(home.id), "lines": [{"variant": str(listing.variant)}]}
    with own_database.connect() as other:  # somebody who carries out the same key, and has not finished
        other.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s::text || %s, 1))", [home.owner, "k1"])
        answer = buyer.post("orders", body, key="k1")
        assert (answer.status, answer.code, answer.headers["Retry-After"]) == (409, "spine.StillRunning", "1")
    assert buyer.post("orders", body, key="k1").status == 201
