"""The law of sheets: what a desk lists can be taken away as a spreadsheet, by whoever may look at the list.

Templates and handlers are read; nothing is asked of a database. A list page is a page whose address names no single
thing. Every table of it offers a sheet (`export=`), and so does every place of the menu, also one that lists by cards.
What offers none stands below with its reason.
"""

from __future__ import annotations

import ast
import inspect
import re
import textwrap
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from types import ModuleType

import pytest
from jinja2 import Environment, nodes

import linli.faces
from linli.faces.merchant.menu import MENU as MERCHANT
from linli.faces.platform.menu import MENU as PLATFORM
from linli.faces.property.menu import MENU as PROPERTY
from linli.faces.shell import downloads, sheets
from linli.faces.shell.menus import Group, Menu
from linli.faces.shell.pages import Page, addresses, house

FACES = Path(linli.faces.__file__).parent
DESKS = ("property", "merchant", "platform")
MENUS: dict[str, Menu] = {"property": PROPERTY, "merchant": MERCHANT, "platform": PLATFORM}
NOT_ONE_THING = {"community", "month", "part"}
WRONG_CELLS = "What is wrong"
"""The wrong cells of a sheet that was just looked at: they stand in that sheet."""
TABLES: dict[tuple[str, str], str] = {
    ("property/cashier.jinja", "Homes"): "what a search found; the sheet of homes has them all",
    ("property/residents.jinja", "Homes"): "what a search found; the sheet of homes has them all",
    ("property/charging-month.jinja", "Not charged"): "in the sheet of the month, with why",
    ("property/charging-month.jinja", "Far from the month before"): "of lines that the sheet of the month has",
    ("property/collection.jinja", "By steward"): "in the sheet of the table above it",
    ("property/patrol-rates.jinja", "By who walked"): "in the sheet of the table above it",
    ("property/commission.jinja", "Line by line"): "its sheet stands above it, beside the month",
    ("property/punctuality.jinja", ""): "their sheet stands above them, beside the month",
    ("property/policies.jinja", "Counters"): "in the sheet of all settings",
    ("property/readings.jinja", "How far it is"): "sums of the walking list, whose sheet stands above it",
    ("property/costs.jinja", "Who would carry what"): "nothing is kept yet; the sheet of the cost has it then",
    ("property/intake.jinja", "What changes"): "nothing is kept yet; it is what the sheet at hand would do",
    ("property/patterns.jinja", ""): "nothing is kept yet; it is what a take-over would do",
    ("property/ways-in.jinja", "Ways in"): "codes of doors are shown to couriers on their way, and travel in no file",
    ("property/ways-in.jinja", "Gates"): "codes of doors are shown to couriers on their way, and travel in no file",
    ("merchant/refund-requests.jinja", "What is asked back of order {number}"): "in the sheet of requests, above them",
    ("merchant/goods-returns.jinja", "What came back of order {number}"): "in the sheet of returns, above them",
    ("platform/bank-files.jinja", "What becomes of each line"): "nothing is kept yet; it is what the file at hand says",
    ("platform/losses.jinja", "Waiting"): "waits for a day at most, and is no list to carry about",
    ("platform/overview.jinja", "Payment providers, last hour"): "as it is at this moment; nothing of it is kept",
    ("platform/overview.jinja", "Facts and the worker"): "as it is at this moment; nothing of it is kept",
    ("platform/health.jinja", "Payment providers, last hour"): "as it is at this moment; nothing of it is kept",
    ("platform/health.jinja", "Parts of the house"): "as the doctor saw it last; a look again writes over it",
    ("platform/health.jinja", "Webhooks that fail"): "as it is at this moment; nothing of it is kept",
}
OWN_WORK = "one's own long work, forgotten after some days"
ON_FOOT = "for whoever works on foot: only what is theirs to do now"
PLACES: dict[str, str] = {
    "property:under-way": OWN_WORK,
    "merchant:under-way": OWN_WORK,
    "merchant:home": "what is to be done now, of the list of orders, which has its sheet",
    "merchant:hours": "how the shop is kept; its lists are elsewhere",
    "platform:under-way": OWN_WORK,
    "platform:home": "figures that lead to lists, which have their sheets",
    "property:residents": TABLES["property/residents.jinja", "Homes"],
    "property:cashier": TABLES["property/cashier.jinja", "Homes"],
    "property:ways-in": TABLES["property/ways-in.jinja", "Gates"],
    "property:work-board": "the open work orders of the list, whose sheet has them",
    "property:walk": ON_FOOT,
    "property:jobs": ON_FOOT,
    "property:gate": ON_FOOT,
    "property:patrol-walks": ON_FOOT,
    "property:barrier": ON_FOOT,
    "property:asset-walk": ON_FOOT,
}

NARROWER = {"parking-stays-file": "a guard looks cars up; who keeps parking carries away where they were"}
"""Sheets that fewer people may take than may look at their list; the link is shown to those alone."""

# ---- what a handler shows, and whether it gives a file ----


