"""Every component describes its parameters truly, shows at least one example, and can be used by everybody."""

from __future__ import annotations

import inspect
from html.parser import HTMLParser

import pytest

from harness.visitors import Visitor
from linli.faces.shell import assets, gallery, templates, voice
from linli.faces.shell.clock import now
from linli.faces.shell.components import FOLDER, Component, components
from linli.faces.shell.requests import PublicRequest
from linli.spine.scope import GUEST

EXAMPLES = [(c, e) for c in components() for e in c.examples]
VOID = {"area", "base", "br", "col", "hr", "img", "input", "link", "meta", "rect", "line", "path", "polyline", "source"}


class Reader(HTMLParser):
    """Reads a page as a careful person would: what is named, what is labelled, what is nested."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.problems: list[str] = []
        self.stack: list[tuple[str, dict[str, str | None]]] = []
        self.ids: list[str] = []
        self.labelled: set[str] = set()
        self.inputs: list[dict[str, str | None]] = []
        self.headings: list[int] = []
        self.landmarks: list[str] = []
        self.names: list[tuple[str, list[str]]] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        about = dict(attrs)
        if "style" in about or any(name.startswith("on") for name in about):
            self.problems.append(f"inline style or script on <{tag}>")
        if about.get("id"):
            self.ids.append(str(about["id"]))
        if tag == "img" and "alt" not in about:
            self.problems.append("picture without alt")
        if tag == "svg" and about.get("aria-hidden") != "true" and not about.get("aria-label"):
            self.problems.append("drawing neither hidden nor named")
        if tag == "label" and about.get("for"):
            self.labelled.add(str(about["for"]))
        if tag in ("input", "select", "textarea") and about.get("type") != "hidden":
            inside_label = any(t == "label" for t, _ in self.stack)
            self.inputs.append({**about, "inside": "1" if inside_label else None})
        if len(tag) == 2 and tag[0] == "h" and tag[1].isdigit():
            self.headings.append(int(tag[1]))
        if tag in ("main", "nav", "header", "aside"):
            self.landmarks.append(tag)
        if tag in ("button", "a"):
            self.names.append((tag, [str(about.get("aria-label") or "")]))
        if tag not in VOID:
            self.stack.append((tag, about))

    def handle_endtag(self, tag: str) -> None:
        if tag in VOID:
            return
        if not self.stack or self.stack[-1][0] != tag:
            self.problems.append(f"</{tag}> closes {self.stack[-1][0] if self.stack else 'nothing'}")
        else:
            self.stack.pop()

    def handle_data(self, data: str) -> None:
        if self.names and any(tag in ("button", "a") for tag, _ in self.stack):
            self.names[-1][1].append(data.strip())

    def unusable(self) -> list[str]:
        """This will list what a person without eyes or mouse would stumble over."""
        found = list(self.problems)
        found += [f"<{tag}> is never closed" for tag, _ in self.stack]
        found += [f"id {i} stands twice" for i in {i for i in self.ids if self.ids.count(i) > 1}]
        found += [
            f"no label for {i.get('name')}"
            for i in self.inputs
            if not (i["inside"] or i.get("aria-label") or i.get("id") in self.labelled)
        ]
        found += [f"<{tag}> has no name" for tag, words in self.names if not any(words)]
        return found


def _request(locale: str) -> PublicRequest:
    from django.test import RequestFactory

    voice.speak(locale, at=now())
    return PublicRequest(http=RequestFactory().get("/gallery/"), scope=GUEST, at=now())


@pytest.fixture(autouse=True)
def quiet_afterwards():
    yield
    voice.hush()


@pytest.mark.parametrize("component", components(), ids=lambda c: c.name)
def test_a_component_describes_the_parameters_that_its_macro_takes(component: Component):
    macro = getattr(templates.environment().globals["ui"], component.macro)
    assert tuple(component.parameters) == macro.arguments
    assert component.examples


def test_every_folder_of_components_is_whole():
    folders = {p.name for p in FOLDER.iterdir() if p.is_dir()}
    assert {c.name for c in components()} == folders
    for name in folders:
        assert (FOLDER / name / f"{name}.jinja").is_file()
        assert {p.stem for p in (FOLDER / name).iterdir()} == {name}


@pytest.mark.parametrize("locale", voice.LOCALES)
@pytest.mark.parametrize(("component", "shown"), EXAMPLES, ids=lambda v: getattr(v, "name", getattr(v, "title", None)))
def test_an_example_can_be_made_and_used_in_both_languages(component: Component, shown, locale: str):
    made = gallery.example(_request(locale), shown.body)
    assert Reader(made).unusable() == []
    if locale == voice.CHINESE:
        assert "promised" not in made


@pytest.mark.parametrize("path", ["/", "/gallery/", "/sign-in/", "/nothing/"])
def test_a_page_has_one_main_one_first_heading_and_no_gap_between_headings(visitor: Visitor, settings, path: str):
    settings.SHOW_GALLERY = True
    read = Reader(visitor().get(path).content.decode().replace("<!doctype html>", ""))
    assert read.landmarks.count("main") == 1
    assert read.headings.count(1) == 1
    assert all(after - before <= 1 for before, after in zip(read.headings, read.headings[1:], strict=False))
    assert read.unusable() == []


def test_the_gallery_is_closed_where_nobody_asked_for_it(visitor: Visitor, settings):
    settings.SHOW_GALLERY = settings.DEMO = False
    assert visitor().get("/gallery/").status_code == 404


def test_behaviours_are_small():
    for path in FOLDER.glob("*/*.js"):
        assert len(path.read_text("utf-8").splitlines()) < 100, path.name


def test_the_bundles_hold_every_component_and_load_nothing_from_elsewhere():
    css = assets.style_sheet() + assets.style_sheet(at_desks=True)
    js = assets.script() + assets.own_script(at_desks=True)
    assert css.startswith("@layer reset, tokens, base, components, pages, utilities;")
    assert "http" not in css
    assert "url(" not in css
    assert "htmx" in js
    for path in FOLDER.glob("*/*.js"):
        assert inspect.cleandoc(assets.without_prose(path.read_text("utf-8")))[:40] in js
