"""Components are folders: `components/<name>/<name>.jinja` with one macro, its `.css`, its `.js`, and a `.toml` that
lists its parameters and shows examples. All are at hand in every template as `ui.<macro>(...)`.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

import jinja2

FOLDER = Path(__file__).resolve().parent / "components"


@dataclass(frozen=True)
class Example:
    """One way to use a component, as a piece of a template."""

    title: str
    body: str


@dataclass(frozen=True)
class Component:
    """What the gallery and the tests know about a component."""

    name: str
    purpose: str
    desk_only: frozenset[str] = frozenset()
    """Which of its files are loaded at desks alone: css, js, or both."""
    parameters: dict[str, str] = field(default_factory=dict)
    examples: tuple[Example, ...] = ()

    @property
    def macro(self) -> str:
        return self.name.replace("-", "_")


@cache
def components() -> tuple[Component, ...]:
    """This will read the description of every component."""
    return tuple(_read(path) for path in sorted(FOLDER.glob("*/*.toml")))


class Ui:
    """The components as attributes; a macro is loaded when it is first used."""

    def __init__(self, environment: jinja2.Environment) -> None:
        self._environment = environment

    def __getattr__(self, macro: str) -> Any:
        name = macro.replace("_", "-")
        if not (FOLDER / name / f"{name}.jinja").is_file():
            raise AttributeError(f"there is no component {name!r}")
        loaded = getattr(self._environment.get_template(f"components/{name}/{name}.jinja").module, macro)
        if not self._environment.auto_reload:
            setattr(self, macro, loaded)
        return loaded


def _read(path: Path) -> Component:
    said = tomllib.loads(path.read_text("utf-8"))
    examples = tuple(Example(e["title"], e["body"]) for e in said.get("examples", ()))
    return Component(
        path.parent.name, said["purpose"], frozenset(said.get("desk_only", ())), said.get("parameters", {}), examples
    )
