"""The house's mark as an icon of a phone's first screen, drawn from `mark.svg` in the sizes that browsers ask for.

A maskable icon fills its square with paper, and the mark keeps within the circle that no phone cuts off.
"""

from __future__ import annotations

import io
import re
from functools import cache

from django.http import HttpResponse

from linli.faces.shell import addresses
from linli.faces.shell.assets import SHELL
from linli.faces.shell.pages import page
from linli.faces.shell.requests import PublicRequest
from linli.kernel.refusals import NotFound

KINDS = ("any", "maskable")
SIZES = (180, 192, 512)
SIDE = 32
"""The mark is drawn on a square of so many units."""
WITHIN_MASK = 0.8
FINER = 4
"""Drawn so many times larger and made small again, for soft edges."""
WEEK_S = 7 * 86400

Point = tuple[float, float]


@page("public", "GET", "app-icons/<slug:name>/", name="app-icon")
def show(_request: PublicRequest, name: str) -> HttpResponse:
    """This will give an icon such as `maskable-512` as PNG."""
    kind, _dash, size = name.partition("-")
    if kind not in KINDS or size not in map(str, SIZES):
        raise NotFound("page")
    answer = HttpResponse(drawn(kind, int(size)), content_type="image/png")
    answer["Cache-Control"] = f"public, max-age={WEEK_S}"
    return answer


def address(kind: str, size: int) -> str:
    """This will give the address of an icon."""
    return addresses.url("public:app-icon", f"{kind}-{size}")


@cache
def drawn(kind: str, size: int) -> bytes:
    """This will draw the mark; the few there are stay in memory, and whoever draws none loads no Pillow."""
    from PIL import Image, ImageDraw

    mark = (SHELL / "mark.svg").read_text("utf-8")
    paper, ink = _said(mark, r'fill="(#\w+)"'), _said(mark, r'stroke="(#\w+)"')
    scale = size * FINER / SIDE
    picture = Image.new("RGBA", (size * FINER, size * FINER), paper if kind == "maskable" else (0, 0, 0, 0))
    draw = ImageDraw.Draw(picture)
    if kind == "any":
        edge = size * FINER - 1
        draw.rounded_rectangle((0, 0, edge, edge), float(_said(mark, r'rx="([\d.]+)"')) * scale, fill=paper)
    within = WITHIN_MASK if kind == "maskable" else 1.0
    width = float(_said(mark, r'stroke-width="([\d.]+)"')) * within * scale
    for stroke in strokes(mark):
        line = [tuple((SIDE / 2 + (each - SIDE / 2) * within) * scale for each in point) for point in stroke]
        draw.line(line, fill=ink, width=round(width), joint="curve")
        for x, y in line:
            draw.ellipse((x - width / 2, y - width / 2, x + width / 2, y + width / 2), fill=ink)
    body = io.BytesIO()
    picture.resize((size, size), Image.Resampling.LANCZOS).save(body, "PNG", optimize=True)
    return body.getvalue()


def strokes(mark: str) -> list[list[Point]]:
    """This will read the mark's lines: paths of M, L, H and V, each a list of its points."""
    found = []
    for path in re.findall(r'<path d="([^"]+)"', mark):
        points: list[Point] = []
        for verb, numbers in re.findall(r"([MLHV])\s*([\d.\s]+)", path):
            values = [float(each) for each in numbers.split()]
            if verb == "H":
                points.append((values[0], points[-1][1]))
            elif verb == "V":
                points.append((points[-1][0], values[0]))
            else:
                points.append((values[0], values[1]))
        found.append(points)
    return found


def _said(mark: str, pattern: str) -> str:
    found = re.search(pattern, mark)
    if found is None:
        raise LookupError(f"mark.svg says nothing of {pattern}")
    return found[1]
