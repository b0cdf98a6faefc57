"""The law of strangers: a page of a face is not there for anybody who wears another hat."""

from __future__ import annotations

import pytest

from harness.visitors import visitors
from linli.faces.shell.pages import Page, addresses, house
from linli.kernel.ids import PartyId, ShopId, new
from linli.spine.scope import Role, Scope

SAMPLE = "01930000-0000-7000-8000-000000000001"
HATS = [Role.RESIDENT, Role.MERCHANT, Role.PROPERTY, Role.COURIER, Role.PLATFORM]


def address_of(page: Page) -> str:
    where = page.address
    for part in page.parts:
        where = where.replace(next(w for w in where.split("/") if w.endswith(f"{part}>")), SAMPLE)
    return where


@pytest.mark.parametrize("role", HATS)
def test_whoever_wears_another_hat_finds_nothing(monkeypatch, role):
    """Nothing of the page may be made, so no database is needed."""
    scope = Scope(role=role, person=PartyId(new()), shop=ShopId(new()))
    client = visitors(monkeypatch)(scope)
    addresses()  # every face, whatever was imported before
    for page in house.pages():
        if page.role is None or page.role is role:
            continue
        answer = client.get(address_of(page)) if page.method == "GET" else client.post(address_of(page))
        assert answer.status_code == 404, f"{role} {page.method} {page.address}"
