"""Two who set a community up as another one at the same moment set it up once."""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from builders import AT, a_community
from builders.billing import SINCE, a_desk
from harness.at_once import at_once
from harness.databases import OwnDatabase
from linli.estate.billing import actions as billing
from linli.estate.billing import queries as charged
from linli.estate.billing.rules import TariffDraft
from linli.estate.patterns import actions, queries
from linli.ground.people import actions as people
from linli.spine.scope import SYSTEM


def test_two_who_take_over_at_once_make_one_batch(own_database: OwnDatabase):
    desk, other = a_desk(), a_community()
    people.entrust_community(SYSTEM, community=other.id, company=desk.company, start_on=SINCE, at=AT)
    source = desk.community.id
    scope = replace(desk.scope, communities=(source, other.id))
    draft = TariffDraft(preset="fixed", parameters={"amount": "5"})
    billing.set_tariff(scope, item=desk.an_item("lift"), draft=draft, start_on=SINCE, community=source, at=AT)
    asked = {"source": source, "target": other.id, "parts": ("tariffs",), "overwrites": True, "at": AT}
    take = partial(actions.take_over, scope, start_on=AT.date(), **asked)
    taken = at_once(take, take, take)
    assert sorted(each.counts.get("tariffs", 0) for each in taken) == [0, 0, 1]
    assert len([each for each in taken if each.batch is not None]) == 1
    assert len(queries.batches(scope, community=other.id)) == 1
    assert [piece.key for piece in charged.template_of(scope, community=other.id, on=AT.date())] == ["lift"]
