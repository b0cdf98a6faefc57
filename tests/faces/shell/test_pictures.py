"""Public pictures are kept for a year by whoever asks; linked files are opened by the word alone, for its time."""

from __future__ import annotations

import io
from datetime import timedelta

import pytest
from PIL import Image

from builders import AT, a_person, a_picture
from harness.budget import budget
from harness.visitors import Visitor
from linli.faces.shell import dispatch
from linli.faces.shell.addresses import url
from linli.ground.files import actions, queries
from linli.kernel import ids
from linli.kernel.ids import FileId, ShopId
from linli.spine.scope import Role, Scope

pytestmark = pytest.mark.django_db
KEPT = "public, max-age=31536000, immutable"


@pytest.fixture(autouse=True)
def store(tmp_path, settings):
    settings.HOME = tmp_path


@pytest.fixture
def merchant() -> Scope:
    return Scope(role=Role.MERCHANT, person=a_person(), shop=ShopId(ids.new()))


def keep(scope: Scope, purpose: str, content: bytes) -> FileId:
    return actions.keep_file(scope, name="梨.jpg", content=content, purpose=purpose, at=AT)


def test_a_public_picture_is_kept_for_a_year_and_cannot_run_anything(visitor: Visitor, merchant):
    file = keep(merchant, "listing_picture", a_picture("JPEG", (900, 600)))
    with budget(1):
        answer = visitor().get(url("picture", file))
    assert (answer.status_code, answer["Content-Type"], answer["Cache-Control"]) == (200, "image/jpeg", KEPT)
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert answer["Content-Disposition"] == "inline; filename*=UTF-8''%E6%A2%A8.jpg"
    assert not answer.cookies
    assert "Vary" not in answer


def test_a_card_gets_the_picture_in_its_own_size(visitor: Visitor, merchant):
    file = keep(merchant, "shop_picture", a_picture("PNG", (900, 600)))
    sizes = []
    for address in (url("picture", file), url("picture", file, "small")):
        with Image.open(io.BytesIO(visitor().get(address).content)) as picture:
            sizes.append(picture.size)
    assert sizes == [(900, 600), (480, 320)]


def test_who_has_the_picture_already_is_told_so_without_a_question(visitor: Visitor, merchant):
    file = keep(merchant, "review_picture", a_picture())
    whole, small = (visitor().get(url("picture", file, *size))["ETag"] for size in ((), ("small",)))
    assert whole != small
    with budget(0):
        again = visitor().get(url("picture", file), headers={"if-none-match": whole})
    assert (again.status_code, again.content, again["Cache-Control"]) == (304, b"", KEPT)
    assert visitor().get(url("picture", file), headers={"if-none-match": small}).status_code == 200


def test_what_is_private_or_gone_or_never_was_is_not_there(visitor: Visitor, merchant):
    private = keep(merchant, "licence", a_picture())
    gone = keep(merchant, "listing_picture", a_picture())
    actions.discard_file(merchant, file=gone, at=AT)
    addresses = [url("picture", file) for file in (private, gone, FileId(ids.new()))]
    for address in [*addresses, url("picture", gone, "huge")]:
        answer = visitor(merchant).get(address)
        assert answer.status_code == 404
        assert "public" not in answer.headers.get("Cache-Control", "")
    assert visitor().post(addresses[0]).status_code == 405


def test_a_signed_link_opens_a_paper_for_anybody_until_it_ends(visitor: Visitor, merchant, monkeypatch):
    file = keep(merchant, "licence", b"%PDF-1.7 a licence")
    address = url("public:file", queries.link(merchant, file=file, at=AT, seconds=60))
    monkeypatch.setattr(dispatch, "now", lambda: AT + timedelta(seconds=20))
    answer = visitor().get(address)
    assert (answer.status_code, answer.content) == (200, b"%PDF-1.7 a licence")
    assert answer["Cache-Control"] == "private, max-age=40"
    assert answer["Content-Disposition"].startswith("attachment; ")
    assert answer["Content-Security-Policy"].startswith("sandbox")
    monkeypatch.setattr(dispatch, "now", lambda: AT + timedelta(seconds=60))
    assert visitor().get(address).status_code == 410
    assert visitor().get(address[:-3] + "x/").status_code == 404
