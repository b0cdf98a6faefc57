"""What merchants, the property company and the platform do by the JSON face."""

from __future__ import annotations

import pytest

from builders import AT, a_city, a_community, a_company, a_home, a_listing, a_person, a_shop, an_application
from builders.orders import an_order
from harness.callers import Caller
from linli.spine.scope import Role, Scope

pytestmark = pytest.mark.django_db
PLATFORM = Scope(role=Role.PLATFORM)


@pytest.fixture
def platform() -> Caller:
    return Caller(Scope(role=Role.PLATFORM, person=a_person()))


class TestGoods:
    def test_a_listing_is_put_up_and_stands_on_the_shelf_once_it_is_in_stock(self):
        shop = a_shop().open_around_the_clock()
        merchant = Caller(shop.scope)
        body = {
            "name": {"zh": "豆浆", "en": "Soy milk"},
            "kind": "packaged",
            "variants": [{"price": {"minor": 350}, "label": {"zh": "杯", "en": "cup"}}],
        }
        made = merchant.post("shop/listings", body)
        assert made.status == 201
        variant = made.json["variants"][0]
        batch = merchant.post(f"variants/{variant}/batches", {"quantity": 12, "cost": {"minor": 120}})
        assert batch.status == 201
        (item,) = Caller().get(f"communities/{shop.community.id}/shelf").json["items"]
        assert item["variants"] == [
            {"variant": variant, "label": {"zh": "杯", "en": "cup"}, "price": {"minor": 350}, "left": 12}
        ]
        (kept,) = merchant.get(f"variants/{variant}/batches").json["items"]
        assert (kept["batch"], kept["cost"]) == (batch.json["batch"], {"minor": 120})

    def test_prices_and_counts_are_set_and_goods_written_off(self):
        listing = a_listing(price="12.80", stock=10)
        merchant = Caller(listing.shop.scope)
        assert merchant.put(f"listings/{listing.id}/care", {"care": ["heavy"], "heavy_from": 6}).status < 300
        (kept,) = merchant.get("shop/listings").json["items"]
        assert (kept["care"], kept["heavy_from"]) == (["heavy"], 6)
        assert merchant.put(f"variants/{listing.variant}/price", {"price": {"minor": 990}}).status == 204
        assert merchant.post(f"variants/{listing.variant}/counts", {"counted": 8}).json == {"difference": -2}
        off = {"quantity": 3, "why": "dropped"}
        assert merchant.post(f"variants/{listing.variant}/write-offs", off).status == 204
        (level,) = merchant.get("shop/stock").json["items"]
        assert (level["variant"], level["on_hand"]) == (str(listing.variant), 5)
        (kept,) = merchant.get("shop/listings").json["items"]
        assert kept["variants"][0]["price"] == {"minor": 990}

    @pytest.mark.parametrize("minor", [-1, 10**15, 1.5, "5"])
    def test_a_price_that_is_none_is_refused_by_its_path(self, minor):
        listing = a_listing(price="12.80")
        answer = Caller(listing.shop.scope).put(f"variants/{listing.variant}/price", {"price": {"minor": minor}})
        assert (answer.status, answer.json["field"]) == (422, "price.minor")

    def test_somebody_elses_goods_do_not_exist(self):
        listing, other = a_listing(stock=1), Caller(a_shop().scope)
        for answer in (
            other.put(f"variants/{listing.variant}/price", {"price": {"minor": 1}}),
            other.post(f"listings/{listing.id}/unlistings"),
            other.post(f"variants/{listing.variant}/counts", {"counted": 0}),
            other.get(f"variants/{listing.variant}/batches"),
        ):
            assert (answer.status, answer.code) == (404, "kernel.NotFound")

    def test_what_is_taken_off_the_shelf_comes_back(self):
        listing = a_listing(stock=1)
        merchant, shelf = Caller(listing.shop.scope), f"communities/{listing.shop.community.id}/shelf"
        merchant.post(f"listings/{listing.id}/unlistings")
        assert Caller().get(shelf).json["items"] == []
        merchant.post(f"listings/{listing.id}/relistings")
        assert len(Caller().get(shelf).json["items"]) == 1


class TestApplications:
    def test_a_neighbour_applies_and_the_platform_decides(self, platform):
        community = a_community(city=a_city())
        applicant = Caller(a_home(community=community).with_owner().scope)
        body = {
            "name": {"zh": "花店", "en": "Flowers"},
            "kind": "other",
            "city": str(community.city),
            "lat": community.lat,
            "lon": community.lon,
            "address": "滨江路1号",
        }
        made = applicant.post("applications", body)
        assert made.status == 201
        assert applicant.get(f"shops/{made.json['shop']}").json["state"] == "applied"
        assert made.json["shop"] in {row["shop"] for row in platform.get("applications?limit=50").json["items"]}
        assert platform.post(f"shops/{made.json['shop']}/refusals", {"reason": "no licence"}).status == 204
        assert applicant.get(f"shops/{made.json['shop']}").json["state"] == "refused"

    def test_only_the_platform_decides(self):
        shop = an_application()
        for caller in (Caller(shop.scope), Caller(a_home().with_owner().scope)):
            answer = caller.post(f"shops/{shop.id}/approvals", {})
            assert (answer.status, answer.code) == (404, "shell.NoPage")

    def test_a_shop_that_lacks_its_licences_is_not_approved(self, platform):
        answer = platform.post(f"shops/{an_application(kind='restaurant').id}/approvals", {})
        assert answer.status in (409, 422)


class TestBooks:
    def test_the_trial_balance_of_a_city_sums_to_zero(self, platform):
        order = an_order(a_listing(stock=5), 2).completed()
        answer = platform.get(f"cities/{order.shop.community.city}/trial-balance").json
        assert answer["total"] == {"minor": 0}
        assert answer["balance"]["classes"]

    def test_the_merchant_reads_what_was_earned(self):
        order = an_order(a_listing(price="10.00", stock=5), 2).completed()
        merchant = Caller(order.shop.scope)
        answer = merchant.get("statement?start=2020-01-01T00:00:00Z&end=2040-01-01T00:00:00Z")
        assert answer.status == 200
        assert [line["order"] for line in answer.json["lines"]] == [str(order.id)]
        assert merchant.get("payouts").json == {"items": [], "next": None}

    def test_the_property_company_reads_its_part(self):
        from datetime import date

        from linli.ground.people import actions as people
        from linli.spine.scope import SYSTEM

        listing, company = a_listing(price="10.00", stock=5), a_company()
        community = listing.shop.community
        people.entrust_community(SYSTEM, community=community.id, company=company, start_on=date(2020, 1, 1), at=AT)
        an_order(listing, 2).completed()
        staff = Caller(Scope(role=Role.PROPERTY, person=a_person(), company=company, communities=(community.id,)))
        (line,) = staff.get("commissions?start=2020-01-01T00:00:00Z&end=2040-01-01T00:00:00Z").json["items"]
        assert (line["net"], line["commission"], line["company"]) == ({"minor": 2000}, {"minor": 160}, {"minor": 64})

    def test_a_period_that_ends_before_it_starts_is_refused(self):
        merchant = Caller(a_shop().scope)
        answer = merchant.get("statement?start=2026-01-02T00:00:00Z&end=2026-01-01T00:00:00Z")
        assert (answer.status, answer.json["field"]) == (422, "end")

    def test_differences_are_the_platforms_alone(self, platform):
        assert platform.get("differences").json == {"items": [], "next": None}
        assert Caller(a_shop().scope).get("differences").status == 404
