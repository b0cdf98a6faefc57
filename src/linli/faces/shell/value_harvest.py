"""Gathers what the values of actions are made of: the audit shows `draft.lines.0.quantity`, and each part has its name.

An action is given ids, numbers and frozen dataclasses; the fields of those, however deep, are read from the code as
`message_harvest` reads everything else: nothing is imported. A class is found by its name and by the module from whose
`rules` it is taken. What an action keeps out of the audit (`private=`) is left out here as well.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

LINLI = Path(__file__).resolve().parents[2]
_Place = tuple[str, str]
"""A module, and the name of a class of its own."""
_AS_ONE = {"Money"}
"""What the audit shows as one value."""


@dataclass(frozen=True, slots=True)
class _Shape:
    """A class of the house with its fields and what it is made from."""

    fields: tuple[tuple[str, ast.expr], ...]
    bases: tuple[ast.expr, ...]
    origins: Mapping[str, str]
    area: str


@cache
def tree_of(path: Path) -> ast.Module:
    """This will parse a file of the house, once."""
    return ast.parse(path.read_text("utf-8"))


def area_of(path: Path) -> str:
    """This will name the module or face of a file; its texts stand in the catalog of that name."""
    floor, *rooms = path.relative_to(LINLI).with_suffix("").parts
    return rooms[0] if len(rooms) > 1 and floor not in ("kernel", "spine", "config") else floor


def names_within(path: Path) -> Iterator[str]:
    """This will name the fields of whatever the actions of a file are given."""
    if "@action" not in path.read_text("utf-8"):
        return
    tree, area = tree_of(path), area_of(path)
    origins = _origins(tree)
    for node in tree.body:
        private = _private(node)
        if isinstance(node, ast.FunctionDef) and private is not None:
            for each in node.args.kwonlyargs:
                if each.arg not in private and each.annotation is not None:
                    yield from _named(each.annotation, origins, area, set())


def _named(annotation: ast.expr, origins: Mapping[str, str], area: str, seen: set[_Place]) -> Iterator[str]:
    for place in _places(annotation, origins, area):
        shape = _shapes().get(place)
        if shape is None or place in seen or place[1] in _AS_ONE:
            continue
        seen.add(place)
        for name, kind in shape.fields:
            yield name
            yield from _named(kind, shape.origins, shape.area, seen)
        for base in shape.bases:
            yield from _named(base, shape.origins, shape.area, seen)


def _places(annotation: ast.expr, origins: Mapping[str, str], area: str) -> Iterator[_Place]:
    if isinstance(annotation, ast.Constant) and isinstance(annotation.value, str):
        annotation = ast.parse(annotation.value, mode="eval").body
    for node in ast.walk(annotation):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            yield origins.get(node.value.id, area), node.attr
        elif isinstance(node, ast.Name):
            yield origins.get(node.id, area), node.id


@cache
def _shapes() -> dict[_Place, _Shape]:
    """Every class of values by its place; tables may be called as the values that are kept in them are."""
    found: dict[_Place, _Shape] = {}
    for path in sorted(LINLI.rglob("*.py")):
        if {"migrations", "models"} & {*path.parts, path.stem}:
            continue
        tree, area = tree_of(path), area_of(path)
        origins = _origins(tree)
        for node in _top(tree):
            if isinstance(node, ast.ClassDef):
                found.setdefault((area, node.name), _Shape(_fields(node), tuple(node.bases), origins, area))
            elif isinstance(node, ast.Assign) and isinstance(node.value, ast.BinOp):
                for each in node.targets:  # one or the other: `Times = Weekly | Dates`
                    if isinstance(each, ast.Name):
                        found.setdefault((area, each.id), _Shape((), (node.value,), origins, area))
    return found


def _fields(node: ast.ClassDef) -> tuple[tuple[str, ast.expr], ...]:
    return tuple(
        (line.target.id, line.annotation)
        for line in node.body
        if isinstance(line, ast.AnnAssign)
        and isinstance(line.target, ast.Name)
        and "ClassVar" not in ast.unparse(line.annotation)
    )


def _origins(tree: ast.Module) -> dict[str, str]:
    """What each imported name of ours comes from: the module, whatever its room."""
    found = {}
    for node in _top(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("linli."):
            parts = (node.module or "").split(".")[1:]
            for each in node.names:
                inner = [*parts, each.name]
                outside = inner[0] in ("kernel", "spine", "config")
                found[each.asname or each.name] = inner[0] if outside else inner[1]
    return found


def _top(tree: ast.Module) -> Iterator[ast.stmt]:
    """What stands in a file itself, also where it is only for the checker of types."""
    for node in tree.body:
        yield from node.body if isinstance(node, ast.If) else [node]


def _private(node: ast.stmt) -> set[str] | None:
    """What an action keeps to itself, or None for what is no action."""
    for each in node.decorator_list if isinstance(node, ast.FunctionDef) else ():
        if isinstance(each, ast.Call) and isinstance(each.func, ast.Name) and each.func.id == "action":
            kept = [word.value for word in each.keywords if word.arg == "private"]
            return {
                part.value
                for value in kept
                for part in ast.walk(value)
                if isinstance(part, ast.Constant) and isinstance(part.value, str)
            }
    return None
