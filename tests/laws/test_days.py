"""A page asks what day it is where its community lies, never what day it is in Greenwich."""

from __future__ import annotations

import re
from pathlib import Path

import linli.faces

FACES = Path(linli.faces.__file__).parent


def test_no_page_takes_the_day_of_greenwich_for_today():
    found = {
        str(path.relative_to(FACES)): number
        for path in sorted(FACES.rglob("*.py"))
        for number, line in enumerate(path.read_text().splitlines(), 1)
        if re.search(r"\bat\.date\(\)", line)
    }
    assert found == {}, "say request.at.astimezone(voice.current().zone).date() once the page has moved to its zone"
