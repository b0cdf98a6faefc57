"""Gathers every text shown to people from the code itself, and keeps one Chinese catalog per module or face.

It reads Python as a tree and templates through Jinja, so nothing has to be imported or run. What counts as a text:
`_("...")`, `ngettext("...", "...")`, `pgettext("context", "...")`, the reason of `Invalid(field, "...")`, every
`says = "..."` and `says="..."`, what `NotFound("...")` and `WrongState(verb="...")` name, the values of the enums in
`rules.py` (both words of the context "word", with spaces for underscores), and the names of actions with their values
and the parts of these (`value_harvest`), of tasks and of long work, which operators read. Where a catalog has a word in
the context of one enum, such as "word PermitState", it is kept for the values of this enum alone.
"""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import jinja2
from babel.messages.catalog import Catalog
from babel.messages.pofile import write_po

from linli.faces.shell import messages
from linli.faces.shell.value_harvest import LINLI, area_of, names_within, tree_of

Text = tuple[str | None, str]
_CALLS = {"_", "gettext", "ngettext"}
ONLY_A_PLACE = re.compile(r"\{\w+\}")
_IN_CONTEXT = "pgettext"
_DEEDS = {"action", "timed", "undertakes"}
_NOT_SAID = {"at"}
"""A value that the audit shows by itself."""
_NOT_WORDS = {"May"}
"""Enums whose values nobody reads."""


def update(folder: Path) -> dict[str, int]:
    """This will rewrite the catalogs after the code: new texts empty, lost ones gone, translations kept, sorted."""
    known = {key: text for path in sorted(folder.glob("*.po")) for key, text in messages.read_catalog(path).items()}
    missing: dict[str, int] = {}
    areas = texts_by_area()
    for area, texts in areas.items():
        catalog = Catalog(locale="zh_Hans", header_comment=f"# Chinese of {area}", fuzzy=False)
        for context, text in sorted(texts, key=lambda t: (t[0] or "", t[1])):
            catalog.add(text, known.get((context, text), ""), context=context)
        missing[area] = sum((context, text) not in known for context, text in texts)
        with (folder / f"{area}.po").open("wb") as file:
            write_po(file, catalog, width=0, omit_header=True)
    for path in folder.glob("*.po"):
        if path.stem not in areas:
            path.unlink()
    return missing


@cache
def texts_by_area() -> dict[str, set[Text]]:
    """This will gather all texts; the area is the module or face, and a text stands in the first area that says it."""
    found: dict[str, set[Text]] = {}
    taken: set[Text] = set()
    for path in sorted([*LINLI.rglob("*.py"), *LINLI.rglob("*.jinja")], key=_area_first):
        if "migrations" in path.parts or path == Path(__file__):
            continue
        for text in _texts(path):
            if text not in taken and not ONLY_A_PLACE.fullmatch(text[1]):
                taken.add(text)
                found.setdefault(area_of(path), set()).add(text)
    return found


def _area_first(path: Path) -> tuple[int, str]:
    """Floors from the bottom up, so that a text shared by floors stands on the lowest."""
    floors = ("kernel", "spine", "ground", "reach", "money", "trade", "estate", "commons", "trust", "insight", "faces")
    floor = path.relative_to(LINLI).parts[0]
    shell_first = "" if area_of(path) == "shell" else "z"
    return (floors.index(floor) if floor in floors else len(floors), shell_first + str(path))


def _texts(path: Path) -> Iterator[Text]:
    if path.suffix == ".py":
        yield from _texts_of_python(tree_of(path), with_words=_holds_rules(path), with_deeds=_holds_deeds(path))
        yield from ((messages.VALUE, _plain(name)) for name in (names_within(path) if _holds_deeds(path) else ()))
    elif path.suffix == ".jinja":
        yield from _texts_of_template(path.read_text("utf-8"))


def _holds_rules(path: Path) -> bool:
    return path.stem in ("rules", "may") or "rules" in path.relative_to(LINLI).parts


def _holds_deeds(path: Path) -> bool:
    """What programs about the house do by themselves is read by nobody; the doctor's tasks of the clock are."""
    return "works" not in path.relative_to(LINLI).parts or path.stem == "tasks"


