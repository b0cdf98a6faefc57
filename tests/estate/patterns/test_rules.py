"""What one community has beside another, and what of it is taken over."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from linli.estate.patterns.rules import Status, compared, wanted
from linli.kernel.money import Money
from linli.spine.pieces import Piece, differing, plain


@dataclass(frozen=True)
class Tea:
    price: Money
    days: frozenset[int]
    extras: dict[str, Decimal]


def a_tea(price="2.00", days=(1, 0), **extras):
    return Tea(Money.parse(price), frozenset(days), {name: Decimal(value) for name, value in extras.items()})


def a_piece(key, content):
    return Piece("tea", key, {"zh": key, "en": key}, content)


def test_a_thing_is_new_the_same_otherwise_or_only_there():
    here = [a_piece("green", a_tea()), a_piece("black", a_tea()), a_piece("white", a_tea())]
    there = [a_piece("black", a_tea()), a_piece("white", a_tea("3.00")), a_piece("red", a_tea())]
    rows = compared("teas", here, there)
    assert [(row.piece.key, row.status) for row in rows] == [
        ("green", Status.NEW), ("black", Status.SAME), ("white", Status.DIFFERS), ("red", Status.ONLY_THERE),
    ]  # fmt: skip
    assert rows[0].differences == (("price", None, "2.00"), ("days", None, [0, 1]))
    assert rows[2].differences == (("price", "3.00", "2.00"),)


def test_what_is_otherwise_is_taken_over_only_where_that_was_asked_for():
    rows = compared("teas", [a_piece("green", a_tea()), a_piece("white", a_tea())], [a_piece("white", a_tea("3.00"))])
    assert [row.piece.key for row in wanted(rows, ["teas"], overwrites=False)] == ["green"]
    assert [row.piece.key for row in wanted(rows, ["teas"], overwrites=True)] == ["green", "white"]
    assert wanted(rows, ["cakes"], overwrites=True) == ()


def test_contents_are_compared_by_what_they_say_and_not_by_how_it_is_written():
    assert plain(a_tea(days=(1, 0), sugar="1.50")) == {"price": "2.00", "days": [0, 1], "extras": {"sugar": "1.5"}}
    assert list(differing(a_tea(sugar="1.50"), a_tea(days=(0, 1), sugar="1.5"))) == []
    assert list(differing(a_tea(sugar="1"), a_tea(milk="2"))) == [
        ("extras.sugar", "1", None), ("extras.milk", None, "2"),
    ]  # fmt: skip
