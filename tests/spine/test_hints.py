"""Hints: what a fact hints at, what a token lets somebody listen to, and that nothing is said before a commit."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import psycopg
import pytest
from hypothesis import given
from hypothesis import strategies as st

from harness.databases import OwnDatabase
from linli.kernel import ids
from linli.kernel.facts import Fact
from linli.spine import hints, outbox
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.outbox import tell
from linli.spine.scope import SYSTEM, Scope

KEY = hints.key_of(b"a house")
ORDER, SHOP = ids.new(), ids.new()


class PearFell(Fact):
    pear: UUID
    trees: tuple[UUID, ...] = ()
    eaten_by: UUID | None = None
    word: str = ""


@action(needs=May.RUN_CLOCKS)
def let_fall(scope: Scope, *, facts: tuple[Fact, ...], at) -> None:
    for fact in facts:
        tell(fact)


class TestWhatAFactHintsAt:
    def test_its_module_and_everything_that_it_names(self, at):
        fact = PearFell(pear=ORDER, trees=(SHOP,), word="ripe", at=at)
        word = PearFell.kind.partition(".")[0]
        assert set(hints.topics_of(fact)) == {word, ORDER, (word, ORDER), SHOP, (word, SHOP)}

    def test_of_a_long_list_only_so_many(self, at):
        trees = tuple(ids.new() for _ in range(hints.MOST_NAMED + 1))
        said = set(hints.topics_of(PearFell(pear=ORDER, trees=trees, at=at)))
        assert trees[-2] in said
        assert trees[-1] not in said

    def test_word_id_and_pair_are_three_topics(self):
        assert len({hints.digest(topic) for topic in ("orders", ORDER, ("orders", ORDER), ("stock", ORDER))}) == 4


class TestTokens:
    def test_hold_for_one_to_two_windows_and_look_the_same_within_one(self, at):
        began = at - timedelta(seconds=at.timestamp() % hints.WINDOW_S)
        sealed = hints.token(["orders", SHOP], key=KEY, at=began)
        last = began + timedelta(seconds=2 * hints.WINDOW_S - 1)
        digests, until = hints.opened(sealed, key=KEY, at=last)
        assert set(digests) == {hints.digest("orders"), hints.digest(SHOP)}
        assert until == last.timestamp() + 1
        assert hints.token([SHOP, "orders"], key=KEY, at=began + timedelta(seconds=hints.WINDOW_S - 1)) == sealed
        with pytest.raises(hints.NotOurs):
            hints.opened(sealed, key=KEY, at=last + timedelta(seconds=1))

    def test_of_another_house_are_refused(self, at):
        with pytest.raises(hints.NotOurs):
            hints.opened(hints.token([SHOP], key=hints.key_of(b"another"), at=at), key=KEY, at=at)

    @given(st.data())
    def test_with_any_byte_changed_are_refused(self, data):
        from datetime import UTC, datetime

        at = datetime(2026, 11, 22, 12, tzinfo=UTC)
        sealed = hints.token(["orders", ORDER], key=KEY, at=at)
        place = data.draw(st.integers(0, len(sealed) - 2))  # the last letter carries bits that nobody reads
        other = data.draw(st.sampled_from("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"))
        if other != sealed[place]:
            with pytest.raises(hints.NotOurs):
                hints.opened(sealed[:place] + other + sealed[place + 1 :], key=KEY, at=at)

    @given(st.text(max_size=300))
    def test_that_are_no_tokens_are_refused(self, said):
        from datetime import UTC, datetime

        with pytest.raises(hints.NotOurs):
            hints.opened(said, key=KEY, at=datetime(2026, 11, 22, 12, tzinfo=UTC))

    @pytest.mark.parametrize("number", [0, hints.MOST_TOPICS + 1])
    def test_hold_a_few_topics_never_none(self, number, at):
        with pytest.raises(ValueError, match="topics"):
            hints.token([ids.new() for _ in range(number)], key=KEY, at=at)


class TestGiving:
    @pytest.fixture
    def ear(self, own_database: OwnDatabase) -> Iterator[psycopg.Connection[tuple[object, ...]]]:
        with own_database.connect("web", autocommit=True) as link:
            link.execute(f"LISTEN {hints.CHANNEL}")
            yield link

    @staticmethod
    def heard(ear) -> list[set[bytes]]:
        return [set(hints.received(told.payload)) for told in ear.notifies(timeout=0.3)]

    def test_facts_that_are_carried_hint_once_and_not_when_they_are_told(self, ear, at):
        facts = (PearFell(pear=ORDER, at=at), PearFell(pear=SHOP, at=at))
        let_fall(SYSTEM, facts=facts, at=at)
        assert self.heard(ear) == []
        outbox.drain(at=at + timedelta(days=365))
        assert self.heard(ear) == [{hints.digest(t) for fact in facts for t in hints.topics_of(fact)}]
        outbox.drain(at=at + timedelta(days=365))
        assert self.heard(ear) == []

    def test_many_topics_are_more_than_one_notification(self, ear, at):
        many = [ids.new() for _ in range(1000)]

        @action(needs=May.RUN_CLOCKS)
        def hint(scope: Scope, *, at) -> None:
            hints.give(many)

        hint(SYSTEM, at=at)
        said = self.heard(ear)
        assert [len(each) for each in said] == [700, 300]
        assert set().union(*said) == set(map(hints.digest, many))