def _texts_of_template(source: str) -> Iterator[Text]:
    tree = jinja2.Environment().parse(source)  # noqa: S701 - only parsed
    for call in tree.find_all(jinja2.nodes.Call):
        if not isinstance(call.node, jinja2.nodes.Name):
            continue
        said = [str(each.value) for each in call.args if isinstance(each, jinja2.nodes.Const)]
        if call.node.name in _CALLS and said and isinstance(call.args[0], jinja2.nodes.Const):
            yield None, said[0]
        elif call.node.name == _IN_CONTEXT and len(said) > 1:
            yield said[0], said[1]


def _texts_of_python(tree: ast.Module, *, with_words: bool, with_deeds: bool = True) -> Iterator[Text]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield from ((None, text) for text in _texts_of_call(node) if text)
            yield from _texts_in_context(node)
        elif isinstance(node, ast.FunctionDef) and with_deeds:
            yield from _names_of_deed(node)
        elif isinstance(node, ast.ClassDef):
            yield from ((None, text) for text in _says(node) if text)
            if with_words and node.name not in _NOT_WORDS and "StrEnum" in {_name(base) for base in node.bases}:
                yield from ((messages.WORD, word) for word in _words(node))
                own = messages.word_of(node.name)
                yield from ((own, word) for word in _words(node) if (own, word) in messages.chinese())


def _texts_of_call(call: ast.Call) -> Iterator[str]:
    name = _name(call.func)
    if name in _CALLS and call.args:
        yield from _constant(call.args[0])
    elif name == "Invalid" and len(call.args) > 1:
        yield from _constant(call.args[1])
    for keyword in call.keywords:
        if keyword.arg in ("says", "reason"):
            yield from _constant(keyword.value)


def _texts_in_context(call: ast.Call) -> Iterator[Text]:
    name = _name(call.func)
    if name == _IN_CONTEXT and len(call.args) > 1:
        yield from zip(_constant(call.args[0]), _constant(call.args[1]), strict=False)
    elif name == "NotFound" and call.args:
        yield from ((messages.WORD, text.replace("_", " ")) for text in _constant(call.args[0]))
    elif name == "WrongState":
        for keyword in call.keywords:
            yield from ((messages.WORD, text.replace("_", " ")) for text in _constant(keyword.value))
    elif name in ("record_reading", "record_readings"):
        for keyword in call.keywords:
            if keyword.arg == "what":
                yield from ((messages.DEED, _plain(text)) for text in _constant(keyword.value))


def _names_of_deed(node: ast.FunctionDef) -> Iterator[Text]:
    by = {_name(each.func) for each in node.decorator_list if isinstance(each, ast.Call)} & _DEEDS
    if by:
        yield messages.DEED, _plain(node.name)
    if "action" in by:
        yield from ((messages.VALUE, _plain(each.arg)) for each in node.args.kwonlyargs if each.arg not in _NOT_SAID)


def _plain(name: str) -> str:
    return name.rpartition(".")[2].replace("_", " ").strip()


def _says(node: ast.ClassDef) -> Iterator[str]:
    for line in node.body:
        target = line.targets[0] if isinstance(line, ast.Assign) else getattr(line, "target", None)
        if isinstance(line, ast.Assign | ast.AnnAssign) and _name(target) == "says" and line.value is not None:
            yield from _constant(line.value)


def _words(node: ast.ClassDef) -> Iterator[str]:
    for line in node.body:
        if isinstance(line, ast.Assign):
            yield from (text.replace("_", " ") for text in _constant(line.value) if "/" not in text)


def _constant(node: ast.expr) -> Iterator[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value


def _name(node: ast.expr | None) -> str:
    return node.id if isinstance(node, ast.Name) else node.attr if isinstance(node, ast.Attribute) else ""


def main() -> None:
    """This will carry out `python -m linli.faces.shell.message_harvest`, and tell what catalogs lack."""
    for area, missing in update(messages.FOLDER).items():
        sys.stdout.write(f"{area}.po: {missing} to translate\n")


if __name__ == "__main__":
    main()
