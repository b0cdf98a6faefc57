"""The tables of places. They are public: no wall stands here, and no person either."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models.fields.json import KeyTextTransform

from linli.spine.base import Model

_LAT = models.Q(lat__gte=-90, lat__lte=90)
_LON = models.Q(lon__gte=-180, lon__lte=180)


def _named(table: str) -> models.CheckConstraint:
    return models.CheckConstraint(condition=models.Q(name__has_keys=["zh", "en"]), name=f"{table}_named")


class City(Model):
    """The cell of everything: one time zone, one currency; no order and no bill crosses it."""

    name = models.JSONField()
    timezone = models.TextField()
    currency = models.TextField()
    added_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(KeyTextTransform("zh", "name"), name="places_city_once"),
            models.CheckConstraint(condition=models.Q(currency__regex="^[A-Z]{3}$"), name="places_city_currency"),
            _named("places_city"),
        ]


class District(Model):
    city = models.ForeignKey(City, models.PROTECT, db_index=False)
    name = models.JSONField()
    added_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint("city", KeyTextTransform("zh", "name"), name="places_district_once"),
            _named("places_district"),
        ]


class Community(Model):
    district = models.ForeignKey(District, models.PROTECT, db_index=False)
    name = models.JSONField()
    lat = models.FloatField()
    lon = models.FloatField()
    address = models.TextField()
    added_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint("district", KeyTextTransform("zh", "name"), name="places_community_once"),
            models.CheckConstraint(condition=_LAT & _LON, name="places_community_on_earth"),
            _named("places_community"),
        ]
        indexes: ClassVar = [models.Index(fields=["lat", "lon"], name="places_community_near")]


class Building(Model):
    community = models.ForeignKey(Community, models.PROTECT, db_index=False)
    label = models.TextField()
    lat = models.FloatField(null=True)
    lon = models.FloatField(null=True)
    added_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["community", "label"], name="places_building_once"),
            models.CheckConstraint(
                condition=models.Q(lat__isnull=True, lon__isnull=True) | (_LAT & _LON),
                name="places_building_on_earth",
            ),
        ]


class Unit(Model):
    """A stairwell; a building without units has one whose label is empty."""

    building = models.ForeignKey(Building, models.PROTECT, db_index=False)
    label = models.TextField(blank=True)
    added_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [models.UniqueConstraint(fields=["building", "label"], name="places_unit_once")]


class Home(Model):
    unit = models.ForeignKey(Unit, models.PROTECT, db_index=False)
    label = models.TextField()
    area_m2 = models.DecimalField(max_digits=8, decimal_places=2, null=True)
    added_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["unit", "label"], name="places_home_once"),
            models.CheckConstraint(
                condition=models.Q(area_m2__isnull=True) | models.Q(area_m2__gt=0), name="places_home_has_area"
            ),
        ]
