"""Words on homes at the desk: put on by typed doors, shown, written to, taken off; strangers find none."""

from __future__ import annotations

import pytest

from builders.notices import a_board

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("locale", ["zh-CN", "en"])
def test_a_word_is_put_on_homes_written_to_and_taken_off(visitor, locale):
    board = a_board()
    desk, community = visitor(board.desk.scope, locale=locale), board.desk.community.id
    assert desk.get("/p/notices/tags/").status_code == 200
    put = desk.post("/p/notices/tags/", {"community": community, "word": "花园", "doors": "1-1-101, 2"})
    assert put.status_code == 303, put.content.decode()[-800:]
    shown = desk.get(put["Location"]).content.decode()
    assert ("1-1-101" in shown, "2-1-101" in shown, "1-1-102" in shown) == (True, True, False)
    assert "花园" in desk.get("/p/notices/tags/").content.decode()
    wrong = desk.post("/p/notices/tags/", {"community": community, "word": "花园", "doors": "9-9"})
    assert (wrong.status_code, "9-9" in wrong.content.decode()) == (422, True)
    said = {
        "kind": "general",
        "title_zh": "修剪",
        "body_zh": "周三修剪花园。",
        "level": "tag",
        "targets": "花园",
        "who": "everybody",
    }
    notice = desk.post("/p/notices/new/", {"community": community, **said})
    assert notice.status_code == 303, notice.content.decode()[-800:]
    assert "花园" in desk.get(notice["Location"]).content.decode()
    rows = desk.get("/p/notices/tags/file/?form=csv").content.decode().splitlines()[1:]
    assert sorted(row.split(",")[2] for row in rows if "花园" in row)[:1] == ["1-1-101"]
    where = put["Location"].partition("?")[0]
    assert visitor(a_board().desk.scope).get(where).status_code == 404
    off = desk.post(f"{where}removal/", {"off": "2-1-101"})
    assert off.status_code == 303
    assert "2-1-101" not in desk.get(off["Location"]).content.decode()
