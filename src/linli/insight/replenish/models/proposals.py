"""What was proposed to a household, and what it wants again and again."""

from __future__ import annotations

from typing import ClassVar, Self

from django.db import models
from django.db.models import Q

from linli.insight.replenish import rules
from linli.insight.replenish.models.households import Household, of_person
from linli.spine.base import Scoped, ScopedModel, state_check
from linli.spine.moves import MoveRow
from linli.spine.scope import Scope


class Standing(ScopedModel):
    """A thing that a household wants every so many days, whatever is forecast.

    `pays` says what a turn does: it asks for a yes, or it is ordered in the name of `person` as long as the price is
    about `agreed_minor`, and then paid when asked for or at the door. With `refill_minor` somebody fills the bin each
    time, at that price.
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
    refill_minor = models.BigIntegerField(null=True)
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
            models.CheckConstraint(
                condition=Q(refill_minor__isnull=True) | Q(refill_minor__gt=0), name="replenish_standing_refill"
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
