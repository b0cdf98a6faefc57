"""Charts and codes as SVG made on the server: the geometry only; the component puts the table of figures beside it."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import segno
from markupsafe import Markup

WIDTH, HEIGHT = 320, 120
FOOT = 18
HEAD = 12
"""Room above the highest point for its figure."""
ROOM = HEIGHT - FOOT - HEAD
GAP = 0.28


@dataclass(frozen=True)
class Bar:
    """One bar, in the units of the drawing."""

    x: float
    y: float
    width: float
    height: float
    label: str


WIDEST = 48
"""A lone bar is no wall."""


def bars(labels: Sequence[str], figures: Sequence[float], *, top: float | None = None) -> tuple[Bar, ...]:
    """This will place one bar per figure on a common foot; `top`, or the largest, reaches the top."""
    top = top or max([*figures, 0]) or 1
    step = min(WIDTH / max(len(figures), 1), WIDEST)
    return tuple(
        Bar(
            x=round(i * step + step * GAP / 2, 1),
            y=height_of(figure, top),
            width=round(step * (1 - GAP), 1),
            height=round(ROOM * max(figure, 0) / top, 1),
            label=label,
        )
        for i, (label, figure) in enumerate(zip(labels, figures, strict=True))
    )


def line(figures: Sequence[float], *, top: float | None = None, among: int | None = None) -> str:
    """This will give the `points` of a polyline through the figures, the first of so many `among` which it goes on."""
    high = (top if top is not None else max([*figures, 0])) or 1
    step = WIDTH / max((among or len(figures)) - 1, 1)
    return " ".join(f"{i * step:.1f},{HEIGHT - FOOT - ROOM * f / high:.1f}" for i, f in enumerate(figures))


def band(low: Sequence[float], high: Sequence[float], *, top: float) -> str:
    """This will give the `points` of the area between two lines: there along the upper one, back along the lower."""
    there, back = line(high, top=top), line(low, top=top)
    return " ".join((there, *reversed(back.split())))


def height_of(figure: float, top: float) -> float:
    """This will give how far down a figure stands where `top` reaches the top."""
    return round(HEIGHT - FOOT - ROOM * max(figure, 0) / (top or 1), 1)


@dataclass(frozen=True)
class Share:
    """One part of a whole, in the units of the drawing, and its part in basis points."""

    x: float
    width: float
    label: str
    basis_points: int


def shares(labels: Sequence[str], figures: Sequence[int]) -> tuple[Share, ...]:
    """This will lay parts of a whole side by side; what is nothing or less takes no room."""
    whole = sum(max(figure, 0) for figure in figures) or 1
    laid: list[Share] = []
    x = 0.0
    for label, figure in zip(labels, figures, strict=True):
        width = WIDTH * max(figure, 0) / whole
        laid.append(Share(round(x, 1), round(width, 1), label, max(figure, 0) * 10_000 // whole))
        x += width
    return tuple(laid)


@lru_cache(maxsize=512)
def code(text: str) -> Markup:
    """This will draw a QR code, dark for a white ground."""
    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(
        out, kind="svg", xmldecl=False, svgns=False, border=2, omitsize=True, dark="#1F2A28", svgclass="qr"
    )
    return Markup(out.getvalue().decode().replace("<svg", '<svg aria-hidden="true"', 1))  # noqa: S704
