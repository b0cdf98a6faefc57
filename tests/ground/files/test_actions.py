"""Keeping files, opening them by signed links, and sweeping what a crash left behind."""

from __future__ import annotations

import hashlib
import os
import time
from datetime import timedelta

import pytest

from builders import AT, a_person, a_picture
from harness.budget import budget
from linli.ground.files import actions, gateways, queries, tasks
from linli.ground.files.rules import FileTooLarge, WrongKindOfFile
from linli.kernel import ids
from linli.kernel.ids import FileId, ShopId
from linli.kernel.refusals import Denied, Invalid, NotFound
from linli.spine import sql
from linli.spine.scope import GUEST, SYSTEM, Role, Scope

pytestmark = pytest.mark.django_db
PAPER = b"%PDF-1.7 a licence"


@pytest.fixture
def merchant() -> Scope:
    return Scope(role=Role.MERCHANT, person=a_person(), shop=ShopId(ids.new()))


def keep(scope: Scope, content: bytes = PAPER, *, name: str = "licence.pdf", purpose: str = "licence") -> FileId:
    return actions.keep_file(scope, name=name, content=content, purpose=purpose, at=AT)


def on_disk(store) -> list[str]:
    return sorted(p.name for p in store.rglob("*") if p.is_file())


def test_a_file_is_kept_by_its_hash_and_opened_by_a_link_until_it_expires(merchant, store):
    with budget(3):
        file = keep(merchant, name="../../营业执照.exe")
    assert on_disk(store) == [hashlib.sha256(PAPER).hexdigest()]
    link = queries.link(merchant, file=file, at=AT, seconds=60)
    opened = queries.open_link(link, at=AT + timedelta(seconds=59))
    assert (opened.name, opened.mime, opened.content) == ("营业执照.pdf", "application/pdf", PAPER)
    with pytest.raises(queries.LinkExpired):
        queries.open_link(link, at=AT + timedelta(seconds=60))


@pytest.mark.parametrize("change", [lambda t: t + "x", lambda t: "A" + t[1:], lambda _t: "", lambda _t: "a:b:c"])
def test_a_forged_link_opens_nothing(merchant, change):
    link = queries.link(merchant, file=keep(merchant), at=AT)
    with pytest.raises(NotFound):
        queries.open_link(change(link), at=AT)


def test_a_private_file_is_linked_by_its_uploader_its_shop_and_the_platform_only(merchant):
    file = keep(merchant)
    colleague = Scope(role=Role.MERCHANT, person=a_person(), shop=merchant.shop)
    rival = Scope(role=Role.MERCHANT, person=a_person(), shop=ShopId(ids.new()))
    for scope in (merchant, colleague, Scope(role=Role.PLATFORM, person=a_person())):
        assert queries.link(scope, file=file, at=AT)
        assert list(queries.described(scope, files=[file])) == [file]
    for scope in (rival, GUEST, Scope(role=Role.RESIDENT, person=a_person())):
        assert queries.described(scope, files=[file]) == {}
        with pytest.raises(NotFound):
            queries.link(scope, file=file, at=AT)


def test_a_public_picture_is_linked_by_anybody(merchant):
    file = keep(merchant, a_picture(), name="pear.jpg", purpose="listing_picture")
    link = queries.link(GUEST, file=file, at=AT)
    assert queries.open_link(link, at=AT).mime == "image/jpeg"


def test_many_links_take_one_question(merchant):
    files = [keep(merchant, PAPER + bytes([n])) for n in range(5)]
    with budget(2):  # the wall and the question
        links = queries.links(merchant, files=files, at=AT)
    assert list(links) == files
    with pytest.raises(NotFound):
        queries.links(merchant, files=[*files, FileId(ids.new())], at=AT)


def test_a_link_does_not_last_for_ever(merchant):
    file = keep(merchant)
    for seconds in (0, -1, 7 * 24 * 3600 + 1):
        with pytest.raises(Invalid):
            queries.link(merchant, file=file, at=AT, seconds=seconds)


