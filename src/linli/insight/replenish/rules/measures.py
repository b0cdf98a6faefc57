"""Pack sizes in one measure: `5kg`, `5L`, `500ml x 12`, 一袋十斤, 两斤半 and 三两 are grams, millilitres or pieces."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class Measure(StrEnum):
    """What a commodity is counted in."""

    GRAM = "g"
    MILLILITRE = "ml"
    PIECE = "piece"


@dataclass(frozen=True, slots=True)
class Pack:
    """So much in one pack."""

    amount: Decimal
    measure: Measure


_G, _ML, _N = Measure.GRAM, Measure.MILLILITRE, Measure.PIECE
_UNITS: dict[str, tuple[Decimal, Measure]] = {
    "kg": (Decimal(1000), _G), "公斤": (Decimal(1000), _G), "千克": (Decimal(1000), _G),
    "斤": (Decimal(500), _G), "两": (Decimal(50), _G),
    "g": (Decimal(1), _G), "克": (Decimal(1), _G),
    "lb": (Decimal("453.59237"), _G), "oz": (Decimal("28.349523125"), _G),
    "ml": (Decimal(1), _ML), "毫升": (Decimal(1), _ML),
    "l": (Decimal(1000), _ML), "升": (Decimal(1000), _ML),
    "枚": (Decimal(1), _N), "个": (Decimal(1), _N), "卷": (Decimal(1), _N), "抽": (Decimal(1), _N),
    "pieces": (Decimal(1), _N), "pcs": (Decimal(1), _N), "rolls": (Decimal(1), _N), "eggs": (Decimal(1), _N),
}  # fmt: skip
_DIGITS = dict(zip("零一二三四五六七八九", range(10), strict=True)) | {"两": 2, "〇": 0}
_NUMBER = r"(\d+(?:\.\d+)?|[零〇一二两三四五六七八九十百半]+)"
_UNIT = "(" + "|".join(sorted(_UNITS, key=len, reverse=True)) + r")(?![a-z])"
_SIZE = re.compile(rf"{_NUMBER}\s*{_UNIT}(半)?", re.IGNORECASE)
_TIMES_AFTER = re.compile(r"\s*(?:/?\s*[袋瓶盒罐桶包提])?\s*[x×*✕]\s*(\d{1,4})", re.IGNORECASE)
_TIMES_BEFORE = re.compile(r"(\d{1,4})\s*[x×*✕]\s*$", re.IGNORECASE)
_MOST = Decimal(10_000_000)


def pack_of(text: str) -> Pack | None:
    """This will read the size of a pack, or give none where it says nothing that can be compared."""
    said = text.lower()
    for found in _SIZE.finditer(said):
        number = _number(found[1])
        if number is None:
            continue
        each, measure = _UNITS[found[2]]
        amount = (number + (Decimal("0.5") if found[3] else 0)) * each
        times = _TIMES_AFTER.match(said, found.end()) or _TIMES_BEFORE.search(said[: found.start()])
        whole = amount * (int(times[1]) if times else 1)
        if 0 < whole <= _MOST:
            return Pack(whole.normalize() if whole != whole.to_integral() else whole.quantize(Decimal(1)), measure)
    return None


def _number(text: str) -> Decimal | None:
    """12.5, 十二, 二十, 一百二十, 半; what is written in another way is not guessed."""
    if text[0].isdigit():
        return Decimal(text)
    half = text.endswith("半")
    text = text.removesuffix("半")
    total, digit = 0, None
    for sign in text:
        if sign in "十百":
            total += (1 if digit is None else digit) * (10 if sign == "十" else 100)
            digit = None
        elif digit is not None:
            return None
        else:
            digit = _DIGITS[sign]
    whole = Decimal(total + (digit or 0)) + (Decimal("0.5") if half else 0)
    return whole or None
