"""Reading: from letters to a tree, or to the place of the first letter that does not fit."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import NamedTuple

from linli.estate.billing.rules.expressions.tree import (
    BINDING,
    COMPARISONS,
    FUNCTIONS,
    Call,
    Mistake,
    Name,
    Number,
    Tree,
)
from linli.kernel.words import _


class Token(NamedTuple):
    kind: str
    text: str
    at: int


_TOKEN = re.compile(
    r"\s*(?:(?P<number>\d+(?:\.\d+)?)|(?P<name>[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)|(?P<text>\"[^\"]{0,60}\")"
    r"|(?P<sign><=|>=|==|!=|[-+*/(),<>]))",
    re.ASCII,
)
MOST_DEPTH = 40
MOST_DIGITS = 15


def _tokens(text: str) -> list[Token]:
    found, at = [], 0
    while at < len(text.rstrip()):
        match = _TOKEN.match(text, at)
        if match is None:
            at += len(text[at:]) - len(text[at:].lstrip())
            raise Mistake(_("“{text}” means nothing here."), at, text=text[at])
        kind = str(match.lastgroup)
        found.append(Token(kind, match[kind], match.start(kind)))
        at = match.end()
    return [*found, Token("end", "", len(text))]


class _Reader:
    """Reads tokens by rising binding strength, one of depth at a time."""

    def __init__(self, text: str) -> None:
        self.tokens = _tokens(text)
        self.next = 0

    def take(self) -> Token:
        token = self.tokens[self.next]
        self.next += token.kind != "end"
        return token

    def peek(self, *texts: str) -> bool:
        token = self.tokens[self.next]
        return token.kind != "text" and token.text in texts

    def insist(self, text: str) -> None:
        token = self.take()
        if token.text != text:
            raise Mistake(_("“{wanted}” is expected here."), token.at, wanted=text)

    def whole(self) -> Tree:
        tree = self.level(0, 0)
        rest = self.take()
        if rest.kind != "end":
            raise Mistake(_("“{text}” is too much here."), rest.at, text=rest.text)
        return tree

    def level(self, strength: int, depth: int) -> Tree:
        if depth > MOST_DEPTH:
            raise Mistake(_("This is nested too deeply."), self.tokens[self.next].at)
        if strength == len(BINDING):
            return self.single(depth)
        left = self.level(strength + 1, depth)
        while self.peek(*BINDING[strength]):
            sign = self.take()
            left = Call(sign.text, (left, self.level(strength + 1, depth)), sign.at)
            if BINDING[strength] is COMPARISONS and self.peek(*COMPARISONS):
                raise Mistake(_("Two comparisons in a row: join them with “and”."), self.tokens[self.next].at)
        return left

    def single(self, depth: int) -> Tree:
        token = self.take()
        match token.kind, token.text:
            case "number", digits:
                if len(digits) > MOST_DIGITS:
                    raise Mistake(_("This number has too many digits."), token.at)
                return Number(Fraction(digits), token.at)
            case _, "(":
                inner = self.level(0, depth + 1)
                self.insist(")")
                return inner
            case _, "-" | "not":
                word = "negative" if token.text == "-" else "not"
                return Call(word, (self.level(len(BINDING), depth + 1),), token.at)
            case "name", name:
                return self.called(token, depth) if self.peek("(") else Name(name, token.at)
        raise Mistake(_("A number, a name or a bracket is expected here."), token.at)

    def called(self, token: Token, depth: int) -> Tree:
        self.insist("(")
        if token.text == "attr":
            word = self.take()
            if word.kind != "text":
                raise Mistake(_("attr needs the name of an attribute in quotation marks."), word.at)
            self.insist(")")
            return Name(f"attr:{word.text[1:-1]}", token.at)
        if token.text not in FUNCTIONS:
            raise Mistake(_("There is no function “{name}”."), token.at, name=token.text)
        parts = [self.level(0, depth + 1)]
        while self.peek(","):
            self.take()
            parts.append(self.level(0, depth + 1))
        self.insist(")")
        return Call(token.text, tuple(parts), token.at)


def tree_of(text: str) -> Tree:
    """This will read a text by the grammar alone; whether its names and types are right is asked by `checking`."""
    return _Reader(text).whole()