@pytest.mark.parametrize(
    ("content", "purpose", "refusal"),
    [
        (b"MZ\x90\x00", "licence", WrongKindOfFile),
        (b"%PDF-" + b"0" * (10 * 1024 * 1024), "licence", FileTooLarge),
        (PAPER, "wallpaper", Invalid),
    ],
)
def test_what_is_refused_leaves_neither_bytes_nor_a_row(merchant, store, content, purpose, refusal):
    with pytest.raises(refusal):
        keep(merchant, content, purpose=purpose)
    assert on_disk(store) == []
    assert sql.fetch("SELECT count(*) FROM files_file") == [(0,)]


def test_a_guest_keeps_nothing(store):
    with pytest.raises(Denied):
        keep(GUEST)
    assert on_disk(store) == []


def test_the_same_content_is_kept_once_and_stays_while_one_row_speaks_of_it(merchant, store):
    first, second = keep(merchant), keep(Scope(role=Role.RESIDENT, person=a_person()))
    assert len(on_disk(store)) == 1
    actions.discard_file(merchant, file=first, at=AT)
    age(store)
    assert sweep_all() == 0
    assert queries.open_link(queries.link(SYSTEM, file=second, at=AT), at=AT).content == PAPER


def test_only_its_uploader_discards_a_file_and_its_links_end_at_once(merchant):
    file = keep(merchant)
    link = queries.link(merchant, file=file, at=AT)
    with pytest.raises(NotFound):
        actions.discard_file(Scope(role=Role.MERCHANT, person=a_person(), shop=merchant.shop), file=file, at=AT)
    assert queries.open_link(link, at=AT).content == PAPER
    actions.discard_file(merchant, file=file, at=AT)
    with pytest.raises(NotFound):
        queries.open_link(link, at=AT)


def test_the_sweep_takes_only_old_bytes_that_no_row_speaks_of(merchant, store):
    keep(merchant)
    kept = on_disk(store)
    orphan = gateways.put(b"%PDF-1.7 whose row was never written")
    half = store / orphan[:2] / orphan[2:4] / ".new-half"
    half.write_bytes(b"%PD")
    assert sweep_all() == 0
    age(store)
    fresh = gateways.put(b"%PDF-1.7 being uploaded now")
    assert sweep_all() == 2
    assert on_disk(store) == sorted([*kept, fresh])


def test_the_sweep_leaves_a_public_picture_in_both_its_sizes(merchant, store):
    file = keep(merchant, a_picture("JPEG", (900, 600)), name="pear.jpg", purpose="listing_picture")
    kept = on_disk(store)
    assert len(kept) == 2
    age(store)
    assert sweep_all() == 0
    small = queries.public_picture(file=file, small=True)
    assert hashlib.sha256(small.content).hexdigest() in kept
    actions.discard_file(merchant, file=file, at=AT)
    assert sweep_all() == 2


class Crash(BaseException):
    """The process ends here."""


def test_a_crash_between_the_bytes_and_the_row_leaves_bytes_that_the_sweep_removes(merchant, store, monkeypatch):
    def die(*_args: object) -> int:
        raise Crash

    with monkeypatch.context() as crash:
        crash.setattr(actions.sql, "run", die)
        with pytest.raises(Crash):
            keep(merchant)
    assert sql.fetch("SELECT count(*) FROM files_file") == [(0,)]
    assert len(on_disk(store)) == 1
    age(store)
    assert sweep_all() == 1
    assert on_disk(store) == []


def age(store) -> None:
    """Two days pass for everything on the disk."""
    past = time.time() - 2 * 24 * 3600
    for path in store.rglob("*"):
        if path.is_file():
            os.utime(path, (past, past))


def sweep_all() -> int:
    """Every hour's shelf, once."""
    return sum(tasks.sweep_orphans(at=AT + timedelta(hours=hour)) for hour in range(gateways.SHELVES))
