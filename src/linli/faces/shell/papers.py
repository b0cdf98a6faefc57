"""Papers to print and post: PDFs in Chinese and English, made in memory.

Chinese is set in STSong-Light, a typeface that every PDF reader brings for itself; no font is carried about.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

MOST_PAPERS = 2_000
PDF = "application/pdf"
CHINESE_FACE = "STSong-Light"


@dataclass(frozen=True)
class Table:
    """A heading, rows, and how many columns at the end are figures."""

    columns: Sequence[str]
    rows: Sequence[Sequence[str]]
    figures: int = 1


@dataclass(frozen=True)
class Paper:
    """One paper: a page, or as many as it needs. `parts` are paragraphs and tables in their order."""

    title: str
    parts: Sequence[str | Table] = field(default_factory=tuple)


def pdf(papers: Sequence[Paper], *, title: str) -> bytes:
    """This will make one PDF of many papers, each beginning on a page of its own."""
    from reportlab.lib.pagesizes import A4  # loaded with the first paper
    from reportlab.lib.units import mm
    from reportlab.platypus import PageBreak, Paragraph, SimpleDocTemplate, Spacer

    heading, text = _styles()
    story: list[Any] = []
    for nth, paper in enumerate(papers[:MOST_PAPERS]):
        if nth:
            story.append(PageBreak())
        story.append(Paragraph(_escaped(paper.title), heading))
        for part in paper.parts:
            story.append(_table(part) if isinstance(part, Table) else Paragraph(_escaped(part), text))
            story.append(Spacer(1, 3 * mm))
    content = io.BytesIO()
    margins = {"leftMargin": 22 * mm, "rightMargin": 22 * mm, "topMargin": 25 * mm, "bottomMargin": 22 * mm}
    SimpleDocTemplate(content, pagesize=A4, title=title, invariant=1, **margins).build(story)
    return content.getvalue()


@cache
def _styles() -> tuple[Any, Any]:
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.cidfonts import UnicodeCIDFont

    pdfmetrics.registerFont(UnicodeCIDFont(CHINESE_FACE))
    text = ParagraphStyle("text", fontName=CHINESE_FACE, fontSize=10.5, leading=16, wordWrap="CJK")
    return ParagraphStyle("heading", parent=text, fontSize=15, leading=24, spaceAfter=8), text


def _table(table: Table) -> Any:
    from reportlab.lib import colors
    from reportlab.platypus import Table as Laid

    _styles()
    first_figure = len(table.columns) - table.figures
    laid = Laid([list(table.columns), *(list(row) for row in table.rows)], repeatRows=1, hAlign="LEFT")
    laid.setStyle(
        [
            ("FONT", (0, 0), (-1, -1), CHINESE_FACE, 9.5),
            ("LINEBELOW", (0, 0), (-1, 0), 0.8, colors.black),
            ("LINEBELOW", (0, 1), (-1, -1), 0.2, colors.grey),
            ("ALIGN", (first_figure, 0), (-1, -1), "RIGHT"),
        ]
    )
    return laid


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\n", "<br/>")
