"""Writing a review, answering one, and learning what may be reviewed."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from linli.ground.files import actions as files
from linli.ground.files import queries as kept
from linli.ground.files.rules import FileTooLarge, WrongKindOfFile
from linli.ground.policies.queries import policy
from linli.kernel import ids
from linli.kernel.ids import FileId, OrderId, PartyId, ReviewId
from linli.kernel.refusals import Invalid, NotFound, Refusal
from linli.kernel.words import _
from linli.spine import sql
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.outbox import tell
from linli.spine.scope import Scope
from linli.trade.orders.events import OrderCompleted
from linli.trust.reviews import events, rules

PURPOSE = "review_picture"


class TooLate(Refusal):
    """The days in which an order can be reviewed are over."""

    says = _("This order can no longer be reviewed.")


class ReviewedAlready(Refusal):
    """One review for each order, one reply for each review."""

    says = _("This has been said already.")


@action(needs=May.RUN_CLOCKS)
def note_purchases(scope: Scope, *, facts: Sequence[OrderCompleted], at: datetime) -> int:
    """This will remember completed orders as purchases that their buyers may review; safe to hear twice."""
    limits = {
        community: policy(scope, rules.ReviewPolicy, at=at, community=community)
        for community in {fact.community for fact in facts}
    }
    return sql.run(
        "INSERT INTO reviews_purchase (id, shop, community, buyer, completed_at, review_until)"
        " SELECT * FROM unnest(%s::uuid[], %s::uuid[], %s::uuid[], %s::uuid[], %s::timestamptz[], %s::timestamptz[])"
        " ON CONFLICT (id) DO NOTHING",
        [fact.order for fact in facts],
        [fact.shop for fact in facts],
        [fact.community for fact in facts],
        [fact.buyer for fact in facts],
        [fact.at for fact in facts],
        [rules.review_until(fact.at, limits[fact.community]) for fact in facts],
    )


@action(needs=May.REVIEW_ORDER, private=("text", "uploads"))
def write_review(
    scope: Scope,
    *,
    order: OrderId,
    stars: int,
    text: str = "",
    pictures: Sequence[FileId] = (),
    uploads: Sequence[tuple[str, bytes]] = (),
    at: datetime,
) -> ReviewId:
    """This will publish what the buyer of a completed order says about it, once.

    Its pictures are files that the buyer uploaded before, or uploads (name and bytes) that are kept with it.
    """
    if not rules.FEWEST_STARS <= stars <= rules.MOST_STARS:
        raise Invalid("stars", _("Between {low} and {high} stars."), low=rules.FEWEST_STARS, high=rules.MOST_STARS)
    said = _said(text)
    bought = sql.fetch_one(
        "SELECT shop, community, review_until FROM reviews_purchase WHERE id = %s AND buyer = %s", order, scope.person
    )
    if bought is None:
        raise NotFound("order")
    shop, community, until = bought
    if at >= until:
        raise TooLate
    shown = _pictures(scope, pictures, uploads, at)
    review = ReviewId(ids.new())
    written = sql.run(
        "INSERT INTO reviews_review (id, purchase_id, shop, community, stars, text, pictures, written_at)"
        " VALUES (%s, %s, %s, %s, %s, %s, %s::uuid[], %s) ON CONFLICT (purchase_id) DO NOTHING",
        review,
        order,
        shop,
        community,
        stars,
        said,
        shown,
        at,
    )
    if not written:
        raise ReviewedAlready
    tell(events.ReviewWritten(review=review, order=order, shop=shop, stars=stars, at=at))
    return review


@action(needs=May.REVIEW_ORDER)
def remove_picture(scope: Scope, *, order: OrderId, file: FileId, at: datetime) -> None:
    """This will take a picture out of the writer's own review for good; its words and stars stay."""
    row = sql.fetch_one(
        "SELECT EXISTS (SELECT FROM reviews_review AS r JOIN reviews_purchase AS b ON b.id = r.purchase_id"
        " WHERE b.id = %s AND b.buyer = %s AND %s = ANY(r.pictures))",
        order,
        scope.person,
        file,
    )
    if not (row and row[0]):
        raise NotFound("picture")
    files.discard_file(scope, file=file, at=at)


def _pictures(
    scope: Scope, pictures: Sequence[FileId], uploads: Sequence[tuple[str, bytes]], at: datetime
) -> list[FileId]:
    """A review shows nothing but what its writer uploaded for a review."""
    if len(pictures) + len(uploads) > rules.MOST_PICTURES:
        raise Invalid("pictures", _("At most {most} pictures."), most=rules.MOST_PICTURES)
    if pictures and not kept.uploaded_by_me(scope, files=pictures, purpose=PURPOSE).issuperset(pictures):
        raise Invalid("pictures", _("Please upload the pictures first."))
    shown = list(pictures)
    for name, content in uploads:
        try:
            shown.append(files.keep_file(scope, name=name, content=content, purpose=PURPOSE, at=at))
        except (FileTooLarge, WrongKindOfFile) as refusal:
            refusal.field = "pictures"
            raise
    return shown


@action(needs=May.REPLY_TO_REVIEW, private=("text",))
def reply_to_review(scope: Scope, *, review: ReviewId, text: str, at: datetime) -> None:
    """This will publish the shop's one answer to a review of it."""
    said = _said(text)
    if not said:
        raise Invalid("text", _("Say something."))
    found = sql.fetch_one("SELECT shop FROM reviews_review WHERE id = %s AND shop = %s", review, scope.shop)
    if found is None:
        raise NotFound("review")
    written = sql.run(
        "INSERT INTO reviews_reply (id, review_id, shop, text, replied_at) VALUES (%s, %s, %s, %s, %s)"
        " ON CONFLICT (review_id) DO NOTHING",
        ids.new(),
        review,
        found[0],
        said,
        at,
    )
    if not written:
        raise ReviewedAlready
    tell(events.ReviewAnswered(review=review, shop=found[0], at=at))


@action(needs=May.RUN_CLOCKS)
def forget_person(scope: Scope, *, person: PartyId, at: datetime) -> None:
    """This will erase words and pictures from the reviews of an erased person, and what answered them."""
    sql.run("SELECT reviews_forget_words(%s)", person)


def _said(text: str) -> str:
    said = text.strip()
    if len(said) > rules.LONGEST_TEXT:
        raise Invalid("text", _("At most {most} characters."), most=rules.LONGEST_TEXT)
    return said
