"""The tables of people; those that hold persons stand behind walls (see the migration)."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, DateTimeRangeField, RangeOperators
from django.contrib.postgres.fields.ranges import RangeBoundary
from django.db import models
from django.db.models import Exists, F, Func, OuterRef, Q, Value
from django.db.models.functions import Cast, Coalesce, Length
from django.db.models.lookups import LessThanOrEqual

from linli.ground.people import rules
from linli.ground.people.rules import Level, PartyKind, ResidencyKind
from linli.spine.base import Model, ScopedModel
from linli.spine.may import Duty
from linli.spine.scope import Role, Scope

_BOOLEAN = models.BooleanField()
_NOWHERE = "00000000-0000-0000-0000-000000000000"


def _days() -> Func:
    return Func(F("start_on"), F("end_on"), RangeBoundary(), function="daterange", output_field=DateRangeField())


def _as_one(*columns: str) -> Func:
    """Columns as one text, in which no column can be looked up alone.

    A GiST index of several columns finds one of them in a thousand pages, and PostgreSQL, which takes it to be as good
    as any, preferred it for twenty homes among a million: seconds instead of microseconds.
    """
    texts = (Cast(F(column), models.TextField()) for column in columns)
    return Func(*texts, arg_joiner=" || ", output_field=models.TextField(), template="(%(expressions)s)")


def _instants() -> Func:
    return Func(F("start_at"), F("end_at"), RangeBoundary(), function="tstzrange", output_field=DateTimeRangeField())


def _ends_after_start(name: str, unit: str) -> models.CheckConstraint:
    ends = Q(**{f"end_{unit}__isnull": True}) | Q(**{f"end_{unit}__gte": F(f"start_{unit}")})
    return models.CheckConstraint(condition=ends, name=name)


def _in_care(scope: Scope, party: str) -> Q:
    """The party lives, or lived, in one of the communities of the property staff who ask."""
    theirs = Residency.objects.inside().filter(party=OuterRef(party), community__in=scope.communities)
    return Q(Exists(theirs))


class Party(ScopedModel):
    """A person or an organisation. An erased person keeps the row, without a name."""

    kind = models.TextField()
    name = models.TextField()
    locale = models.TextField()
    registered_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(kind__in=[k.value for k in PartyKind]), name="people_party_kind"),
            models.CheckConstraint(
                condition=Q(erased_at__isnull=True) | Q(name=""), name="people_party_erased_is_nameless"
            ),
        ]

    @classmethod
    def reach(cls, scope: Scope) -> Q:
        theirs = Q(id=scope.person) | Q(kind=PartyKind.ORGANISATION.value)
        if scope.role == Role.PROPERTY:
            theirs |= _in_care(scope, "pk") | Q(Func("pk", function="people_is_colleague", output_field=_BOOLEAN))
        return theirs


class Contact(ScopedModel):
    """Where a party is reached; read in the clear only through `reveal_contact`."""

    id = None  # type: ignore[assignment]  # one contact per party: the party is the key
    party = models.OneToOneField(Party, models.PROTECT, primary_key=True)
    phone = models.TextField(unique=True)
    since_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(phone__regex=r"^\+[1-9][0-9]{6,14}$"), name="people_contact_e164")
        ]

    @classmethod
    def reach(cls, scope: Scope) -> Q:
        theirs = Q(party=scope.person)
        if scope.role == Role.PROPERTY:
            theirs |= _in_care(scope, "party")
        return theirs


class Residency(ScopedModel):
    """A party lives in, rents or owns a home for a period of days; `community` is the home's, for the wall."""

    home = models.ForeignKey("places.Home", models.PROTECT, db_index=False)
    community = models.ForeignKey("places.Community", models.PROTECT, db_index=False)
    party = models.ForeignKey(Party, models.PROTECT, db_index=False)
    kind = models.TextField()
    start_on = models.DateField()
    end_on = models.DateField(null=True)

    class Meta:
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(kind__in=[k.value for k in ResidencyKind]), name="people_residency_kind"
            ),
            _ends_after_start("people_residency_period", "on"),
            ExclusionConstraint(
                name="people_residency_once",
                expressions=[
                    (_as_one("party", "home", "kind"), RangeOperators.EQUAL),
                    (_days(), RangeOperators.OVERLAPS),
                ],
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["party"], name="people_residency_party"),
            models.Index(fields=["home"], name="people_residency_of_home"),
            models.Index(fields=["community", "home"], name="people_residency_home"),
        ]

    @classmethod
    def reach(cls, scope: Scope) -> Q:
        theirs = Q(party=scope.person)
        if scope.role == Role.PROPERTY:
            theirs |= Q(community__in=scope.communities)
        return theirs


