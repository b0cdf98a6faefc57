"""Where residents want their orders left, home by home; seen from inside only."""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from linli.spine.base import ScopedModel
from linli.spine.scope import Scope
from linli.trade.delivery import rules


class Wish(ScopedModel):
    """The places of a home, the first one first, as `person`, who lives there, said it."""

    home = models.UUIDField(unique=True)
    person = models.UUIDField()
    places = ArrayField(models.TextField())
    said_at = models.DateTimeField()

    class Meta:
        db_table = "delivery_wish"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=Q(places__contained_by=[each.value for each in rules.DropOff], places__len__gte=1),
                name="delivery_wish_places",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["person"], name="delivery_wish_person")]

    @classmethod
    def reach(cls, _: Scope) -> Q:
        """Nobody but the house: the actions look whose home it is."""
        return Q(pk__isnull=True)
