"""A view of a list is kept by whoever keeps it, for nobody else, and is forgotten with them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from builders import AT, a_person
from linli.ground.people import actions, queries
from linli.ground.people.models import SavedView
from linli.ground.people.rules import MOST_VIEWS, view_query
from linli.kernel.ids import SavedViewId
from linli.kernel.refusals import Invalid, NotFound
from linli.spine.scope import SYSTEM, Role, Scope

pytestmark = pytest.mark.django_db
PAGE = "/p/bills/"


def staff() -> Scope:
    return replace(SYSTEM, role=Role.PROPERTY, person=a_person())


def kept(scope: Scope) -> list[tuple[str, str]]:
    return [(each.name, each.query) for each in queries.saved_views(scope, page=PAGE)]


def test_an_address_is_kept_in_one_way_without_where_the_reader_had_got_to():
    assert view_query("?standing=late&by=-open&after=42&words=") == "by=-open&standing=late"
    assert view_query("standing=late&by=-open") == view_query("by=-open&standing=late&said=x")
    assert view_query("") == ""


def test_a_view_is_kept_changed_by_its_name_and_seen_by_its_keeper_alone():
    mine, another = staff(), staff()
    assert actions.keep_view(mine, page=PAGE, name=" Late  ones ", query="standing=late&after=7", at=AT) == (
        "standing=late"
    )
    actions.keep_view(mine, page=PAGE, name="Late ones", query="standing=late&by=-open", at=AT)
    actions.keep_view(mine, page="/p/work-orders/", name="Late ones", query="late=1", at=AT)
    assert kept(mine) == [("Late ones", "by=-open&standing=late")]
    assert kept(another) == []
    (view,) = queries.saved_views(mine, page=PAGE)
    with pytest.raises(NotFound):
        actions.drop_view(another, view=view.view, at=AT)
    assert kept(mine) == [("Late ones", "by=-open&standing=late")]
    assert actions.drop_view(mine, view=view.view, at=AT) == PAGE
    assert kept(mine) == []


@pytest.mark.parametrize(
    "page", ["https://evil.example/", "//evil.example/p/", "/o/orders/", "/p/../../x", "/p/bills/?a"]
)
def test_only_lists_at_desks_have_views(page):
    mine = staff()
    with pytest.raises(NotFound):
        actions.keep_view(mine, page=page, name="Mine", query="", at=AT)
    assert not SavedView.objects.inside().exists()


def test_a_row_of_names_stays_short():
    mine = staff()
    for n in range(MOST_VIEWS):
        actions.keep_view(mine, page=PAGE, name=f"View {n:02}", query=f"words={n}", at=AT)
    with pytest.raises(actions.TooManyViews):
        actions.keep_view(mine, page=PAGE, name="One more", query="", at=AT)
    with pytest.raises(Invalid):
        actions.keep_view(mine, page=PAGE, name=" ", query="", at=AT)
    with pytest.raises(Invalid):
        actions.keep_view(mine, page=PAGE, name="View 01", query="words=" + "x" * 700, at=AT)
    assert len(kept(mine)) == MOST_VIEWS
    assert ("View 01", "words=1") in kept(mine)


def test_views_are_forgotten_with_the_person():
    mine = staff()
    assert mine.person is not None
    actions.keep_view(mine, page=PAGE, name="Frau Li", query="words=1-1-101", at=AT)
    actions.erase_person(SYSTEM, person=mine.person, at=AT)
    assert not SavedView.objects.inside().exists()


def test_a_view_that_is_nobodys_is_not_there():
    with pytest.raises(NotFound):
        actions.drop_view(staff(), view=SavedViewId(a_person()), at=AT)