@cache
def reached(function: Callable[..., object]) -> tuple[frozenset[str], frozenset[Callable[..., object]]]:
    """The strings that a handler and the faces' functions beneath it write, and all the functions they call."""
    words: set[str] = set()
    called: set[Callable[..., object]] = set()
    waiting = [function]
    while waiting:
        one = waiting.pop()
        if one in called or not str(getattr(one, "__module__", "")).startswith("linli.faces"):
            continue
        called.add(one)
        tree = ast.parse(textwrap.dedent(inspect.getsource(one)))
        words |= {
            node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)
        }
        for call in (node for node in ast.walk(tree) if isinstance(node, ast.Call)):
            found = resolved(call.func, one)
            if inspect.isfunction(found):
                waiting.append(found)
    return frozenset(words), frozenset(called)


def resolved(node: ast.expr, within: Callable[..., object]) -> object:
    """What a name, or a name of a module, stands for in a function."""
    known = getattr(within, "__globals__", {})
    if isinstance(node, ast.Name):
        return known.get(node.id)
    if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
        home = known.get(node.value.id)
        return getattr(home, node.attr, None) if isinstance(home, ModuleType) else None
    return None


def gives_a_file(page: Page) -> bool:
    return not reached(page.handler)[1].isdisjoint({sheets.sheet, downloads.download})


def templates_of(page: Page) -> list[str]:
    found = [word for word in reached(page.handler)[0] if word.endswith(".jinja")]
    return [word if "/" in word else f"{page.face.word}/{word}" for word in found]


# ---- what a template shows ----


@cache
def read(template: str) -> nodes.Template:
    face, _, name = template.partition("/")
    return Environment(autoescape=True).parse((FACES / face / "templates" / name).read_text())


def shown(template: str) -> Iterator[tuple[str, nodes.Node]]:
    """A template, and the macros of parts that it uses, each with the template that it stands in."""
    tree = read(template)
    yield template, tree
    used = {each.attr for each in tree.find_all(nodes.Getattr)} | {each.name for each in tree.find_all(nodes.Name)}
    for taken in tree.find_all((nodes.Import, nodes.FromImport)):
        part = taken.template.value if isinstance(taken.template, nodes.Const) else "components/"
        if not part.startswith("components/"):
            yield from ((part, macro) for macro in read(part).find_all(nodes.Macro) if macro.name in used)


def tables(node: nodes.Node) -> Iterator[tuple[str, nodes.Expr | None]]:
    """The captions of the tables beneath a node, each with the address of its sheet."""
    for call in node.find_all(nodes.Call):
        if isinstance(call.node, nodes.Getattr) and call.node.attr == "table":
            export = next((each.value for each in call.kwargs if each.key == "export"), None)
            yield next((str(each.value) for each in call.args[0].find_all(nodes.Const)), ""), export


def pages_named(page: Page, node: nodes.Node) -> Iterator[Page]:
    """The pages that an expression of a page names: `property:bills`, or `:bills` of whatever face shows it; a handler
    that makes the address itself names its page there."""
    words = {str(const.value) for const in node.find_all(nodes.Const)}
    if any(
        each.name in ("export", "file") for each in [node, *node.find_all(nodes.Name)] if isinstance(each, nodes.Name)
    ):
        words |= {word for word in reached(page.handler)[0] if word.endswith(("-file", "-sheet"))}
    for word in words:
        found = re.fullmatch(r"(\w*):([\w-]+)", word)
        named = house.called(f"{found[1] or page.face.word}:{found[2]}") if found else None
        if named is not None:
            yield named


# ---- the law ----


def list_pages(face: str) -> list[Page]:
    addresses()  # every face, whatever was imported before
    return [p for p in house.pages() if p.face.word == face and p.method == "GET" and NOT_ONE_THING.issuperset(p.parts)]


@pytest.mark.parametrize("face", MENUS)
def test_every_table_of_a_list_page_can_be_taken_away(face):
    lacking = {
        (part, caption)
        for page in list_pages(face)
        for template in templates_of(page)
        for part, node in shown(template)
        for caption, export in tables(node)
        if export is None and caption != WRONG_CELLS
    }
    assert lacking == {key for key in TABLES if key[0].startswith(f"{face}/")}


@pytest.mark.parametrize("face", MENUS)
def test_every_place_of_a_menu_that_lists_something_offers_a_sheet(face):
    addresses()
    places = [place for each in MENUS[face] for place in (each.places if isinstance(each, Group) else (each,))]
    lacking = set()
    for place in places:
        page = house.called(place.name)
        assert page is not None
        parts = [node for template in templates_of(page) for _part, node in shown(template)]
        if not any(gives_a_file(to) for node in parts for to in pages_named(page, node)):
            lacking.add(place.name)
    assert lacking == {name for name in PLACES if name.startswith(f"{face}:")}


@pytest.mark.parametrize("face", DESKS)
def test_a_sheet_is_open_to_whoever_sees_its_list_and_to_nobody_else(face):
    addresses()
    seen = 0
    for page in (p for p in house.pages() if p.face.word == face and p.method == "GET"):
        for template in templates_of(page):
            for _part, node in shown(template):
                for caption, export in tables(node):
                    for to in pages_named(page, export) if export is not None else ():
                        seen += 1
                        assert gives_a_file(to), f"{to.name} of {caption} gives no file"
                        assert to.name in NARROWER or to.needs is page.needs, f"{page.name}: {caption}"
    assert seen
