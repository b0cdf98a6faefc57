"""A list of any length is one value of the statement."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from builders.people import a_person
from linli.ground.people.models import Party, Residency
from linli.kernel import ids
from linli.spine import walls
from linli.spine.scope import SYSTEM

pytestmark = pytest.mark.django_db


def asked_with(count: int) -> str:
    with CaptureQueriesContext(connection) as asked:
        assert list(Residency.objects.inside().filter(home__among=[ids.new() for _nth in range(count)])) == []
    [only] = asked.captured_queries
    return str(only["sql"]).split("ANY(")[0]


def test_the_statement_is_the_same_for_one_value_and_for_thousands():
    assert asked_with(1) == asked_with(3_000)


def test_it_finds_what_in_finds():
    zhao, qian, sun = (a_person(name) for name in ("Zhao", "Qian", "Sun"))
    wanted = [zhao, sun, None, zhao]
    walls.raise_for(SYSTEM)
    parties = Party.objects.inside().values_list("pk", flat=True)
    assert set(parties.filter(pk__among=wanted)) == set(parties.filter(pk__in=wanted)) == {zhao, sun}
    assert set(parties.filter(name__among=["Qian", "Li"], pk__among=[zhao, qian])) == {qian}


def test_among_nothing_nobody_is_asked(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert list(Party.objects.inside().filter(pk__among=[])) == []


def test_the_rows_of_a_query_are_not_a_list():
    with pytest.raises(TypeError, match="__in"):
        list(Party.objects.inside().filter(pk__among=Party.objects.inside().values("pk")))
