"""The law of endpoints: each is declared, says for whom it is, and is not there for anybody else."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.urls import URLPattern

from builders import a_person
from harness.callers import Caller
from linli.config import urls
from linli.faces.openapi import desk, limits
from linli.faces.openapi.endpoints import PREFIX, Endpoint, endpoints
from linli.kernel.ids import CommunityId, ShopId, new
from linli.spine.scope import Role, Scope

SAMPLE = "01930000-0000-7000-8000-000000000001"
CLOSED = [made for made in endpoints() if made.roles]
OPEN = {
    "create_code", "create_machine_event", "create_session", "list_categories", "list_cities", "list_communities",
    "list_near_communities",
    "list_reviews", "list_shops_near", "show_community", "show_document", "show_listing", "show_reference",
    "show_shelf",
}  # fmt: skip
"""What anybody may call. A new one is added here on purpose, not by forgetting its role."""


@pytest.fixture(autouse=True)
def _no_limits(settings) -> Iterator[None]:
    settings.API_READS_PER_S = settings.API_WRITES_PER_S = 1e9
    limits.buckets.cache_clear()
    yield
    limits.buckets.cache_clear()


def address_of(made: Endpoint) -> str:
    return re.sub(r"<\w+:\w+>", SAMPLE, made.address)


def test_every_address_of_the_json_face_is_a_declared_endpoint():
    served = {
        str(p.pattern) for p in urls.urlpatterns if isinstance(p, URLPattern) and str(p.pattern).startswith("api/")
    }
    assert served == {PREFIX, PREFIX + "<path:rest>"}, "Django leads to the desk, which knows the rest"
    behind = [(made.path, made.method) for _, methods in desk.ROUTES.ends() for made in methods.values()]
    assert sorted(behind) == sorted((made.path, made.method) for made in endpoints())


def test_what_is_open_to_everybody_is_open_on_purpose():
    assert {made.handler.__name__ for made in endpoints() if not made.roles} == OPEN


@pytest.mark.parametrize("made", CLOSED, ids=lambda made: made.handler.__name__)
def test_a_guest_is_asked_to_sign_in(made: Endpoint):
    answer = Caller().call(made.method, address_of(made), {})
    assert (answer.status, answer.code) == (401, "openapi.SignInNeeded")


@pytest.mark.django_db
@pytest.mark.parametrize("role", [Role.RESIDENT, Role.MERCHANT, Role.PROPERTY, Role.COURIER, Role.PLATFORM])
def test_another_role_finds_nothing(role: Role):
    caller = Caller(Scope(role=role, person=a_person(), shop=ShopId(new()), communities=(CommunityId(new()),)))
    for made in CLOSED:
        if role not in made.roles:
            answer = caller.call(made.method, address_of(made), {})
            assert (answer.status, answer.code) == (404, "shell.NoPage"), made


@pytest.mark.django_db
def test_a_stranger_of_the_right_role_finds_nothing_at_somebody_elses_address():
    """Asked of every endpoint that names a thing and takes no body; the thing is nobody's."""
    for made in CLOSED:
        if made.body is not None or not made.parts or made.query is not None or "city" in made.parts:
            continue
        scope = Scope(role=made.roles[0], person=a_person(), shop=ShopId(new()))
        answer = Caller(scope).call(made.method, address_of(made))
        assert answer.status in (404, 409) or made.handler.__name__ in {"remove_basket_line"}, made
