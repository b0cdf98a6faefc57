"""A part of a page that is asked for alone brings along what it uses.

What a template imports beside its blocks is not there when one block is made alone, as every live part is; the page
itself shows nothing of it, and each refresh of it fails.
"""

from __future__ import annotations

from pathlib import Path

import jinja2
import pytest
from jinja2 import nodes

import linli

TEMPLATES = sorted(Path(linli.__file__).parent.glob("faces/*/templates/**/*.jinja"))


def imported(within: nodes.Node) -> set[str]:
    """The names that imports right within a template or a block bring."""
    return {line.target for line in getattr(within, "body", ()) if isinstance(line, nodes.Import)}


def lacking(template: nodes.Template) -> list[tuple[str, str]]:
    """Each live block with a name that only the page around it imports."""
    blocks = {block.name: block for block in template.find_all(nodes.Block)}
    live = {
        call.args[0].value
        for call in template.find_all(nodes.Call)
        if isinstance(call.node, nodes.Getattr) and call.node.attr == "live" and isinstance(call.args[0], nodes.Const)
    }
    beside = imported(template)
    return [
        (name, used.name)
        for name in sorted(live & blocks.keys())
        for used in blocks[name].find_all(nodes.Name)
        if used.name in beside - imported(blocks[name])
    ]


@pytest.mark.parametrize("path", TEMPLATES, ids=lambda path: f"{path.parts[-3]}-{path.stem}")
def test_a_live_part_imports_what_it_uses(path: Path):
    assert lacking(jinja2.Environment().parse(path.read_text("utf-8"))) == []  # noqa: S701 - only parsed


def test_an_import_beside_a_live_block_is_found():
    page = (
        '{% import "a.jinja" as far %}{% import "b.jinja" as near %}<div {{ ui.live("now", "/") }}>'
        '{% block now %}{% import "b.jinja" as near %}{{ near.x() }}{{ far.y() }}{% endblock %}</div>'
    )
    assert lacking(jinja2.Environment().parse(page)) == [("now", "far")]  # noqa: S701 - only parsed
