"""Who works for several communities goes on with the one they had before them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from builders import AT, a_community
from builders.billing import SINCE, a_desk
from linli.ground.people import actions as people
from linli.spine.scope import SYSTEM

pytestmark = pytest.mark.django_db
SELECTED = '<option value="{}" selected'


def test_the_community_looked_at_last_is_the_one_the_next_page_opens_on(visitor):
    desk, other = a_desk(), a_community()
    people.entrust_community(SYSTEM, community=other.id, company=desk.company, start_on=SINCE, at=AT)
    both = replace(desk.scope, communities=(desk.community.id, other.id))
    client = visitor(both)
    first, second = sorted(both.communities, key=str)
    for looked_at in (first, second, first):
        assert client.get(f"/p/charging/?community={looked_at}").status_code == 200
        assert SELECTED.format(looked_at) in client.get("/p/arrears/").content.decode()


def test_one_that_is_not_theirs_is_not_opened_whatever_the_browser_remembers(visitor):
    desk, stranger = a_desk(), a_community()
    client = visitor(desk.scope)
    client.cookies["linli_community"] = str(stranger.id)
    answer = client.get("/p/charging/")
    assert answer.status_code == 200
    assert str(stranger.id) not in answer.content.decode()
    assert "linli_community" not in answer.cookies
