"""Who asked to be told, six numbers of what each household buys, and what was proposed to it."""

from __future__ import annotations

from typing import ClassVar, Self

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from linli.insight.replenish import rules
from linli.spine.base import Model, Scoped, ScopedModel, state_check
from linli.spine.moves import MoveRow
from linli.spine.scope import Scope


def of_person(scope: Scope, path: str) -> Q:
    """What belongs to a household that a person has consented for."""
    if scope.person is None:
        return Q(pk__in=[])
    return Q(**{f"{path}__in": Consent.objects.inside().filter(person=scope.person).values("household")})


class Commodity(Model):
    """An edited or added commodity; it stands before the one of the same key that comes with the house."""

    key = models.TextField(unique=True)
    name = models.JSONField()
    measure = models.TextField()
    usual_days = models.SmallIntegerField()
    words = ArrayField(models.TextField())
    others = ArrayField(models.TextField(), default=list)
    is_proposed = models.BooleanField(default=True)

    class Meta:
        db_table = "replenish_commodity"
        constraints: ClassVar = [
            state_check("replenish_commodity_measure", tuple(rules.Measure), column="measure"),
            models.CheckConstraint(condition=Q(usual_days__gte=1, usual_days__lte=365), name="replenish_usual_days"),
        ]


class Mapped(Model):
    """Which commodity a listing is; empty: of none. A suggestion gives way to what somebody decided.

    `is_dish`: it is eaten the day it comes, and there is nothing to decide.
    """

    listing = models.UUIDField(unique=True)
    commodity = models.TextField(default="")
    is_decided = models.BooleanField(default=False)
    title = models.JSONField()
    is_dish = models.BooleanField(default=False, db_default=False)
    mapped_at = models.DateTimeField()

    class Meta:
        db_table = "replenish_mapped"
        indexes: ClassVar = [models.Index(fields=["commodity", "-id"], name="replenish_mapped_list")]


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


class Study(Model):
    """What the engine learnt on a day, about nobody: numbers by commodity and, where enough is known, a net."""

    insert_only: ClassVar[bool] = True

    version = models.SmallIntegerField()
    households = models.IntegerField()
    body = models.JSONField()
    studied_at = models.DateTimeField()

    class Meta:
        db_table = "replenish_study"
        indexes: ClassVar = [models.Index(fields=["version", "-id"], name="replenish_study_newest")]


class Standing(ScopedModel):
    """A thing that a household wants every so many days, whatever is forecast.

    `pays` says what a turn does: it asks for a yes, or it is ordered in the name of `person` as long as the price is
    about `agreed_minor`, and then paid when asked for or at the door.
    """

    household = models.ForeignKey(Household, on_delete=models.CASCADE, related_name="+", db_index=False)
    community = models.UUIDField()
    commodity = models.TextField()
    variant = models.UUIDField()
    quantity = models.IntegerField()
    every_days = models.SmallIntegerField()
    next_on = models.DateField()
    pays = models.TextField(default=rules.Pays.CONFIRM.value)
    person = models.UUIDField()
    agreed_minor = models.BigIntegerField(null=True)
    state = models.TextField(default=rules.STANDING_LIFE.birth.value)
    begun_at = models.DateTimeField()

    class Meta:
        db_table = "replenish_standing"
        constraints: ClassVar = [
            state_check("replenish_standing_state", rules.STANDING_LIFE.states),
            state_check("replenish_standing_pays", tuple(rules.Pays), column="pays"),
            models.CheckConstraint(
                condition=Q(pays="confirm") | Q(agreed_minor__gte=0), name="replenish_standing_agreed"
            ),
            models.UniqueConstraint(
                fields=["household", "commodity"], condition=~Q(state="ended"), name="replenish_standing_one"
            ),
            models.CheckConstraint(
                condition=Q(every_days__gte=rules.LEAST_EVERY_D, every_days__lte=rules.MOST_EVERY_D, quantity__gte=1),
                name="replenish_standing_numbers",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["household"], name="replenish_standing_of"),
            models.Index(fields=["next_on"], name="replenish_standing_due", condition=Q(state="running")),
        ]

    @classmethod
    def reach(cls, scope: Scope) -> Q:
        return of_person(scope, "household")


