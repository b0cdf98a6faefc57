"""The contact sheet: one page on disk with every picture, page by page, so that looks stand side by side."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from itertools import groupby
from pathlib import Path

from linli.works.gallery.shooting import Shot

_STYLE = """
body { margin: 0; padding: 24px; background: #F1ECE2; color: #1F2A28;
  font: 15px/1.5 system-ui, "PingFang SC", "Noto Sans SC", sans-serif; }
nav a { margin-inline-end: 12px; }
h1 { font-size: 24px; }
h2 { margin: 32px 0 8px; font-size: 20px; }
h3 { margin: 16px 0 4px; font-size: 15px; }
ul { display: flex; flex-wrap: wrap; gap: 16px; margin: 0; padding: 0; list-style: none; align-items: start; }
figure { margin: 0; }
img { display: block; height: 340px; width: auto; max-width: 544px; object-fit: cover; object-position: top left;
  border: 1px solid #E3DCCF; border-radius: 6px; background: #fff; }
figcaption { font-size: 13px; color: #5A6663; }
.strange { color: #B3261E; }
"""


def write(folder: Path, shots: Sequence[Shot]) -> Path:
    """This will write `index.html` beside the pictures."""
    ordered = sorted(shots, key=lambda shot: (shot.view.who, shot.view.name))
    faces = sorted({shot.view.who for shot in shots})
    strange = sum(1 for shot in shots if shot.strange)
    parts = [
        '<!doctype html><html lang="en"><meta charset="utf-8"><title>Linli 邻里: every page</title>',
        f"<style>{_STYLE}</style>",
        f"<h1>Linli 邻里: {len(shots)} pictures, {strange} of them strange</h1>",
        "<nav>" + "".join(f'<a href="#{face}">{face}</a>' for face in faces) + "</nav>",
    ]
    for who, theirs in groupby(ordered, key=lambda shot: shot.view.who):
        parts.append(f'<h2 id="{who}">{who}</h2>')
        for name, looks in groupby(theirs, key=lambda shot: shot.view.name):
            parts.append(f"<h3>{escape(name)}</h3><ul>{''.join(map(_figure, looks))}</ul>")
    sheet = folder / "index.html"
    sheet.write_text("\n".join(parts), encoding="utf-8")
    return sheet


def _figure(shot: Shot) -> str:
    words = f"{shot.look} · {escape(shot.address)}"
    strange = "".join(f'<br><b class="strange">{escape(each)}</b>' for each in shot.strange)
    picture = f'<a href="{shot.file}"><img src="{shot.file}" alt="{escape(shot.title)}" loading="lazy"></a>'
    return f"<li><figure>{picture}<figcaption>{words}{strange}</figcaption></figure></li>"
