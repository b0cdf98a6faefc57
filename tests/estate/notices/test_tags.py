"""Words on homes: a notice finds who lives there, and nobody else's desk knows them."""

from __future__ import annotations

from uuid import uuid4

import pytest

from builders.clock import AT
from builders.notices import Audience, Level, a_board
from harness.at_once import ends_at_once
from harness.databases import OwnDatabase
from harness.payments_words import as_the_house
from linli.estate.notices import actions, queries
from linli.kernel.refusals import Invalid, NotFound


@pytest.fixture
def board(db):
    return a_board()


def readers(notice):
    return {row[0] for row in as_the_house("SELECT person FROM notices_recipient WHERE notice_id = %s", notice)}


def tagged(board, word, *homes):
    return actions.tag_homes(
        board.desk.scope, community=board.desk.community.id, word=word, homes=[home.id for home in homes], at=AT
    )


def test_a_notice_for_a_tag_reaches_who_lives_in_the_homes_that_wear_it_once_each(board):
    first, second, third = board.homes
    garden, roof = tagged(board, "花园", first, third), tagged(board, "顶楼", third)
    tenant = readers(board.published()) - {home.owner for home in board.homes}
    assert readers(board.published(audience=Audience(Level.TAG, (garden,)))) == {first.owner, third.owner}
    assert readers(board.published(audience=Audience(Level.TAG, (garden, roof)))) == {first.owner, third.owner}
    tagged(board, "花园", second)
    notice = board.published(audience=Audience(Level.TAG, (garden,)))
    assert readers(notice) == {home.owner for home in board.homes} | tenant
    page = queries.notice_page(board.desk.scope, notice=notice, at=AT)
    assert (page.audience.level, page.places) == (Level.TAG, ("花园",))


def test_a_word_is_taken_off_and_what_was_published_stays(board):
    first, second, _third = board.homes
    garden = tagged(board, "花园", first, second)
    notice = board.published(audience=Audience(Level.TAG, (garden,)))
    assert actions.untag_homes(board.desk.scope, tag=garden, homes=[second.id], at=AT) == 1
    (card,) = queries.tags(board.desk.scope, communities=[board.desk.community.id])
    assert (card.word, card.homes) == ("花园", 1)
    assert queries.tag_page(board.desk.scope, tag=garden)[1] == ("1-1-101",)
    assert second.owner in readers(notice)
    assert readers(board.published(audience=Audience(Level.TAG, (garden,)))) == {first.owner}
    actions.untag_homes(board.desk.scope, tag=garden, homes=[first.id], at=AT)
    assert queries.tags(board.desk.scope, communities=[board.desk.community.id]) == ()


def test_what_is_typed_finds_buildings_units_doors_and_words_or_names_what_is_missing(board):
    community, (first, second, third) = board.desk.community.id, board.homes
    assert set(queries.typed_homes(community, "1")) == {first.id, second.id}
    assert set(queries.typed_homes(community, "1-1-102、2-1")) == {second.id, third.id}
    with pytest.raises(Invalid) as refused:
        queries.typed_homes(community, "1, 9-1")
    assert (refused.value.field, refused.value.values["place"]) == ("doors", "9-1")
    garden = tagged(board, "花园", first)
    typed = queries.typed_places(board.desk.scope, community=community, level=Level.TAG, text="花园")
    assert typed == (garden,)
    with pytest.raises(Invalid):
        queries.typed_places(board.desk.scope, community=community, level=Level.TAG, text="湖景")


@pytest.mark.parametrize("word", ["", " ", "two words", "一,二", "x" * 21])
def test_what_is_no_word_is_refused_at_its_field_and_nothing_is_kept(board, word):
    with pytest.raises(Invalid) as refused:
        tagged(board, word, board.homes[0])
    assert refused.value.field == "word"
    assert queries.tags(board.desk.scope, communities=[board.desk.community.id]) == ()


def test_another_companys_homes_and_tags_are_not_there(board):
    elsewhere = a_board()
    theirs = tagged(elsewhere, "花园", elsewhere.homes[0])
    with pytest.raises(NotFound):
        tagged(board, "花园", elsewhere.homes[0])
    for act in (lambda: actions.untag_homes(board.desk.scope, tag=theirs, homes=[elsewhere.homes[0].id], at=AT),
                lambda: queries.tag_page(board.desk.scope, tag=theirs)):  # fmt: skip
        with pytest.raises(NotFound):
            act()
    for tag in (theirs, uuid4()):
        with pytest.raises(Invalid):
            board.written(audience=Audience(Level.TAG, (tag,)))
    assert queries.tags(board.desk.scope, communities=[elsewhere.desk.community.id]) == ()


def test_two_who_put_on_one_word_at_once_keep_one(own_database: OwnDatabase):
    board = a_board()
    assert ends_at_once(*[lambda: tagged(board, "花园", *board.homes)] * 2) == {"done": 2}
    assert as_the_house("SELECT count(*) FROM notices_tag") == [(1,)]
    assert as_the_house("SELECT count(*) FROM notices_tagged") == [(3,)]