class Turn(models.Model):
    """A turn of a standing order that came by itself: what was ordered, or why nothing was; one of each day."""

    id = models.BigAutoField(primary_key=True)
    standing = models.ForeignKey(Standing, on_delete=models.CASCADE, related_name="+", db_index=False)
    turn_on = models.DateField()
    checkout = models.UUIDField(null=True)
    total_minor = models.BigIntegerField(null=True)
    pay_before = models.DateTimeField(null=True)
    why = models.TextField(default="")
    taken_at = models.DateTimeField()

    objects: ClassVar[Scoped[Self]] = Scoped()

    class Meta:
        db_table = "replenish_turn"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["standing", "turn_on"], name="replenish_turn_once"),
            models.CheckConstraint(
                condition=Q(checkout__isnull=False, total_minor__gte=0, why="") | Q(checkout__isnull=True) & ~Q(why=""),
                name="replenish_turn_either",
            ),
        ]

    @classmethod
    def reach(cls, scope: Scope) -> Q:
        return of_person(scope, "standing__household")


class Proposal(ScopedModel):
    """What a household will need, told once: `after_on` is the last purchase it was foretold from."""

    household = models.ForeignKey(Household, on_delete=models.CASCADE, related_name="+", db_index=False)
    community = models.UUIDField()
    commodity = models.TextField()
    standing = models.ForeignKey(Standing, null=True, on_delete=models.CASCADE, related_name="+", db_index=False)
    after_on = models.DateField()
    turn_on = models.DateField()
    due_on = models.DateField()
    deliver_on = models.DateField()
    every_days = models.SmallIntegerField(null=True)
    confidence_bp = models.SmallIntegerField()
    variant = models.UUIDField(null=True)
    quantity = models.IntegerField()
    is_learnt = models.BooleanField()
    wants_refill = models.BooleanField(default=False)
    state = models.TextField(default=rules.PROPOSAL_LIFE.birth.value)
    proposed_at = models.DateTimeField()
    due_at = models.DateTimeField()
    answered_at = models.DateTimeField(null=True)

    class Meta:
        db_table = "replenish_proposal"
        constraints: ClassVar = [
            state_check("replenish_proposal_state", rules.PROPOSAL_LIFE.states),
            models.UniqueConstraint(
                fields=["household", "commodity"], condition=Q(state="open"), name="replenish_proposal_one_open"
            ),
            models.UniqueConstraint(
                fields=["household", "commodity", "after_on", "turn_on"], name="replenish_proposal_never_twice"
            ),
            models.CheckConstraint(
                condition=Q(confidence_bp__gte=0, confidence_bp__lte=10_000, quantity__gte=1),
                name="replenish_proposal_numbers",
            ),
            models.CheckConstraint(
                condition=Q(state="open", answered_at__isnull=True) | ~Q(state="open") & Q(answered_at__isnull=False),
                name="replenish_proposal_answered",
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["household", "-id"], name="replenish_proposal_of"),
            models.Index(fields=["community", "deliver_on"], name="replenish_proposal_trips"),
            models.Index(fields=["due_at"], name="replenish_proposal_due", condition=Q(state="open")),
        ]

    @classmethod
    def reach(cls, scope: Scope) -> Q:
        return of_person(scope, "household")


class ProposalMove(MoveRow):
    """A step of a proposal; it goes with its household, so these rows may be deleted."""

    insert_only: ClassVar[bool] = False

    of = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="+", db_index=False)

    class Meta:
        db_table = "replenish_proposal_move"
        indexes: ClassVar = [models.Index(fields=["of", "id"], name="replenish_proposal_move_of")]

    @classmethod
    def reach(cls, scope: Scope) -> Q:
        return of_person(scope, "of__household")


class StandingMove(MoveRow):
    """A step of a standing order; it goes with its household, too."""

    insert_only: ClassVar[bool] = False

    of = models.ForeignKey(Standing, on_delete=models.CASCADE, related_name="+", db_index=False)

    class Meta:
        db_table = "replenish_standing_move"
        indexes: ClassVar = [models.Index(fields=["of", "id"], name="replenish_standing_move_of")]

    @classmethod
    def reach(cls, scope: Scope) -> Q:
        return of_person(scope, "of__household")
