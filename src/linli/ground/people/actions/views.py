"""Keeping the view of a list under a name, and letting it go."""

from __future__ import annotations

import re
from datetime import datetime

from linli.ground.people import models, rules
from linli.kernel import ids
from linli.kernel.ids import SavedViewId
from linli.kernel.refusals import Invalid, NotFound, Refusal
from linli.kernel.words import _
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.scope import Scope


class TooManyViews(Refusal):
    """More names than a row of them shows."""

    says = _("There are {most} saved views of this list already. Let one go first.")


@action(needs=May.KEEP_OWN_PROFILE, private=("name", "query"))
def keep_view(scope: Scope, *, page: str, name: str, query: str, at: datetime) -> str:
    """This will keep what an address narrows a list to under a name; a name that is there means this from now on.

    It answers the words of the address as they are kept.
    """
    name, query = " ".join(name.split()), rules.view_query(query)
    if scope.person is None or not re.fullmatch(rules.VIEWED_PAGE, page):
        raise NotFound("page")
    if not 0 < len(name) <= rules.MOST_VIEW_NAME or not name.isprintable():
        raise Invalid("name", _("A name of at most {most} characters is needed."), most=rules.MOST_VIEW_NAME)
    if len(query) > rules.MOST_VIEW_QUERY:
        raise Invalid("query", _("This view says too much to be kept."))
    views = models.SavedView.objects.within(scope).filter(party=scope.person, page=page)
    if views.filter(name=name).update(query=query, kept_at=at):
        return query
    if views.count() >= rules.MOST_VIEWS:
        raise TooManyViews(most=rules.MOST_VIEWS)
    models.SavedView.objects.create(id=ids.new(), party_id=scope.person, page=page, name=name, query=query, kept_at=at)
    return query


@action(needs=May.KEEP_OWN_PROFILE)
def drop_view(scope: Scope, *, view: SavedViewId, at: datetime) -> str:
    """This will forget a view of the asker's own, and answer of which page it was."""
    row = models.SavedView.objects.within(scope).filter(id=view, party=scope.person).first()
    if row is None:
        raise NotFound("view")
    page = row.page
    row.delete()
    return page
