"""The views of lists that somebody kept for themselves."""

from __future__ import annotations

from dataclasses import dataclass

from linli.ground.people import models, rules
from linli.kernel.ids import SavedViewId
from linli.spine.action import query
from linli.spine.scope import Scope


@dataclass(frozen=True, slots=True)
class View:
    """A name and the words of an address that it stands for."""

    view: SavedViewId
    name: str
    query: str


@query
def saved_views(scope: Scope, *, page: str) -> tuple[View, ...]:
    """This will list what the asker kept of a page, by name."""
    if scope.person is None:
        return ()
    rows = models.SavedView.objects.within(scope).filter(party=scope.person, page=page).order_by("name")
    found = rows.values_list("id", "name", "query")[: rules.MOST_VIEWS]
    return tuple(View(SavedViewId(view), name, words) for view, name, words in found)
