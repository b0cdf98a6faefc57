"""Looking at tables behind the walls: what stands there, whoever may see it."""

from __future__ import annotations

from typing import TypeVar

from django.db import models

from linli.spine import walls
from linli.spine.scope import SYSTEM

M = TypeVar("M", bound=models.Model)


def rows_of(model: type[M]) -> models.QuerySet[M]:
    """This will give all rows of a table, within the test's transaction."""
    walls.raise_for(SYSTEM)
    objects = model._default_manager
    return objects.inside() if hasattr(objects, "inside") else objects.all()
