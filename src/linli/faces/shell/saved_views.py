"""The view of a list at a desk, kept under a name: its filters, its sorting and its columns, for whoever kept it."""

from __future__ import annotations

from django.http import HttpResponse, HttpResponseRedirect

from linli.faces.shell.pages import page
from linli.faces.shell.requests import PublicRequest
from linli.ground.people import actions
from linli.ground.people.rules import MOST_VIEW_NAME, MOST_VIEW_QUERY
from linli.kernel.ids import SavedViewId
from linli.kernel.refusals import NotFound

LONGEST_PAGE = 120


@page("public", "POST", "views/", name="saved-views")
def create(request: PublicRequest) -> HttpResponse:
    """This will keep a view and go back to it."""
    _insist_signed_in(request)
    form = request.form
    where = form.text("page", most=LONGEST_PAGE)
    name, query = form.text("name", most=MOST_VIEW_NAME), form.maybe_text("query", most=2 * MOST_VIEW_QUERY) or ""
    kept = actions.keep_view(request.scope, page=where, name=name, query=query, at=request.at)
    return _back(where, kept)


@page("public", "POST", "views/<uuid:view>/removal/", name="saved-view-removal")
def remove(request: PublicRequest, view: SavedViewId) -> HttpResponse:
    """This will forget a view and go back to the whole list."""
    _insist_signed_in(request)
    return _back(actions.drop_view(request.scope, view=view, at=request.at), "")


def _insist_signed_in(request: PublicRequest) -> None:
    if request.is_guest or request.check_due:
        raise NotFound


def _back(where: str, query: str) -> HttpResponse:
    return HttpResponseRedirect(where + (f"?{query}" if query else ""), status=303)
