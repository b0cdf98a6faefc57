"""Lists too long to wait for, at the desks of the platform and of merchants: made, found again, theirs alone."""

from __future__ import annotations

import pytest

from builders.people import a_person
from builders.places import a_community
from builders.shops import a_shop
from linli.faces.shell import sheets
from linli.spine.scope import Role, Scope

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("face", ["platform", "merchant"])
def test_the_desk_shows_its_own_long_work_to_whoever_asked(visitor, monkeypatch, face):
    monkeypatch.setattr(sheets, "AT_ONCE", -1)
    address = {"platform": "/platform/figures/sheet/", "merchant": "/m/carry/sheet/"}[face]
    mine, other = (scope_of(face) for _nth in range(2))
    client = visitor(mine)
    file = client.get(address)["Location"]
    assert client.get(file, follow=True).headers["Content-Disposition"].startswith("attachment")
    here = file.removesuffix("file/")
    assert client.get(here).status_code == 200
    assert here in client.get(here.rsplit("/", 2)[0] + "/").content.decode()
    assert visitor(other).get(here).status_code == 404
    assert visitor(other).get(file).status_code == 404


def scope_of(face: str) -> Scope:
    if face == "platform":
        a_community()
        return Scope(role=Role.PLATFORM, person=a_person())
    return a_shop().scope