class RoleBinding(ScopedModel):
    """A party wears a role at a place for a period. `label` names a place that lies above this floor (a shop).

    `acts_for` is the party that whoever wears the role acts for there: the merchant of the shop. `duty` narrows the
    role of a property company's staff.
    """

    party = models.ForeignKey(Party, models.PROTECT, db_index=False)
    role = models.TextField()
    level = models.TextField()
    place = models.UUIDField(null=True)
    label = models.JSONField(db_default={})
    acts_for = models.UUIDField(null=True)
    duty = models.TextField(db_default="")
    start_at = models.DateTimeField()
    end_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "people_role_binding"
        constraints: ClassVar = [
            models.CheckConstraint(condition=Q(level__in=[v.value for v in Level]), name="people_role_level"),
            models.CheckConstraint(
                condition=Q(level=Level.PLATFORM.value, place__isnull=True)
                | (~Q(level=Level.PLATFORM.value) & Q(place__isnull=False)),
                name="people_role_has_its_place",
            ),
            models.CheckConstraint(
                condition=Q(duty="") | Q(role=Role.PROPERTY.value, duty__in=[d.value for d in Duty]),
                name="people_role_duty",
            ),
            _ends_after_start("people_role_period", "at"),
            ExclusionConstraint(
                name="people_role_once",
                expressions=[
                    (F("party"), RangeOperators.EQUAL),
                    (F("role"), RangeOperators.EQUAL),
                    (F("level"), RangeOperators.EQUAL),
                    (Coalesce(F("place"), Value(_NOWHERE, models.UUIDField())), RangeOperators.EQUAL),
                    (_instants(), RangeOperators.OVERLAPS),
                ],
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["party"], name="people_role_party"),
            models.Index(fields=["place", "role"], name="people_role_place"),
        ]

    @classmethod
    def reach(cls, scope: Scope) -> Q:
        return Q(party=scope.person)


class Stewardship(Model):
    """A property company looks after a community for a period of days; public, and never two at once."""

    community = models.ForeignKey("places.Community", models.PROTECT, db_index=False)
    company = models.ForeignKey(Party, models.PROTECT)
    start_on = models.DateField()
    end_on = models.DateField(null=True)

    class Meta:
        constraints: ClassVar = [
            _ends_after_start("people_stewardship_period", "on"),
            ExclusionConstraint(
                name="people_stewardship_once",
                expressions=[(F("community"), RangeOperators.EQUAL), (_days(), RangeOperators.OVERLAPS)],
            ),
        ]


class BuildingSteward(ScopedModel):
    """A steward of the company looks after a building for a period of days; of one company never two at once."""

    company = models.ForeignKey(Party, models.PROTECT, db_index=False, related_name="+")
    community = models.ForeignKey("places.Community", models.PROTECT, db_index=False)
    building = models.ForeignKey("places.Building", models.PROTECT, db_index=False)
    steward = models.ForeignKey(Party, models.PROTECT, db_index=False, related_name="+")
    start_on = models.DateField()
    end_on = models.DateField(null=True)

    class Meta:
        db_table = "people_building_steward"
        constraints: ClassVar = [
            _ends_after_start("people_building_steward_period", "on"),
            ExclusionConstraint(
                name="people_building_steward_once",
                expressions=[
                    (_as_one("company", "building"), RangeOperators.EQUAL),
                    (_days(), RangeOperators.OVERLAPS),
                ],
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["community", "company"], name="people_stewards_here"),
            models.Index(fields=["steward", "company"], name="people_stewards_care"),
        ]

    @classmethod
    def reach(cls, scope: Scope) -> Q:
        return Q(community__in=scope.communities, company=scope.company) if scope.role == Role.PROPERTY else Q(pk=None)


class SavedView(ScopedModel):
    """What somebody narrowed, sorted and put away of a list at a desk, under a name of their own."""

    party = models.ForeignKey(Party, models.PROTECT, db_index=False)
    page = models.TextField()
    name = models.TextField()
    query = models.TextField()
    kept_at = models.DateTimeField()

    class Meta:
        db_table = "people_saved_view"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["party", "page", "name"], name="people_saved_view_once"),
            models.CheckConstraint(
                condition=Q(page__regex=rules.VIEWED_PAGE)
                & ~Q(name="")
                & Q(LessThanOrEqual(Length("name"), rules.MOST_VIEW_NAME))
                & Q(LessThanOrEqual(Length("query"), rules.MOST_VIEW_QUERY)),
                name="people_saved_view_is_short",
            ),
        ]

    @classmethod
    def reach(cls, scope: Scope) -> Q:
        return Q(party=scope.person)
