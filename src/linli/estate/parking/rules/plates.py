"""Plates: what may stand on a car in mainland China, written one way, and how near two readings are to each other."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from linli.kernel.refusals import Invalid
from linli.kernel.words import _

PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
"""In the order in which a keypad shows them is for the page; here only which there are."""
_L, _A = "A-HJ-NP-Z", "A-HJ-NP-Z0-9"
_HEAD = f"[{PROVINCES}][A-HJ-Z]"


class PlateKind(StrEnum):
    """What kind of plate it is."""

    USUAL = "usual"
    NEW_ENERGY = "new_energy"
    SPECIAL = "special"
    """Driving schools, police, trailers, Hong Kong and Macao, embassies and consulates."""
    ARMED = "armed"
    """The army and the armed police."""
    UNPLATED = "unplated"
    """A car without a plate, known by the number that the guard gave it."""


_SHAPES = (
    (PlateKind.NEW_ENERGY, re.compile(f"{_HEAD}[A-HJK][{_A}][0-9]{{4}}")),
    (PlateKind.NEW_ENERGY, re.compile(f"{_HEAD}[0-9]{{5}}[A-HJK]")),
    (PlateKind.USUAL, re.compile(f"{_HEAD}[{_A}]{{5}}")),
    (PlateKind.SPECIAL, re.compile(f"{_HEAD}[{_A}]{{4}}[学警挂港澳领试超]")),
    (PlateKind.SPECIAL, re.compile("使[0-9]{6}|[0-9]{6}使")),
    (PlateKind.ARMED, re.compile(f"WJ[{PROVINCES}]?[0-9]{{4}}[0-9XBTDHJS]|[BCEGHJKLNSVZ][A-Z][0-9]{{5}}")),
    (PlateKind.UNPLATED, re.compile("无牌[0-9]{4}")),
)
_NOISE = re.compile(r"[\s.·•・\-—_]+")
_ALIKE = ("0ODQ", "1IL7T", "2Z7", "5S", "6G", "8B", "VUY", "MN", "CG", "EF", "KX", "PR")
"""Characters that a camera, or a guard at night, takes for each other."""
NEAR = 2
"""So far off a reading may be and still be meant: one other character, or two that look alike."""


@dataclass(frozen=True, slots=True)
class Plate:
    """A plate as it is kept: capital letters, no spaces or points."""

    text: str
    kind: PlateKind

    @property
    def shown(self) -> str:
        """The plate as people write it: 浙A·12345."""
        if self.kind in (PlateKind.USUAL, PlateKind.NEW_ENERGY):
            return f"{self.text[:2]}·{self.text[2:]}"
        return self.text


def plate(text: str, field: str = "plate") -> Plate:
    """This will read a plate however it is typed, or refuse what is on no car."""
    plain = _NOISE.sub("", unicodedata.normalize("NFKC", text[:40])).upper()
    for kind, shape in _SHAPES:
        if shape.fullmatch(plain):
            return Plate(plain, kind)
    raise Invalid(field, _("This is no plate: a province, a letter, and five characters, or six for new energy."))


def unplated(number: int) -> Plate:
    """This will name a car without a plate by the number it was given."""
    return Plate(f"无牌{number:04d}", PlateKind.UNPLATED)


def shown(text: str) -> str:
    """This will write a kept plate as people do."""
    for kind, shape in _SHAPES:
        if shape.fullmatch(text):
            return Plate(text, kind).shown
    return text


def distance(one: str, other: str) -> int:
    """This will tell how far two readings are apart: 1 for characters that look alike, 2 for any other difference."""
    before = [2 * n for n in range(len(other) + 1)]
    for row, a in enumerate(one, start=1):
        now = [2 * row]
        for column, b in enumerate(other, start=1):
            same = 0 if a == b else 1 if any(a in alike and b in alike for alike in _ALIKE) else 2
            now.append(min(before[column] + 2, now[-1] + 2, before[column - 1] + same))
        before = now
    return before[-1]


def nearest(read: str, known: Iterable[str], most: int = 3) -> tuple[str, ...]:
    """This will give the known plates that a reading may have meant, the nearest first; itself is not among them."""
    close = [
        (far, text)
        for text in known
        if text != read and abs(len(text) - len(read)) <= 1 and len(set(text) & set(read)) * 2 >= len(set(read)) - 1
        if (far := distance(read, text)) <= NEAR
    ]
    return tuple(text for _far, text in sorted(close)[:most])
