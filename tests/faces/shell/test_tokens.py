"""Words can be read on every ground, in the light and in the dark."""

from __future__ import annotations

import re

import pytest

from linli.faces.shell.assets import SHELL

TOKENS = (SHELL / "styles" / "tokens.css").read_text("utf-8")
GROUNDS = ("paper", "raised", "sunken")
WORDS = (
    *("ink", "ink-soft", "evergreen", "persimmon-ink", "good-ink", "watch-ink", "bad-ink"),
    *("owner", "merchant", "property", "courier", "platform"),
)
PAIRS = [
    ("on-evergreen", "evergreen"),
    ("on-evergreen", "evergreen-deep"),
    ("on-persimmon-ink", "persimmon-ink"),
    ("ink", "evergreen-tint"),
    ("evergreen", "evergreen-tint"),
    ("good-ink", "good-tint"),
    ("watch-ink", "watch-tint"),
    ("bad-ink", "bad-tint"),
    ("persimmon-ink", "persimmon-tint"),
    ("ink", "good-tint"),
    ("ink", "watch-tint"),
    ("ink", "bad-tint"),
    *((word, ground) for word in WORDS for ground in GROUNDS),
]
PARTS = [(part, ground) for part in ("edge", "evergreen", "persimmon", "good", "watch", "bad") for ground in GROUNDS]


def _tokens(css: str) -> dict[str, str]:
    return dict(re.findall(r"--([\w-]+):\s*(#[0-9A-Fa-f]{6})", css))


LIGHT = _tokens(TOKENS.split("@media")[0])
THEMES = {"light": LIGHT, "dark": LIGHT | _tokens(TOKENS.split("@media")[1])}


def _light(colour: str) -> float:
    parts = (int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5))
    r, g, b = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def _contrast(one: str, other: str) -> float:
    high, low = sorted((_light(one), _light(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("word", "ground"), PAIRS)
def test_words_have_a_contrast_of_four_and_a_half(theme: str, word: str, ground: str):
    assert _contrast(THEMES[theme][word], THEMES[theme][ground]) >= 4.5


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize(("part", "ground"), PARTS)
def test_parts_have_a_contrast_of_three(theme: str, part: str, ground: str):
    assert _contrast(THEMES[theme][part], THEMES[theme][ground]) >= 3


def test_colours_are_named_nowhere_but_in_the_tokens():
    elsewhere = [p for p in SHELL.parent.rglob("*.css") if p.name != "tokens.css"]
    allowed = {"#fff", "#000", "#333", "#bbb", "#1F2A28", "#55615E"}  # print, and codes that are always dark on white
    strange = {(p.name, c) for p in elsewhere for c in re.findall(r"#[0-9A-Fa-f]{3,6}\b", p.read_text("utf-8"))}
    assert {(name, colour) for name, colour in strange if colour not in allowed} == set()
