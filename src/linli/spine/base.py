"""The base of every table: a UUIDv7 key, no hidden saves, and a manager that answers only within a scope."""

from __future__ import annotations

from typing import Any, ClassVar, Self, TypeVar

from django.db import models

from linli.kernel import ids
from linli.spine import among as among  # every table's columns know it
from linli.spine.scope import Scope

M = TypeVar("M", bound=models.Model)


class ScopeMissing(RuntimeError):
    """A defect: a scoped table was asked without `.within(scope)`."""


class Scoped(models.Manager[M]):
    """Answers only `.within(scope)`; the model's `reach(scope)` says which rows that is.

    `.inside()` is for the module's own tasks and for hot paths whose SQL carries the scope; it is as visible in a
    review as it looks.
    """

    def within(self, scope: Scope) -> models.QuerySet[M]:
        """This will give the rows that the scope reaches."""
        rows = super().get_queryset()
        return rows if scope.is_inside else rows.filter(self.model.reach(scope))  # type: ignore[attr-defined]

    def inside(self) -> models.QuerySet[M]:
        """This will give every row, for the house itself."""
        return super().get_queryset()

    def create(self, **values: Any) -> M:
        """This will insert one row (the wall checks that it may be written)."""
        return self.inside().create(**values)

    def bulk_create(self, objs: Any, *args: Any, **options: Any) -> list[M]:
        """This will insert many rows in one statement."""
        return self.inside().bulk_create(objs, *args, **options)

    def get_queryset(self) -> models.QuerySet[M]:
        raise ScopeMissing(f"{self.model.__name__} answers only .within(scope)")


class Model(models.Model):
    """A table with a UUIDv7 key. Verbs live in actions; there is no save() override and there are no signals."""

    insert_only: ClassVar[bool] = False
    """True: the application's roles get no UPDATE and DELETE on the table."""

    id = models.UUIDField(primary_key=True, default=ids.new, editable=False)

    class Meta:
        abstract = True


class ScopedModel(Model):
    """A table that answers only within a scope."""

    objects: ClassVar[Scoped[Self]] = Scoped()

    class Meta:
        abstract = True

    @classmethod
    def reach(cls, scope: Scope) -> models.Q:
        """This will say which rows a scope sees; every scoped table answers it."""
        raise NotImplementedError(cls.__name__)


def state_check(name: str, states: tuple[Any, ...], column: str = "state") -> models.CheckConstraint:
    """This will make the database's check of a state column from its life."""
    return models.CheckConstraint(condition=models.Q(**{f"{column}__in": [s.value for s in states]}), name=name)
