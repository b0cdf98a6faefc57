"""The law of doors: other modules may import rules, events, queries and actions; the other rooms are private."""

from __future__ import annotations

import inspect
import re
from importlib import import_module
from pkgutil import walk_packages

import grimp

import linli
from linli.config.home import PROJECT

WINGS = {"ground", "reach", "money", "trade", "trust", "estate", "commons", "insight"}
DOORS = {"rules", "events", "queries", "actions"}
COMPOSERS = {"linli.config"}
"""Config wires everything: it may name models for grants, gateways for settings, tasks for the worker."""


def module_of(dotted: str) -> str | None:
    """linli.trade.orders.actions.place -> linli.trade.orders, and None for what is no module of a wing."""
    parts = dotted.split(".")
    return ".".join(parts[:3]) if len(parts) > 2 and parts[1] in WINGS else None


def test_modules_meet_at_doors_only():
    graph = grimp.build_graph("linli", include_external_packages=False)
    broken = []
    for importer in graph.modules:
        if any(importer == c or importer.startswith(c + ".") for c in COMPOSERS) or ".migrations" in importer:
            continue
        for imported in graph.find_modules_directly_imported_by(importer):
            module = module_of(imported)
            if module is None or module_of(importer) == module or imported == module:
                continue
            if imported.split(".")[3] not in DOORS:
                broken.append(f"{importer} -> {imported}")
    assert broken == []


def test_rules_are_plain_python():
    graph = grimp.build_graph("linli", include_external_packages=True)
    broken = [
        f"{importer} -> {imported}"
        for importer in graph.modules
        if module_of(importer) and importer.split(".")[3:4] == ["rules"]
        for imported in graph.find_modules_directly_imported_by(importer)
        if imported.split(".")[0] in {"django", "psycopg", "urllib3"} or imported.startswith("linli.spine.sql")
    ]
    assert broken == []


def test_every_action_query_and_fact_is_named_on_the_page_of_doors():
    page = (PROJECT / "docs" / "doors.md").read_text(encoding="utf-8")
    unnamed = []
    for found in walk_packages(linli.__path__, "linli."):
        module, _, room = found.name.rpartition(".")
        if room not in DOORS - {"rules"} or module_of(found.name) != module:
            continue
        for name, door in vars(import_module(found.name)).items():
            is_door = inspect.isfunction(door) or (room == "events" and inspect.isclass(door))
            is_own = getattr(door, "__module__", "").startswith(found.name)
            if is_door and is_own and not name.startswith("_") and not re.search(rf"\b{name}\b", page):
                unnamed.append(f"{found.name}.{name}")
    assert unnamed == []
