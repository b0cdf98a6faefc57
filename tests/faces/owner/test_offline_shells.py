"""The resident's pages as an app: how it is installed, and what a phone without a network still tells, and to whom."""

from __future__ import annotations

import io

import pytest
from PIL import Image
from playwright.sync_api import Page, expect

from builders import AT
from builders.corner import Corner, a_corner, owner
from builders.orders import an_order
from builders.places import a_home
from harness.served import Served, wears
from linli.faces.shell import app_icons
from linli.faces.shell.assets import SHELL

PAPER = (250, 247, 241)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("locale", "lang", "name", "shortcut"), [("en", "en", "Linli", "Pay"), ("zh-hans", "zh-Hans", "邻里", "缴费")]
)
def test_the_manifest_names_the_app_in_the_readers_language(visitor, locale: str, lang: str, name: str, shortcut: str):
    told = visitor().get(owner("manifest", locale)).json()
    assert (told["lang"], told["short_name"], told["shortcuts"][0]["name"]) == (lang, name, shortcut)
    assert (told["id"], told["scope"], told["start_url"], told["display"]) == ("/o/", "/o/", "/o/", "standalone")
    assert {(icon["purpose"], icon["sizes"]) for icon in told["icons"]} == {
        ("any", "192x192"),
        ("any", "512x512"),
        ("maskable", "192x192"),
        ("maskable", "512x512"),
    }
    for icon in told["icons"]:
        picture = Image.open(io.BytesIO(visitor().get(icon["src"]).content))
        assert f"{picture.width}x{picture.height}" == icon["sizes"]


def test_a_maskable_icon_is_paper_to_its_corners_and_keeps_the_mark_within_the_circle():
    picture = Image.open(io.BytesIO(app_icons.drawn("maskable", 192))).convert("RGB")
    assert picture.getpixel((0, 0)) == PAPER
    marked = [
        (x, y)
        for x in range(192)
        for y in range(192)
        if picture.getpixel((x, y)) != PAPER  # every pixel of the mark
    ]
    assert len(marked) > 1000
    assert max((x - 95.5) ** 2 + (y - 95.5) ** 2 for x, y in marked) <= (0.4 * 192) ** 2


def test_the_marks_lines_are_read_from_the_drawing():
    assert app_icons.strokes((SHELL / "mark.svg").read_text("utf-8")) == [
        [(4, 17), (10, 10), (16, 16), (22, 10), (28, 17)],
        [(6.5, 15), (6.5, 25), (25.5, 25), (25.5, 15)],
        [(16, 16), (16, 25)],
    ]


@pytest.mark.django_db
@pytest.mark.parametrize("where", [("manifest", "fr"), ("offline", "fr")])
def test_a_language_that_is_not_spoken_has_no_page(visitor, where: tuple[str, str]):
    assert visitor().get(owner(*where)).status_code == 404


@pytest.mark.django_db
def test_an_icon_of_another_size_is_not_drawn(visitor):
    assert visitor().get("/app-icons/any-99999/").status_code == 404


@pytest.mark.django_db
def test_the_page_kept_for_later_is_nobodys(resident, corner: Corner):
    assert str(corner.home.owner) not in resident.get(owner("offline", "en")).content.decode()


@pytest.mark.django_db
def test_the_worker_stays_within_the_residents_pages(visitor):
    answer = visitor().get(owner("worker"))
    assert answer["Service-Worker-Allowed"] == "/o/"
    assert answer["Cache-Control"] == "no-cache"
    text = answer.content.decode()
    assert "VERSION" not in text
    assert "KEPT_FROM_THE_START" not in text


KEPT = """async (wanted) => {
    for (let tries = 0; tries < 150; tries += 1) {
        const store = await caches.open("owner-kept");
        const found = (await store.keys()).map((each) => new URL(each.url).pathname).sort().join(" ");
        if (found === wanted) return found;
        await new Promise((go) => setTimeout(go, 100));
    }
    return "not in time";
}"""


def is_kept(screen: Page, *pages: str) -> None:
    """The worker keeps pages a moment after they were shown."""
    wanted = " ".join(sorted(pages))
    assert screen.evaluate(KEPT, wanted) == wanted


@pytest.mark.browser
@pytest.mark.slow
def test_without_a_network_what_was_opened_is_read_and_nobody_else_finds_it(served: Served, screen: Page):
    address, scopes = served
    corner = a_corner()
    order = an_order(corner.bread, home=corner.home, at=AT).paid().accepted().ready()
    scopes |= {"mine": corner.scope, "hers": a_home("7-2-1204", community=corner.community).with_owner().scope}
    known, mine = "/o/worker/known", owner("orders", order.id)

    wears(screen, address, "mine")
    screen.goto(address + owner())
    is_kept(screen, known, owner())
    screen.goto(address + mine)
    code = screen.locator(".code-digits").inner_text()
    is_kept(screen, known, owner(), mine)

    screen.context.set_offline(True)
    expect(screen.locator("offline-shell")).to_contain_text("Without a network")
    screen.goto(address + mine)
    assert screen.locator(".code-digits").inner_text() == code
    expect(screen.locator("offline-shell")).to_contain_text("This is how it was at")
    screen.goto(address + owner())
    expect(screen.locator("h1")).to_contain_text("7-2-1203")
    screen.goto(address + owner("bills"))
    expect(screen.locator("h2").first).to_have_text("No network just now")
    expect(screen.locator("kept-pages .list-row", has_text=code)).to_have_count(1)

    screen.context.set_offline(False)
    wears(screen, address, "hers")
    screen.goto(address + owner())
    is_kept(screen, known, owner())
    screen.context.set_offline(True)
    screen.goto(address + mine)
    expect(screen.locator("h2").first).to_have_text("No network just now")
    assert code not in screen.content()


@pytest.mark.browser
@pytest.mark.slow
def test_signing_out_leaves_nothing_on_the_phone(served: Served, screen: Page):
    address, scopes = served
    scopes["mine"] = a_corner().scope
    wears(screen, address, "mine")
    screen.goto(address + owner())
    is_kept(screen, "/o/worker/known", owner())
    screen.goto(address + owner("me"))
    screen.context.clear_cookies()  # the hat of this test; the house's own cookies are ended by the answer
    screen.locator("form[action='/sign-out/'] button").click()
    screen.wait_for_url(address + "/")
    assert screen.evaluate("caches.keys()") == []
    assert screen.evaluate("async () => (await navigator.serviceWorker.getRegistrations()).length") == 0
