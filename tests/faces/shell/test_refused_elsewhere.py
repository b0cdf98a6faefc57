"""A refusal of what the page does not ask for is not lost: it is said above the page, or above the one it leads to."""

from __future__ import annotations

import sys
from types import ModuleType

import jinja2
import pytest
from django.http import HttpResponse

from harness.visitors import Visitor
from linli.faces.shell import front_page, hats, reading_choices, sign_ins, templates
from linli.faces.shell.pages import Registry, see_other
from linli.faces.shell.requests import OwnerRequest
from linli.kernel import ids
from linli.kernel.ids import PartyId
from linli.kernel.refusals import Invalid
from linli.spine.scope import Role, Scope

RESIDENT = Scope(role=Role.RESIDENT, person=PartyId(ids.new()))
PEARS = """{% extends "shell/plain.jinja" %}{% block title %}Pears{% endblock %}{% block content %}
{% call ui.form(url("owner:pears")) %}{{ ui.field(request, "count", "How many", kind="whole") }}{% endcall %}
{% endblock %}"""

small = Registry()
small.page("public", "GET", "", name="home")(front_page.show)
small.page("public", "POST", "reading/")(reading_choices.create)
small.page("public", "GET", "sign-in/")(sign_ins.new)
small.page("public", "GET", "hats/")(hats.show)


@small.page("owner", "GET", "pears/")
def pears(request: OwnerRequest) -> HttpResponse:
    return request.render("test/pears.jinja")


@small.page("owner", "POST", "pears/", asks="owner:pears")
def buy(request: OwnerRequest) -> HttpResponse:
    raise Invalid("basket", "The basket is <full>.")


@small.page("owner", "GET", "old-tree/")
def old_tree(request: OwnerRequest) -> HttpResponse:
    return see_other("owner:pears")


@small.page("owner", "POST", "old-tree/", asks="owner:old-tree")
def pick(request: OwnerRequest) -> HttpResponse:
    raise Invalid("basket", "The basket is <full>.")


urls = ModuleType("pear_urls")
urls.urlpatterns = small.addresses()


@pytest.fixture(autouse=True)
def small_house(settings, monkeypatch):
    sys.modules["pear_urls"] = urls
    settings.ROOT_URLCONF = "pear_urls"
    loader = templates.environment().loader
    both = jinja2.ChoiceLoader([jinja2.DictLoader({"test/pears.jinja": PEARS}), loader])
    monkeypatch.setattr(templates.environment(), "loader", both)


def test_it_is_said_above_the_form_which_keeps_what_was_typed(visitor: Visitor):
    answer = visitor(RESIDENT).post("/o/pears/", {"count": "3"})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert page.count("The basket is &lt;full&gt;.") == 1
    assert page.index('id="notices"') < page.index("The basket is &lt;full&gt;.") < page.index('action="/o/pears/"')
    assert 'value="3"' in page


def test_it_is_said_also_where_the_page_leads_on_to_another(visitor: Visitor):
    client = visitor(RESIDENT)
    assert client.post("/o/old-tree/").status_code == 303
    assert "The basket is &lt;full&gt;." in client.get("/o/pears/").content.decode()
    assert "The basket" not in client.get("/o/pears/").content.decode()
