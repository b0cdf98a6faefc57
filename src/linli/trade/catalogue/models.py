"""The tables of the catalogue. A shelf is public: no wall stands here."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.db import models
from django.db.models import Q

from linli.spine.base import Model
from linli.trade.catalogue.rules import MOST_PIECES, Care, Kind, Level


class Category(Model):
    """A place in the tree; `path` leads from the root to the category itself."""

    parent = models.ForeignKey("self", models.PROTECT, related_name="+", null=True, db_index=False)
    path = ArrayField(models.UUIDField())
    name = models.JSONField()
    position = models.IntegerField()

    class Meta:
        db_table = "catalogue_category"
        indexes: ClassVar = [
            GinIndex(fields=["path"], name="catalogue_category_path"),
            models.Index(fields=["parent", "position"], name="catalogue_category_tree"),
        ]


class Listing(Model):
    """A thing that a shop sells. `search` holds the words it is found by."""

    shop = models.ForeignKey("shops.Shop", models.PROTECT, related_name="+", db_index=False)
    category = models.ForeignKey(Category, models.PROTECT, related_name="+", null=True, db_index=False)
    name = models.JSONField()
    description = models.JSONField()
    kind = models.TextField()
    picture = models.UUIDField(null=True)
    listed = models.BooleanField()
    care = ArrayField(models.TextField(), default=list)
    heavy_from = models.SmallIntegerField(default=1)
    search = ArrayField(models.TextField())
    added_at = models.DateTimeField()

    class Meta:
        db_table = "catalogue_listing"
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(kind__in=[k.value for k in Kind]), name="catalogue_listing_kind"),
            models.CheckConstraint(
                condition=Q(care__contained_by=[care.value for care in Care]), name="catalogue_listing_care"
            ),
            models.CheckConstraint(condition=Q(heavy_from__range=(1, MOST_PIECES)), name="catalogue_listing_heavy"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["shop", "id"], include=["listed"], name="catalogue_listing_shop"),
            models.Index(fields=["category"], name="catalogue_listing_category"),
            GinIndex(fields=["search"], name="catalogue_listing_search", fastupdate=False),
        ]


class Variant(Model):
    """What is bought. `tracked` is settled at birth: stock is kept of it or never.

    `lowered_*` are the prices before and after the last markdown; it holds while the price is the lowered one.
    """

    listing = models.ForeignKey(Listing, models.PROTECT, related_name="+", db_index=False)
    label = models.JSONField()
    price_minor = models.BigIntegerField()
    measure = models.TextField(blank=True)
    barcode = models.TextField(blank=True)
    tracked = models.BooleanField()
    listed = models.BooleanField()
    position = models.SmallIntegerField()
    lowered_from_minor = models.BigIntegerField(null=True)
    lowered_to_minor = models.BigIntegerField(null=True)

    class Meta:
        db_table = "catalogue_variant"
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(price_minor__gt=0), name="catalogue_variant_price"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["listing", "position"], name="catalogue_variant_listing"),
            models.Index(fields=["barcode"], name="catalogue_variant_barcode", condition=~Q(barcode="")),
        ]


class OptionGroup(Model):
    """Choices that belong together: so many of them, and no more than that."""

    listing = models.ForeignKey(Listing, models.PROTECT, related_name="+", db_index=False)
    name = models.JSONField()
    least = models.SmallIntegerField()
    most = models.SmallIntegerField()
    position = models.SmallIntegerField()
    listed = models.BooleanField()

    class Meta:
        db_table = "catalogue_option_group"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(least__gte=0, most__gte=1, least__lte=models.F("most")), name="catalogue_group_numbers"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["listing", "position"], name="catalogue_group_listing")]


class Option(Model):
    """One choice, with its price and the minutes it takes."""

    group = models.ForeignKey(OptionGroup, models.PROTECT, related_name="+", db_index=False)
    name = models.JSONField()
    price_minor = models.BigIntegerField()
    minutes = models.SmallIntegerField()
    position = models.SmallIntegerField()

    class Meta:
        db_table = "catalogue_option"
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(price_minor__gte=0, minutes__gte=0), name="catalogue_option_values"),
        ]
        indexes: ClassVar = [models.Index(fields=["group", "position"], name="catalogue_option_place")]


class Offer(Model):
    """Another price, or another visibility, in a place; None says nothing and the wider place speaks."""

    variant = models.ForeignKey(Variant, models.PROTECT, related_name="+", db_index=False)
    level = models.TextField()
    place = models.UUIDField()
    price_minor = models.BigIntegerField(null=True)
    visible = models.BooleanField(null=True)

    class Meta:
        db_table = "catalogue_offer"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["variant", "place"], name="catalogue_offer_once", include=["price_minor", "visible"]
            ),
            models.CheckConstraint(
                condition=Q(level__in=[level.value for level in Level]), name="catalogue_offer_level"
            ),
            models.CheckConstraint(
                condition=Q(price_minor__isnull=False) | Q(visible__isnull=False), name="catalogue_offer_says"
            ),
            models.CheckConstraint(
                condition=Q(price_minor__isnull=True) | Q(price_minor__gt=0), name="catalogue_offer_price"
            ),
        ]
