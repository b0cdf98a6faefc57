"""Bundles are kept for a year under their hash, and given compressed."""

from __future__ import annotations

import gzip
import re

from harness.visitors import Visitor
from linli.faces.shell import assets, components


def test_a_bundle_is_kept_for_a_year_under_its_hash(visitor: Visitor):
    answer = visitor().get(assets.address("linli.css"), headers={"accept-encoding": "gzip, br"})
    assert answer["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer["Content-Encoding"] == "gzip"
    assert gzip.decompress(answer.content).decode() == assets.style_sheet()


def test_a_reader_without_gzip_gets_it_plain(visitor: Visitor):
    answer = visitor().get(assets.address("linli.js"), headers={"accept-encoding": "identity"})
    assert "Content-Encoding" not in answer
    assert answer.content.decode() == assets.script()


def test_an_old_hash_gets_todays_content_and_is_not_kept(visitor: Visitor):
    answer = visitor().get("/a/linli.000000000000.css")
    assert (answer.status_code, answer["Cache-Control"]) == (200, "no-cache")


def test_nothing_else_is_served(visitor: Visitor):
    for name in ("linli.py", "..%2Fsettings.py", "other.0.css", "linli"):
        assert visitor().get(f"/a/{name}").status_code == 404


def test_phones_wait_for_nothing_that_only_desks_need(visitor: Visitor):
    sheet, script = assets.style_sheet(), assets.script()
    for each in components.components():
        for ending, shared in (("css", sheet), ("js", script)):
            path = components.FOLDER / each.name / f"{each.name}.{ending}"
            if ending in each.desk_only:
                assert path.is_file()
                assert path.read_text("utf-8").strip().splitlines()[0] not in shared
    assert assets.address("desk.css") not in visitor().get("/sign-in/").content.decode()


def test_what_phones_show_is_in_what_they_load():
    kept = {each.macro for each in components.components() if each.desk_only}
    for face in ("owner", "courier"):
        for template in (assets.FACES / face / "templates").glob("*.jinja"):
            used = set(re.findall(r"\bui\.([a-z_]+)\(", template.read_text("utf-8")))
            assert used & kept == set(), template.name


def test_a_bundle_has_a_limit_of_its_own():
    packed = {name: len(asset.packed) for name, asset in assets.assets().items()}
    assert packed["linli.css"] <= 12_500
    assert packed["linli.js"] <= 21_000
