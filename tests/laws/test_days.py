"""A page asks what day it is where its community lies, never what day it is in Greenwich."""

from __future__ import annotations

import re
from pathlib import Path

import linli.faces

FACES = Path(linli.faces.__file__).parent
GREENWICH = {".py": r"\bat\.date\(\)", ".jinja": r"\.date\(\)"}
"""A day taken straight from an instant is that of UTC, in which every instant is kept."""


def test_no_page_takes_the_day_of_greenwich_for_today():
    found = {
        str(path.relative_to(FACES)): number
        for path in sorted(FACES.rglob("*"))
        if path.suffix in GREENWICH
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if re.search(GREENWICH[path.suffix], line)
    }
    assert found == {}, "say request.at.astimezone(voice.current().zone).date() once the page has moved to its zone"
