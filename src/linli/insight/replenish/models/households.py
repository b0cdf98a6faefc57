"""Who asked to be told, and six numbers of what each household buys."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models
from django.db.models import F, Q

from linli.spine.base import Scoped, ScopedModel
from linli.spine.scope import Scope


def of_person(scope: Scope, path: str) -> Q:
    """What belongs to a household that a person has consented for."""
    if scope.person is None:
        return Q(pk__in=[])
    return Q(**{f"{path}__in": Consent.objects.inside().filter(person=scope.person).values("household")})


class Household(ScopedModel):
    """Those of a home whose purchases count together: all who share, or one person alone (`private_of`)."""

    home = models.UUIDField()
    building = models.TextField()
    community = models.UUIDField()
    private_of = models.UUIDField(null=True)
    is_stale = models.BooleanField(default=False)

    class Meta:
        db_table = "replenish_household"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["home"], condition=Q(private_of__isnull=True), name="replenish_household_shared"
            ),
            models.UniqueConstraint(fields=["home", "private_of"], name="replenish_household_private"),
        ]
        indexes: ClassVar = [models.Index(fields=["community", "id"], name="replenish_household_night")]

    @classmethod
    def reach(cls, scope: Scope) -> Q:
        return of_person(scope, "id")


class Consent(ScopedModel):
    """A person asked to be told for a home. It ends, with all that hangs on it, by a tap or with the residency."""

    person = models.UUIDField()
    home = models.UUIDField()
    household = models.ForeignKey(Household, on_delete=models.CASCADE, related_name="consents")
    shares = models.BooleanField()
    given_at = models.DateTimeField()

    class Meta:
        db_table = "replenish_consent"
        constraints: ClassVar = [models.UniqueConstraint(fields=["person", "home"], name="replenish_consent_one")]

    @classmethod
    def reach(cls, scope: Scope) -> Q:
        return Q(person=scope.person) if scope.person else Q(pk__in=[])


class Elsewhere(models.Model):
    """A purchase that a person has told of: made in another place, or before orders were noted. Its consent's alone."""

    id = models.BigAutoField(primary_key=True)
    consent = models.ForeignKey(Consent, on_delete=models.CASCADE, related_name="+", db_index=False)
    commodity = models.TextField()
    bought_on = models.DateField()
    variant = models.UUIDField(null=True)
    quantity = models.IntegerField(default=1)

    objects: ClassVar[Scoped[Self]] = Scoped()

    class Meta:
        db_table = "replenish_elsewhere"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["consent", "commodity", "bought_on"], name="replenish_elsewhere_one"),
            models.CheckConstraint(condition=Q(quantity__gte=1), name="replenish_elsewhere_something"),
        ]

    @classmethod
    def reach(cls, scope: Scope) -> Q:
        return Q(consent__person=scope.person) if scope.person else Q(pk__in=[])


class State(models.Model):
    """Six numbers of a household and a commodity (empty: of all that it buys), and what its answers have taught."""

    id = models.BigAutoField(primary_key=True)
    household = models.ForeignKey(Household, on_delete=models.CASCADE, related_name="+", db_index=False)
    commodity = models.TextField()
    purchases = models.IntegerField()
    first_on = models.DateField()
    last_on = models.DateField()
    log_gaps = models.FloatField(default=0)
    log_gaps_squared = models.FloatField(default=0)
    recent_log_gap = models.FloatField(default=0)
    usual_variant = models.UUIDField(null=True)
    usual_quantity = models.IntegerField(default=1)
    put_off_until = models.DateField(null=True)
    is_refused = models.BooleanField(default=False)

    objects: ClassVar[Scoped[Self]] = Scoped()

    class Meta:
        db_table = "replenish_state"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["household", "commodity"], name="replenish_state_one"),
            models.CheckConstraint(
                condition=Q(purchases__gte=1, first_on__lte=F("last_on"), usual_quantity__gte=1),
                name="replenish_state_counts",
            ),
        ]

    @classmethod
    def reach(cls, scope: Scope) -> Q:
        return of_person(scope, "household")
