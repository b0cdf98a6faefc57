"""What neighbours say about shops: public, and without saying who says it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from linli.ground.files import queries as files
from linli.kernel.ids import FileId, OrderId, ReviewId, ShopId
from linli.kernel.refusals import NotFound
from linli.spine import sql
from linli.spine.action import open_query, query
from linli.spine.scope import Scope
from linli.trust.reviews import rules

MOST_REVIEWS = 20_000
MOST_SHOPS = 200
OLDEST_DAYS = 3 * 365
"""Older reviews still count in the number and the mean; their weight in the score is nothing (under 0.03 %)."""


@dataclass(frozen=True, slots=True)
class ReviewCard:
    """A review as everybody sees it."""

    review: ReviewId
    stars: int
    text: str
    pictures: tuple[FileId, ...]
    written_at: datetime
    reply: str | None
    replied_at: datetime | None


_CARD = (
    "SELECT r.id, r.stars, r.text, r.pictures, r.written_at, p.text, p.replied_at FROM reviews_review AS r"
    " LEFT JOIN reviews_reply AS p ON p.review_id = r.id"
)


@open_query
def shop_ratings(*, shops: Iterable[ShopId], at: datetime) -> dict[ShopId, rules.Rating]:
    """This will rate shops by the public formula, in one statement: one row per shop and day of age."""
    named = list(shops)[:MOST_SHOPS]
    days: dict[ShopId, list[tuple[int, int, int]]] = defaultdict(list)
    rows = sql.fetch(
        "SELECT shop, least(floor(extract(epoch FROM %s - written_at) / 86400), %s)::int AS age, count(*)::int,"
        " sum(stars)::int FROM reviews_review WHERE shop = ANY(%s::uuid[]) AND written_at <= %s GROUP BY 1, 2"
        " ORDER BY 1, 2 LIMIT %s",
        at,
        OLDEST_DAYS,
        named,
        at,
        MOST_SHOPS * (OLDEST_DAYS + 1),
    )
    for shop, age, count, stars in rows:
        days[shop].append((age, count, stars))
    return {shop: rules.rating(days[shop]) for shop in named}


@open_query
def shop_rating(*, shop: ShopId, at: datetime) -> rules.Rating:
    """This will rate one shop by the public formula."""
    return shop_ratings(shops=(shop,), at=at)[shop]


@open_query
def written() -> int:
    """This will count all reviews of the house; it reads all of them."""
    ((count,),) = sql.fetch("SELECT count(*) FROM reviews_review")
    return int(count)


@open_query
def shop_reviews(*, shop: ShopId, after: ReviewId | None = None, limit: int = 20) -> tuple[ReviewCard, ...]:
    """This will list what buyers say about a shop, the latest first."""
    rows = sql.fetch(
        _CARD + " WHERE r.shop = %s AND (%s::uuid IS NULL OR r.id < %s) ORDER BY r.id DESC LIMIT %s",
        shop,
        after,
        after,
        min(limit, MOST_REVIEWS),
    )
    return _with_what_is_left(_card(*row) for row in rows)


def _with_what_is_left(cards: Iterable[ReviewCard]) -> tuple[ReviewCard, ...]:
    """The reviews without those pictures that their writers took out since; asked only where there are some."""
    seen = tuple(cards)
    shown = {file for card in seen for file in card.pictures}
    if not shown:
        return seen
    left = files.still_public(files=shown)
    return tuple(replace(card, pictures=tuple(file for file in card.pictures if file in left)) for card in seen)


def _card(
    review: ReviewId,
    stars: int,
    text: str,
    pictures: list[FileId],
    written_at: datetime,
    reply: str | None,
    replied_at: datetime | None,
) -> ReviewCard:
    return ReviewCard(review, stars, text, tuple(pictures), written_at, reply or None, replied_at if reply else None)


@query
def may_review(scope: Scope, *, order: OrderId, at: datetime) -> bool:
    """This will tell whether the asker may review an order now, so that the page shows the form only then."""
    row = sql.fetch_one(
        "SELECT EXISTS (SELECT FROM reviews_purchase AS p WHERE p.id = %s AND p.buyer = %s AND p.review_until > %s"
        " AND NOT EXISTS (SELECT FROM reviews_review AS r WHERE r.purchase_id = p.id))",
        order,
        scope.person,
        at,
    )
    return bool(row and row[0])


@query
def to_review(scope: Scope, *, orders: Iterable[OrderId], at: datetime) -> frozenset[OrderId]:
    """This will tell which of these orders the asker may review now, in one statement."""
    rows = sql.fetch(
        "SELECT p.id FROM reviews_purchase AS p WHERE p.id = ANY(%s::uuid[]) AND p.buyer = %s AND p.review_until > %s"
        " AND NOT EXISTS (SELECT FROM reviews_review AS r WHERE r.purchase_id = p.id)",
        list(orders)[:MOST_REVIEWS],
        scope.person,
        at,
    )
    return frozenset(row[0] for row in rows)


@query
def my_review(scope: Scope, *, order: OrderId) -> ReviewCard | None:
    """This will show what the asker said about an order of theirs."""
    row = sql.fetch_one(
        _CARD + " JOIN reviews_purchase AS b ON b.id = r.purchase_id WHERE b.id = %s AND b.buyer = %s",
        order,
        scope.person,
    )
    return _with_what_is_left([_card(*row)])[0] if row else None


@query
def my_reviews(scope: Scope, *, limit: int = 5000) -> tuple[ReviewCard, ...]:
    """This will list everything the asker said about orders, the latest first, for them to take along."""
    rows = sql.fetch(
        _CARD + " JOIN reviews_purchase AS b ON b.id = r.purchase_id WHERE b.buyer = %s ORDER BY r.id DESC LIMIT %s",
        scope.person,
        limit,
    )
    return _with_what_is_left(_card(*row) for row in rows)


@query
def reviews_to_answer(scope: Scope, *, after: ReviewId | None = None, limit: int = 20) -> tuple[ReviewCard, ...]:
    """This will list a shop's reviews that have no reply yet, the latest first."""
    if scope.shop is None:
        raise NotFound("shop")
    rows = sql.fetch(
        _CARD + " WHERE r.shop = %s AND p.id IS NULL AND (%s::uuid IS NULL OR r.id < %s) ORDER BY r.id DESC LIMIT %s",
        scope.shop,
        after,
        after,
        min(limit, MOST_REVIEWS),
    )
    return _with_what_is_left(_card(*row) for row in rows)
