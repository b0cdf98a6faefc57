"""A formula of a company's own comes back into the next form as it was written."""

from __future__ import annotations

from html import unescape

import pytest

from builders.billing import a_desk

pytestmark = pytest.mark.django_db


def test_a_formula_of_our_own_stands_in_the_next_form_as_it_was_written(visitor):
    """It came back as `home.floor &gt; 1` and was refused at its `&`, although nobody had touched it."""
    desk = a_desk()
    clerk, item, formula = visitor(desk.scope), desk.an_item("lift"), "if(home.floor > 1, 35, 0)"
    form = {"preset": "own", "formula": formula, "basis": "month", "start_on": "2026-03-01", "do": "set"}
    assert clerk.post(f"/p/fee-items/{item}/tariff/", form).status_code == 303
    page = clerk.get(f"/p/fee-items/{item}/tariff/").content.decode()
    stands = unescape(page.partition('name="formula"')[2].partition(">")[2].partition("</textarea>")[0])
    assert stands == formula
    assert clerk.post(f"/p/fee-items/{item}/tariff/", form | {"formula": stands, "do": "try"}).status_code == 200
