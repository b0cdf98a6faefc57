"""An order followed from payment to review: its moments, its code, what can be done, and what strangers get."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from builders import AT, a_picture
from builders.corner import Corner, a_corner, owner
from builders.orders import Order, an_order, climb
from harness.visitors import Visitor, part
from linli.kernel import ids
from linli.trade.catalogue import actions as catalogue
from linli.trade.orders import queries
from linli.trade.orders.rules import Fulfilment, OrderState
from linli.trust.reviews import queries as reviews

pytestmark = pytest.mark.django_db


def bread(corner: Corner) -> Order:
    return an_order(corner.bread, 2, home=corner.home, at=AT)


def said(resident: Client, order: Order) -> str:
    answer = resident.get(owner("orders", order.id))
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_code_is_shown_as_digits_and_as_a_picture_while_the_goods_wait(resident: Client, corner: Corner):
    order = bread(corner).paid().accepted()
    assert "code-digits" not in said(resident, order)
    order = order.ready()
    shown = said(resident, order)
    assert f'<span class="code-digits">{order.page.code}</span>' in shown
    assert 'class="qr"' in shown
    assert str(order.page.code) in resident.get(owner()).content.decode()
    assert "code-digits" not in said(resident, order.handed_over())


def test_an_order_keeps_itself_up_to_date(resident: Client, corner: Corner):
    order = bread(corner).paid()
    first = resident.get(owner("orders", order.id), headers=part("order"))
    assert first.content.decode().count("timeline-done") == 1
    again = resident.get(owner("orders", order.id), headers=part("order", first["HX-PTag"]))
    assert again.status_code == 304
    order.accepted().ready()
    later = resident.get(owner("orders", order.id), headers=part("order", first["HX-PTag"]))
    assert later.content.decode().count("timeline-done") == 3


def test_a_delivery_has_its_way_in_the_line_of_moments(resident: Client, corner: Corner):
    order = an_order(corner.tomatoes, home=corner.home, fulfilment=Fulfilment.SHOP_DELIVERY).paid().accepted().ready()
    assert said(resident, order.dispatched()).count("timeline-done") == 4


def test_a_paid_order_is_cancelled_and_an_accepted_one_is_not(resident: Client, corner: Corner):
    order = bread(corner).paid()
    assert "cancellation" in said(resident, order)
    assert resident.post(owner("orders", order.id, "cancellation")).status_code == 303
    assert order.state is OrderState.CANCELLED
    assert "timeline-bad" in said(resident, order)
    late = bread(corner).paid().accepted()
    assert "cancellation" not in said(resident, late)
    assert resident.post(owner("orders", late.id, "cancellation")).status_code == 409
    assert late.state is OrderState.ACCEPTED


def test_the_buyer_says_that_the_goods_are_there(resident: Client, corner: Corner):
    order = bread(corner).paid().accepted().ready()
    assert resident.post(owner("orders", order.id, "receipt")).status_code == 303
    assert order.state is OrderState.COMPLETED


def test_a_refund_is_asked_by_line_and_taken_back(resident: Client, corner: Corner):
    order = bread(corner).completed()
    where = owner("orders", order.id, "refund-request")
    line = order.lines[0].line
    assert str(line) in resident.get(where).content.decode()
    assert resident.post(where, {f"quantity.{line}": "1", "reason": ""}).status_code == 422
    assert resident.post(where, {f"quantity.{line}": "0", "reason": "stale"}).status_code == 422
    assert order.page.refunds == ()
    assert resident.post(where, {f"quantity.{line}": "1", "reason": "stale"}).status_code == 303
    (refund,) = order.page.refunds
    assert (refund.amount.minor, refund.state) == (1200, "asked")
    assert "stale" in said(resident, order)
    assert resident.get(where).status_code == 303
    assert resident.post(owner("orders", order.id, "refund-requests", refund.refund, "withdrawal")).status_code == 303
    assert order.page.refunds[0].state == "withdrawn"


def test_a_completed_order_is_reviewed_once(resident: Client, corner: Corner):
    order = bread(corner).completed()
    climb(order.at)
    where = owner("orders", order.id, "review")
    assert where in said(resident, order)
    assert where in resident.get(owner("orders")).content.decode()
    assert resident.post(where, {"stars": "9"}).status_code == 422
    assert reviews.shop_rating(shop=corner.bakery.id, at=AT).count == 0
    assert resident.post(where, {"stars": "5", "text": "Still warm"}).status_code == 303
    assert "Still warm" in said(resident, order)
    assert where not in resident.get(owner("orders")).content.decode()
    assert resident.get(where).status_code == 303
    assert resident.post(where, {"stars": "1"}).status_code == 409
    shop = resident.get(owner("communities", corner.community.id, "shops", corner.bakery.id)).content.decode()
    assert "Still warm" in shop


def test_pictures_of_a_review_are_shown_to_neighbours_until_they_are_taken_out(
    resident: Client, corner: Corner, visitor: Visitor
):
    order = bread(corner).completed()
    climb(order.at)
    where = owner("orders", order.id, "review")
    broken = SimpleUploadedFile("b.jpg", b"MZ not a picture")
    refused = resident.post(where, {"stars": "5", "pictures": [broken]})
    assert refused.status_code == 415
    assert 'id="pictures-wrong"' in refused.content.decode()
    assert reviews.my_review(corner.scope, order=order.id) is None
    ten = [SimpleUploadedFile(f"{n}.jpg", a_picture()) for n in range(10)]
    assert resident.post(where, {"stars": "5", "pictures": ten}).status_code == 422
    two = [SimpleUploadedFile("a.jpg", a_picture()), SimpleUploadedFile("b.png", a_picture("PNG"))]
    assert resident.post(where, {"stars": "5", "pictures": two}).status_code == 303
    review = reviews.my_review(corner.scope, order=order.id)
    assert review is not None
    first, second = review.pictures
    shop = owner("communities", corner.community.id, "shops", corner.bakery.id)
    shown = visitor().get(shop).content.decode()
    assert all(f'src="/pictures/{file}/small"' in shown for file in (first, second))
    assert visitor().get(f"/pictures/{first}").status_code == 200
    removal = owner("orders", order.id, "review", "pictures", first, "removal")
    assert visitor(a_corner().scope).post(removal).status_code == 404
    assert removal in said(resident, order)
    assert resident.post(removal).status_code == 303
    shown = visitor().get(shop).content.decode()
    assert (str(first) in shown, str(second) in shown) == (False, True)
    assert visitor().get(f"/pictures/{first}").status_code == 404


def test_an_order_is_repeated_and_what_is_missing_is_said(resident: Client, corner: Corner):
    order = an_order(corner.bread, 1, home=corner.home, at=AT).completed()
    assert f'action="{owner("orders", order.id, "repeat")}"' in said(resident, order)
    answer = resident.post(owner("orders", order.id, "repeat"))
    assert (answer.status_code, answer["Location"]) == (303, owner("basket"))
    assert "notice-good" in resident.get(owner("basket")).content.decode()
    assert queries.basket_page(corner.scope, community=corner.community.id, at=AT).pieces == 1
    catalogue.unlist(corner.bakery.scope, listing=corner.bread.id, at=AT)
    nothing = resident.post(owner("orders", order.id, "repeat"))
    assert nothing["Location"] == owner("orders", order.id)
    assert any(name in said(resident, order) for name in ("Loaf", "吐司"))


def test_the_line_of_moments_says_until_when_somebody_answers(corner: Corner, visitor: Visitor):
    order = bread(corner).paid()
    answer_by = order.page.due_at
    assert answer_by is not None
    shown = visitor(corner.scope).get(owner("orders", order.id)).content.decode()
    by = answer_by.astimezone(ZoneInfo("Asia/Shanghai"))
    assert f"The shop answers by today {by:%H:%M}." in shown
    late = visitor(corner.scope).get(owner("orders", order.accepted().ready().id)).content.decode()
    assert "Please fetch it by" in late


def test_orders_are_listed_in_pages(resident: Client, corner: Corner):
    assert "empty-state" in resident.get(owner("orders")).content.decode()
    for _nth in range(21):
        an_order(corner.tomatoes, home=corner.home, fulfilment=Fulfilment.PICK_UP)
    first = resident.get(owner("orders")).content.decode()
    assert first.count('class="list-row"') == 20
    more = first.split('rel="next"')[0].rpartition('href="')[2].partition('"')[0]
    assert resident.get(more).content.decode().count('class="list-row"') == 1


def test_strangers_find_no_order_and_guests_are_sent_to_sign_in(corner: Corner, visitor: Visitor):
    order = bread(corner).paid()
    stranger = visitor(a_corner().scope)
    assert stranger.get(owner("orders", order.id)).status_code == 404
    assert stranger.get(owner("orders", order.id, "refund-request")).status_code == 404
    assert stranger.get(owner("orders", order.id, "review")).status_code == 404
    for verb in ("cancellation", "receipt"):
        assert stranger.post(owner("orders", order.id, verb)).status_code == 404
    assert order.state is OrderState.PAID
    assert stranger.get(owner("orders", ids.new())).status_code == 404
    assert visitor().get(owner("orders", order.id)).status_code == 302
