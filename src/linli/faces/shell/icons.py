"""Line icons from the `lucide` package, drawn into the page; they say nothing that a word beside them does not."""

from __future__ import annotations

from functools import lru_cache

from lucide.jinja import lucide
from markupsafe import Markup

STROKE = "1.75"


@lru_cache(maxsize=512)
def icon(name: str, size: int = 20) -> Markup:
    """This will draw an icon, hidden from those who have the page read to them."""
    drawn = lucide(name, size=size, stroke_width=STROKE, aria_hidden="true", **{"class": "icon"})
    return Markup(drawn.replace("\n", ""))  # noqa: S704
