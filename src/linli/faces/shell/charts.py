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
    room = HEIGHT - FOOT - 4
    return tuple(
        Bar(
            x=round(i * step + step * GAP / 2, 1),
            y=round(HEIGHT - FOOT - room * max(figure, 0) / top, 1),
            width=round(step * (1 - GAP), 1),
            height=round(room * max(figure, 0) / top, 1),
            label=label,
        )
        for i, (label, figure) in enumerate(zip(labels, figures, strict=True))
    )


def line(figures: Sequence[float], *, top: float | None = None, among: int | None = None) -> str:
    """This will give the `points` of a polyline through the figures, the first of so many `among` which it goes on."""
    high = (top if top is not None else max([*figures, 0])) or 1
    step = WIDTH / max((among or len(figures)) - 1, 1)
    room = HEIGHT - FOOT - 4
    return " ".join(f"{i * step:.1f},{HEIGHT - FOOT - room * f / high:.1f}" for i, f in enumerate(figures))


@lru_cache(maxsize=512)
def code(text: str) -> Markup:
    """This will draw a QR code, dark for a white ground."""
    out = io.BytesIO()
    segno.make(text, error="m", micro=False).save(
        out, kind="svg", xmldecl=False, svgns=False, border=2, omitsize=True, dark="#1F2A28", svgclass="qr"
    )
    return Markup(out.getvalue().decode().replace("<svg", '<svg aria-hidden="true"', 1))  # noqa: S704
