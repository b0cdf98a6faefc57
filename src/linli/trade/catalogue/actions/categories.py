"""The tree of categories, kept by the platform."""

from __future__ import annotations

from datetime import datetime

from linli.kernel import ids
from linli.kernel.ids import CategoryId
from linli.kernel.refusals import Invalid, NotFound, Refusal
from linli.kernel.words import _
from linli.spine import locks, sql
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.scope import Scope
from linli.trade.catalogue import rules
from linli.trade.catalogue.models import Category

DEEPEST = 5


class TooDeep(Refusal):
    """Nobody finds anything in a tree that deep."""

    says = _("Categories can be at most {deepest} levels deep.")

    def __init__(self) -> None:
        super().__init__(field="parent", deepest=DEEPEST)


@action(needs=May.KEEP_CATEGORIES)
def add_category(
    _scope: Scope, *, name: dict[str, str], parent: CategoryId | None = None, position: int = 0, at: datetime
) -> CategoryId:
    """This will add a category under another, or as a root."""
    rules.check_name(name, field="name")
    category = CategoryId(ids.new())
    path = [*_path(parent), category]
    if len(path) > DEEPEST:
        raise TooDeep
    Category.objects.create(id=category, parent_id=parent, path=path, name=name, position=position)
    return category


@action(needs=May.KEEP_CATEGORIES)
def rename_category(
    _scope: Scope, *, category: CategoryId, name: dict[str, str], position: int | None = None, at: datetime
) -> None:
    """This will give a category another name, and another place among its neighbours."""
    rules.check_name(name, field="name")
    changes = {"name": name} | ({} if position is None else {"position": position})
    if not Category.objects.filter(pk=category).update(**changes):
        raise NotFound("category")


@action(needs=May.KEEP_CATEGORIES)
def move_category(_scope: Scope, *, category: CategoryId, parent: CategoryId | None, at: datetime) -> None:
    """This will hang a category, with everything under it, somewhere else in the tree."""
    locks.hold("catalogue.tree")  # two moves at a time could tie a knot
    old, new = _path(category), _path(parent)
    if category in new:
        raise Invalid("parent", _("A category cannot stand under itself"))
    deepest = sql.fetch_one(
        "SELECT max(cardinality(path)) FROM catalogue_category WHERE path @> ARRAY[%s::uuid]", category
    )
    below = deepest[0] - len(old) if deepest else 0
    if len(new) + 1 + below > DEEPEST:
        raise TooDeep
    sql.run(
        "UPDATE catalogue_category SET path = %s::uuid[] || path[%s:] WHERE path @> ARRAY[%s::uuid]",
        new,
        len(old),
        category,
    )
    sql.run("UPDATE catalogue_category SET parent_id = %s WHERE id = %s", parent, category)


def _path(category: CategoryId | None) -> list[CategoryId]:
    if category is None:
        return []
    row = sql.fetch_one("SELECT path FROM catalogue_category WHERE id = %s", category)
    if row is None:
        raise NotFound("category", field="parent")
    path: list[CategoryId] = row[0]
    return path
