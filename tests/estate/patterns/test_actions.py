"""A community is set up as another one: looked at first, all at once, again without effect, and taken back unused."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

import pytest

from builders import AT, a_community, a_person
from builders.billing import SINCE, Desk, a_desk
from builders.parking import HOURLY
from builders.patrols import some_rounds
from builders.venues import TOMORROW_AT_NINE, a_venue
from linli.estate.billing import actions as billing
from linli.estate.billing import queries as charged
from linli.estate.billing.rules import TariffDraft
from linli.estate.parcels.rules import ParcelPolicy
from linli.estate.parking import actions as parking
from linli.estate.patrols import queries as patrols
from linli.estate.patterns import actions, queries
from linli.estate.patterns.queries import sides
from linli.estate.patterns.rules import Status
from linli.estate.venues import actions as booked
from linli.estate.venues import queries as venues
from linli.estate.workorders import actions as work
from linli.estate.workorders import queries as works
from linli.estate.workorders.rules import Minutes, Way
from linli.ground.people import actions as people
from linli.ground.policies import actions as policies
from linli.ground.policies import queries as known
from linli.kernel.ids import CommunityId
from linli.kernel.life import WrongState
from linli.kernel.refusals import Denied, Invalid, NotFound
from linli.spine.may import Duty
from linli.spine.pieces import UsedSince
from linli.spine.scope import SYSTEM, Scope

pytestmark = pytest.mark.django_db
TODAY, LATER = AT.date(), date(2026, 4, 1)
ALL = ("settings.parcels", "tariffs", "promises", "patrols", "parking", "venues")
HOURS = Minutes(accept=15, arrive=60, finish=600)


@dataclass(frozen=True)
class Pair:
    """Two communities of one company: one that is set up in every part, and one that is bare."""

    desk: Desk
    scope: Scope
    source: CommunityId
    target: CommunityId

    def asked(self, *parts: str, overwrites: bool = True, start_on: date = LATER) -> dict[str, object]:
        return {
            "source": self.source, "target": self.target, "parts": parts or ALL, "overwrites": overwrites,
            "start_on": start_on, "at": AT,
        }  # fmt: skip

    def rows(self, *statuses: Status) -> list[tuple[str, str]]:
        found = queries.likeness(self.scope, source=self.source, target=self.target, start_on=LATER, at=AT)
        return [(row.part, row.piece.key) for row in found if row.status in statuses and row.part in ALL]


@pytest.fixture
def pair() -> Pair:
    rounds = some_rounds()
    desk = rounds.desk
    other = a_community()
    people.entrust_community(SYSTEM, community=other.id, company=desk.company, start_on=SINCE, at=AT)
    source = desk.community.id
    scope = replace(desk.scope, communities=(source, other.id))
    policies.set_policy(
        scope, word="parcels", level="community", place=source, values={"keep_days": 15, "shelves": ["A", "B"]},
        start_at=AT, at=AT,
    )  # fmt: skip
    item = desk.an_item("property_fee")
    draft = TariffDraft(preset="built_area", parameters={"price": "2.85", "surcharge": "0"})
    billing.set_tariff(scope, item=item, draft=draft, start_on=SINCE, community=source, at=AT)
    work.add_default_types(scope, company=desk.company, at=AT)
    leak = next(each.type for each in works.types_of_company(scope) if each.word == "leak")
    work.set_sla(scope, community=source, type_id=leak, minutes=HOURS, way=Way.GRAB, at=AT)
    parking.set_tariff(scope, community=source, tariff=HOURLY, start_on=TODAY, at=AT)
    a_venue(desk)
    return Pair(desk, scope, source, other.id)


def held(pair: Pair, at=AT) -> ParcelPolicy:
    known.forget()
    return known.policy(SYSTEM, ParcelPolicy, at=at, community=pair.target)


def set_up(pair: Pair) -> dict[str, object]:
    """All that the target has of its own."""
    return {
        "parcels": held(pair, AT + timedelta(days=60)),
        "tariffs": charged.template_of(pair.scope, community=pair.target, on=LATER),
        "promises": works.template_of(pair.scope, community=pair.target, on=LATER),
        "patrols": patrols.template_of(pair.scope, community=pair.target, on=LATER),
        "parking": sides.PIECES["parking"](pair.scope, pair.target, LATER),
        "venues": venues.venues(pair.scope, community=pair.target),
        "batches": [each.state for each in queries.batches(pair.scope, community=pair.target)],
    }


def test_two_communities_are_set_beside_each_other_and_nothing_changes(pair):
    before = set_up(pair)
    assert pair.rows(Status.DIFFERS) == [
        ("settings.parcels", "parcels.shelves"),
        ("settings.parcels", "parcels.keep_days"),
    ]
    assert pair.rows(Status.NEW)[:2] == [("tariffs", "property_fee"), ("promises", "leak")]
    assert {part for part, _key in pair.rows(Status.NEW)} == {"tariffs", "promises", "patrols", "parking", "venues"}
    assert set_up(pair) == before


def test_a_community_is_set_up_as_another_from_a_day_on(pair):
    taken = actions.take_over(pair.scope, **pair.asked())
    assert taken.counts == {
        "settings.parcels": 2, "tariffs": 1, "promises": 1, "patrols": 4, "parking": 1, "venues": 1
    }  # fmt: skip
    assert held(pair).keep_days == 10
    assert held(pair, AT + timedelta(days=60)).shelves == ("A", "B")
    assert charged.template_of(pair.scope, community=pair.target, on=LATER - timedelta(days=1)) == ()
    here, there = (charged.template_of(pair.scope, community=each, on=LATER)[0] for each in (pair.source, pair.target))
    assert here == there
    assert works.template_of(pair.scope, community=pair.target, on=LATER - timedelta(days=1)) == ()
    (promise,) = works.template_of(pair.scope, community=pair.target, on=LATER)
    assert (promise.key, promise.content.minutes, promise.content.way) == ("leak", HOURS, Way.GRAB)
    assert [card.name for card in venues.venues(pair.scope, community=pair.target)] == [{"zh": "羽毛球场"}]
    route = patrols.routes(pair.scope, community=pair.target)[0]
    assert len(route.stops) == 3
    secrets = {patrols.point(pair.scope, point=stop.point).secret for stop in route.stops}
    assert not secrets & {each.secret for each in patrols.points(pair.scope, community=pair.source)}


def test_again_everything_is_the_same_and_there_is_no_second_batch(pair):
    actions.take_over(pair.scope, **pair.asked())
    before = set_up(pair)
    assert pair.rows(Status.NEW, Status.DIFFERS) == []
    assert actions.take_over(pair.scope, **pair.asked()) == actions.Taken(None, {})
    assert set_up(pair) == before


def test_what_differs_is_kept_where_that_was_asked_for(pair):
    a_venue(replace(pair.desk, community=replace(pair.desk.community, id=pair.target), scope=pair.scope), price="5.00")
    taken = actions.take_over(pair.scope, **pair.asked("venues", "settings.parcels", overwrites=False))
    assert taken == actions.Taken(None, {})
    (venue,) = venues.venues(pair.scope, community=pair.target)
    assert str(venue.price) == "5.00"
    actions.take_over(pair.scope, **pair.asked("venues"))
    (again,) = venues.venues(pair.scope, community=pair.target)
    assert (again.venue, str(again.price)) == (venue.venue, "20.00")


def test_an_undone_batch_leaves_the_community_as_it_was(pair):
    a_venue(replace(pair.desk, community=replace(pair.desk.community, id=pair.target), scope=pair.scope), price="5.00")
    before = set_up(pair)
    taken = actions.take_over(pair.scope, **pair.asked())
    assert set_up(pair) != before
    actions.undo(pair.scope, batch=taken.batch, at=AT + timedelta(minutes=1))
    assert set_up(pair) == before | {"batches": ["undone"]}
    with pytest.raises(WrongState):
        actions.undo(pair.scope, batch=taken.batch, at=AT + timedelta(minutes=2))


def test_a_batch_of_which_something_is_used_is_not_undone_and_nothing_of_it_is(pair):
    taken = actions.take_over(pair.scope, **pair.asked())
    (venue,) = venues.venues(pair.scope, community=pair.target)
    booked.block(
        pair.scope,
        venue=venue.venue,
        start_at=TOMORROW_AT_NINE,
        end_at=TOMORROW_AT_NINE + timedelta(hours=1),
        why="保养",
        at=AT,
    )
    before = set_up(pair)
    with pytest.raises(UsedSince):
        actions.undo(pair.scope, batch=taken.batch, at=AT + timedelta(minutes=1))
    assert set_up(pair) == before


def test_a_batch_of_which_something_was_changed_is_not_undone(pair):
    taken = actions.take_over(pair.scope, **pair.asked("settings.parcels", start_on=TODAY))
    policies.set_policy(
        pair.scope, word="parcels", level="community", place=pair.target, values={"keep_days": 20},
        start_at=AT + timedelta(minutes=1), at=AT,
    )  # fmt: skip
    with pytest.raises(UsedSince):
        actions.undo(pair.scope, batch=taken.batch, at=AT + timedelta(minutes=2))
    assert held(pair, AT + timedelta(minutes=3)).keep_days == 20


@pytest.mark.parametrize(
    ("change", "refusal", "field"),
    [
        ({"parts": ()}, actions.NothingToTake, "parts"),
        ({"parts": ("cakes",)}, Invalid, "parts"),
        ({"start_on": TODAY - timedelta(days=1)}, Invalid, "start_on"),
    ],
)
def test_a_wish_that_makes_no_sense_is_refused_at_its_field(pair, change, refusal, field):
    before = set_up(pair)
    with pytest.raises(refusal) as refused:
        actions.take_over(pair.scope, **(pair.asked() | change))
    assert refused.value.field == field
    assert set_up(pair) == before


def test_only_who_reaches_both_communities_and_may_set_policies_takes_over(pair):
    before = set_up(pair)
    one = replace(pair.scope, communities=(pair.target,))
    with pytest.raises(NotFound):
        actions.take_over(one, **pair.asked())
    with pytest.raises(NotFound):
        queries.likeness(one, source=pair.source, target=pair.target, start_on=LATER, at=AT)
    with pytest.raises(Invalid):
        actions.take_over(pair.scope, **(pair.asked() | {"source": pair.target}))
    steward = replace(pair.scope, person=a_person(), duty=Duty.STEWARD)
    with pytest.raises(Denied):
        actions.take_over(steward, **pair.asked())
    assert set_up(pair) == before
    taken = actions.take_over(pair.scope, **pair.asked())
    with pytest.raises(NotFound):
        actions.undo(replace(pair.scope, communities=(pair.source,)), batch=taken.batch, at=AT)


def test_another_companys_community_is_neither_read_nor_set_up_nor_set_back(pair):
    """Prices and promises are a company's own business: there is no way to them, from either side."""
    taken = actions.take_over(pair.scope, **pair.asked())
    before, stranger = set_up(pair), a_desk()
    mine = stranger.community.id
    bare = sides.settings_of(stranger.scope, mine, LATER, AT)
    for source, target in ((pair.source, mine), (mine, pair.target), (pair.source, pair.target)):
        with pytest.raises(NotFound):
            queries.likeness(stranger.scope, source=source, target=target, start_on=LATER, at=AT)
        with pytest.raises(NotFound):
            actions.take_over(stranger.scope, **(pair.asked() | {"source": source, "target": target}))
    with pytest.raises(NotFound):
        actions.undo(stranger.scope, batch=taken.batch, at=AT)
    assert queries.batches(stranger.scope, community=pair.target) == ()
    assert queries.batches(stranger.scope, community=mine) == ()
    assert sides.settings_of(stranger.scope, mine, LATER, AT) == bare
    assert venues.venues(stranger.scope, community=mine) == ()
    assert charged.template_of(stranger.scope, community=mine, on=LATER) == ()
    assert set_up(pair) == before


def test_no_part_tells_of_another_companys_community_even_where_it_is_asked_by_itself(pair):
    stranger = a_desk().scope
    for part, tell in sides.PIECES.items():
        assert tell(pair.scope, pair.source, LATER), part
        try:
            assert tell(stranger, pair.source, LATER) == (), part
        except NotFound:
            continue
