"""The cost per order, alone and pooled, as bars: an SVG file that opens anywhere, without a drawing library."""

from __future__ import annotations

from collections.abc import Sequence

from linli.trade.delivery.rules.what_if import Answer

BAR, GAP, HIGH, EDGE = 22, 26, 220, 48
ALONE, POOLED = "#b8c4ce", "#0f766e"


def chart(answers: Sequence[Answer]) -> str:
    """This will draw two bars for each answer, in CNY per order."""
    most = max([answer.alone_fen_per_order for answer in answers] + [a.pooled_fen_per_order for a in answers] + [1.0])
    wide = EDGE * 2 + len(answers) * (2 * BAR + GAP)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide}" height="{HIGH + 2 * EDGE}" role="img"',
        'font-family="sans-serif" font-size="11">',
        "<title>Cost per order in CNY, each community alone and pooled</title>",
        f'<text x="{EDGE}" y="16">CNY per order: <tspan fill="{ALONE}">■</tspan> alone',
        f'<tspan fill="{POOLED}">■</tspan> pooled</text>',
    ]
    for n, answer in enumerate(answers):
        left = EDGE + n * (2 * BAR + GAP)
        for k, (fen, colour) in enumerate(((answer.alone_fen_per_order, ALONE), (answer.pooled_fen_per_order, POOLED))):
            high = fen / most * HIGH
            x, y = left + k * BAR, EDGE / 2 + HIGH - high + 16
            parts.append(f'<rect x="{x}" y="{y:.1f}" width="{BAR - 2}" height="{high:.1f}" fill="{colour}"/>')
            parts.append(f'<text x="{x}" y="{y - 3:.1f}">{fen / 100:.1f}</text>')
        foot = EDGE / 2 + HIGH + 32
        parts.append(f'<text x="{left}" y="{foot}">{answer.communities} x {answer.orders_each}</text>')
    parts.append(f'<text x="{EDGE}" y="{HIGH + EDGE + 36}">communities x orders of each in a slot</text></svg>')
    return "\n".join(parts)
