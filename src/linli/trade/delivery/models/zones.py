"""Zones and the places in them. They are public: no person and no home stands here."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from linli.spine.base import Model


class Zone(Model):
    """Communities that share runs from a hub. `radius_m`: new communities within it join by themselves.

    `measure_at`: when the ways between its places are measured next; nothing else waits for that.
    """

    city = models.UUIDField()
    name = models.JSONField()
    lat = models.FloatField()
    lon = models.FloatField()
    radius_m = models.IntegerField(null=True)
    drops = models.IntegerField()
    opened_at = models.DateTimeField()
    measure_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "delivery_zone"
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(drops__gt=0), name="delivery_zone_drops"),
            models.CheckConstraint(
                condition=Q(radius_m__isnull=True) | Q(radius_m__gt=0, radius_m__lte=20_000),
                name="delivery_zone_radius",
            ),
            models.CheckConstraint(
                condition=Q(lat__gte=-90, lat__lte=90, lon__gte=-180, lon__lte=180), name="delivery_zone_on_earth"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["city"], name="delivery_zone_city"),
            models.Index(fields=["measure_at"], condition=Q(closed_at__isnull=True), name="delivery_zone_measure"),
        ]


class ZoneCommunity(Model):
    """One community of a zone, and of no other."""

    zone = models.ForeignKey(Zone, models.PROTECT, related_name="+", db_index=False)
    community = models.UUIDField()
    distance_m = models.IntegerField()

    class Meta:
        db_table = "delivery_zone_community"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["community"], name="delivery_zone_community_once"),
            models.CheckConstraint(condition=Q(distance_m__gte=0), name="delivery_zone_community_distance"),
        ]
        indexes: ClassVar = [models.Index(fields=["zone", "distance_m"], name="delivery_zone_community_zone")]


class Gate(Model):
    """Where couriers enter a community."""

    community = models.UUIDField()
    label = models.TextField()
    lat = models.FloatField()
    lon = models.FloatField()

    class Meta:
        db_table = "delivery_gate"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["community", "label"], name="delivery_gate_once"),
            models.CheckConstraint(
                condition=Q(lat__gte=-90, lat__lte=90, lon__gte=-180, lon__lte=180), name="delivery_gate_on_earth"
            ),
        ]


class Place(Model):
    """One row of a zone's table of distances: a place, and how far it is from there to every other, by `nth`."""

    zone = models.ForeignKey(Zone, models.PROTECT, related_name="+", db_index=False)
    place = models.UUIDField()
    nth = models.IntegerField()
    lat = models.FloatField()
    lon = models.FloatField()
    metres = ArrayField(models.IntegerField())
    by_road = models.BooleanField(db_default=False)
    measured_at = models.DateTimeField()

    class Meta:
        db_table = "delivery_place"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["zone", "place"], name="delivery_place_once"),
            models.UniqueConstraint(fields=["zone", "nth"], name="delivery_place_nth"),
            models.CheckConstraint(condition=Q(nth__gte=0), name="delivery_place_counted"),
        ]
