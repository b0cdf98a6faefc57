"""Purchases that may be reviewed, reviews and replies. Reviews are public but for their buyer."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.db.models.functions import Length

from linli.spine.base import ScopedModel
from linli.spine.scope import Scope
from linli.trust.reviews import rules

models.TextField.register_lookup(Length)


class Purchase(ScopedModel):
    """A completed order, as trust knows it; its key is the order's, so learning of it twice changes nothing."""

    shop = models.UUIDField()
    community = models.UUIDField()
    buyer = models.UUIDField()
    completed_at = models.DateTimeField()
    review_until = models.DateTimeField()

    class Meta:
        db_table = "reviews_purchase"

    @classmethod
    def reach(cls, scope: Scope) -> Q:
        return Q(buyer=scope.person) if scope.person else Q(pk__in=[])


class Review(ScopedModel):
    """What a buyer says. Insert-only: who thinks better of it says so in words to the shop.

    When the buyer is erased, words and pictures go, of the shop's reply too; the stars stay and count, nameless.
    """

    insert_only: ClassVar[bool] = True

    purchase = models.OneToOneField(Purchase, on_delete=models.PROTECT, related_name="review")
    shop = models.UUIDField()
    community = models.UUIDField()
    stars = models.SmallIntegerField()
    text = models.TextField()
    pictures = ArrayField(models.UUIDField(), default=list)
    written_at = models.DateTimeField()

    class Meta:
        db_table = "reviews_review"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(stars__gte=rules.FEWEST_STARS, stars__lte=rules.MOST_STARS), name="reviews_review_stars"
            ),
            models.CheckConstraint(condition=Q(text__length__lte=rules.LONGEST_TEXT), name="reviews_review_text"),
            models.CheckConstraint(condition=Q(pictures__len__lte=rules.MOST_PICTURES), name="reviews_review_pictures"),
        ]
        indexes: ClassVar = [models.Index(fields=["shop", "-id"], name="reviews_review_shop")]

    @classmethod
    def reach(cls, _: Scope) -> Q:
        return Q()


class Reply(ScopedModel):
    """The shop's one answer."""

    insert_only: ClassVar[bool] = True

    review = models.OneToOneField(Review, on_delete=models.PROTECT, related_name="reply")
    shop = models.UUIDField()
    text = models.TextField()
    replied_at = models.DateTimeField()

    class Meta:
        db_table = "reviews_reply"
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(text__length__lte=rules.LONGEST_TEXT), name="reviews_reply_text"),
        ]

    @classmethod
    def reach(cls, _: Scope) -> Q:
        return Q()
