"""Bundles are kept for a year under their hash, and given compressed."""

from __future__ import annotations

import gzip

from harness.visitors import Visitor
from linli.faces.shell import assets


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
