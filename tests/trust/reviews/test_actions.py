"""Reviews by verified buyers alone, one for each order, never by the house."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest
from django.db import DatabaseError, transaction

from builders import AT, a_home, a_listing, a_picture, a_shop
from builders.orders import an_order, climb
from harness.payments_words import as_the_house, facts
from linli.ground.files import actions as files
from linli.ground.files.rules import WrongKindOfFile
from linli.kernel import ids
from linli.kernel.ids import FileId, OrderId, ReviewId
from linli.kernel.refusals import Denied, Invalid, NotFound
from linli.spine import sql
from linli.spine.scope import SYSTEM, Role
from linli.trade.orders.events import OrderCompleted
from linli.trust.reviews import actions, queries

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def store(tmp_path, settings):
    settings.HOME = tmp_path


@pytest.fixture
def order():
    shop = a_shop().open_around_the_clock()
    done = an_order(a_listing(shop=shop, stock=5)).completed()
    climb(done.at)
    return done


def write(order, stars=5, text="很新鲜", *, scope=None, at=None, **how):
    return actions.write_review(scope or order.buyer, order=order.id, stars=stars, text=text, at=at or order.at, **how)


def uploaded(scope, purpose="review_picture"):
    return files.keep_file(scope, name="a.jpg", content=a_picture(), purpose=purpose, at=AT)


def insert_as(role):
    """This will try what no action does: write a review straight into the table."""
    with transaction.atomic():
        sql.fetch("SELECT set_config('linli.role', %s, true)", role.value)
        sql.run(
            "INSERT INTO reviews_review (id, purchase_id, shop, community, stars, text, pictures, written_at)"
            " SELECT %s, id, shop, community, 5, '', '{}', %s FROM reviews_purchase",
            ids.new(),
            AT,
        )


def count():
    return as_the_house("SELECT (SELECT count(*) FROM reviews_review), (SELECT count(*) FROM reviews_reply)")[0]


def test_a_buyer_reviews_what_was_completed(order):
    picture = uploaded(order.buyer)
    assert queries.may_review(order.buyer, order=order.id, at=order.at)
    assert queries.to_review(order.buyer, orders=[order.id], at=order.at) == {order.id}
    review = write(order, 4, "  很新鲜  ", pictures=[picture])
    (seen,) = queries.shop_reviews(shop=order.shop.id)
    assert queries.written() == 1
    assert (seen.review, seen.stars, seen.text, seen.pictures) == (review, 4, "很新鲜", (picture,))
    assert queries.my_review(order.buyer, order=order.id) == seen
    assert not queries.may_review(order.buyer, order=order.id, at=order.at)
    assert queries.to_review(order.buyer, orders=[order.id], at=order.at) == frozenset()
    rating = queries.shop_rating(shop=order.shop.id, at=order.at)
    assert (rating.mean, rating.count, rating.score) == (Decimal("4.00"), 1, Decimal("4.00"))
    (fact,) = facts("reviews.ReviewWritten")
    assert "text" not in fact


def test_one_review_for_each_order(order):
    write(order)
    with pytest.raises(actions.ReviewedAlready):
        write(order, 1)
    assert count() == (1, 0)


def test_an_order_that_is_not_completed_is_not_reviewed():
    order = an_order(a_listing(stock=5)).paid().accepted().ready()
    climb(order.at)
    with pytest.raises(NotFound):
        write(order)
    assert not queries.may_review(order.buyer, order=order.id, at=order.at)


def test_nobody_else_reviews_it(order):
    neighbour = a_home(community=order.shop.community).with_owner().scope
    with pytest.raises(NotFound):
        write(order, scope=neighbour)
    with pytest.raises(NotFound):
        write(replace(order, id=OrderId(ids.new())))
    with pytest.raises(Denied):
        write(order, scope=order.shop.scope)
    assert queries.my_review(neighbour, order=order.id) is None
    assert not queries.may_review(neighbour, order=order.id, at=order.at)
    assert queries.to_review(neighbour, orders=[order.id], at=order.at) == frozenset()
    assert count() == (0, 0)


def test_the_house_writes_no_review(order):
    with pytest.raises(NotFound):
        write(order, scope=SYSTEM)
    for role in (Role.SYSTEM, Role.PLATFORM):
        with pytest.raises(DatabaseError, match="row-level security"):
            insert_as(role)
    assert count() == (0, 0)


def test_the_days_for_a_review_end(order):
    completed_at = order.at - timedelta(minutes=1)
    with pytest.raises(actions.TooLate):
        write(order, at=completed_at + timedelta(days=14))
    write(order, at=completed_at + timedelta(days=14, seconds=-1))


@pytest.mark.parametrize(
    ("how", "field"),
    [
        ({"stars": 0}, "stars"),
        ({"stars": 6}, "stars"),
        ({"text": "好" * 1001}, "text"),
        ({"pictures": [ids.new() for _ in range(10)]}, "pictures"),
        ({"uploads": [("a.jpg", b"")] * 10}, "pictures"),
        ({"pictures": [FileId(ids.new())]}, "pictures"),
    ],
)
def test_what_is_no_review(order, how, field):
    with pytest.raises(Invalid) as refused:
        write(order, **how)
    assert refused.value.field == field
    assert count() == (0, 0)


def test_only_what_its_writer_uploaded_for_a_review_is_shown_in_one(order):
    neighbour = a_home(community=order.shop.community).with_owner().scope
    for picture in (uploaded(neighbour), uploaded(order.buyer, "evidence"), uploaded(order.shop.scope)):
        with pytest.raises(Invalid) as refused:
            write(order, pictures=[picture])
        assert refused.value.field == "pictures"
    assert count() == (0, 0)


def test_a_broken_upload_is_refused_at_its_field_and_nothing_is_written(order):
    with pytest.raises(WrongKindOfFile) as refused:
        write(order, uploads=[("a.jpg", a_picture()), ("b.jpg", b"MZ")])
    assert refused.value.field == "pictures"
    assert count() == (0, 0)
    assert as_the_house("SELECT count(*) FROM files_file") == [(0,)]


def test_a_writer_takes_a_picture_out_and_the_words_stay(order):
    write(order, pictures=[uploaded(order.buyer)], uploads=[("b.jpg", a_picture("PNG"))])
    first, second = queries.my_review(order.buyer, order=order.id).pictures
    neighbour = a_home(community=order.shop.community).with_owner().scope
    for scope, file in ((neighbour, first), (order.buyer, FileId(ids.new()))):
        with pytest.raises(NotFound):
            actions.remove_picture(scope, order=order.id, file=file, at=order.at)
    actions.remove_picture(order.buyer, order=order.id, file=first, at=order.at)
    (seen,) = queries.shop_reviews(shop=order.shop.id)
    assert (seen.text, seen.pictures) == ("很新鲜", (second,))
    assert queries.reviews_to_answer(order.shop.scope) == (seen,)
    with pytest.raises(NotFound):
        actions.remove_picture(order.buyer, order=order.id, file=first, at=order.at)


def test_the_shop_replies_once(order):
    review = write(order, 2, "有点慢")
    rival = a_shop(community=order.shop.community).scope
    assert [r.review for r in queries.reviews_to_answer(order.shop.scope)] == [review]
    with pytest.raises(NotFound):
        actions.reply_to_review(rival, review=review, text="就是", at=order.at)
    with pytest.raises(NotFound):
        actions.reply_to_review(order.shop.scope, review=ReviewId(ids.new()), text="谢谢", at=order.at)
    with pytest.raises(Invalid):
        actions.reply_to_review(order.shop.scope, review=review, text="  ", at=order.at)
    actions.reply_to_review(order.shop.scope, review=review, text="下次更快", at=order.at)
    with pytest.raises(actions.ReviewedAlready):
        actions.reply_to_review(order.shop.scope, review=review, text="真的", at=order.at)
    (seen,) = queries.shop_reviews(shop=order.shop.id)
    assert seen.reply == "下次更快"
    assert queries.reviews_to_answer(order.shop.scope) == ()


def test_what_was_written_is_never_changed(order):
    write(order)
    with pytest.raises(DatabaseError), transaction.atomic():
        as_the_house("UPDATE reviews_review SET stars = 5 RETURNING id")


def test_hearing_of_a_purchase_twice_changes_nothing(order):
    (body,) = facts("orders.OrderCompleted")
    fact = OrderCompleted(
        at=order.at,
        order=order.id,
        shop=order.shop.id,
        community=order.shop.community.id,
        buyer=order.buyer.person,  # type: ignore[arg-type]
        city=order.shop.community.city,
        goods=order.total,
        variants=(),
    )
    assert body["order"] == str(order.id)
    assert actions.note_purchases(SYSTEM, facts=[fact], at=order.at) == 0


def test_pages_of_reviews_follow_each_other(order):
    first = write(order)
    second = an_order(a_listing(shop=order.shop, stock=5)).completed()
    climb(second.at)
    latest = write(second, 3)
    assert [r.review for r in queries.shop_reviews(shop=order.shop.id, limit=1)] == [latest]
    assert [r.review for r in queries.shop_reviews(shop=order.shop.id, after=latest)] == [first]
    other = a_shop().id
    rated = queries.shop_ratings(shops=[order.shop.id, other], at=second.at)
    assert (rated[order.shop.id].mean, rated[other].mean) == (Decimal("4.00"), None)
