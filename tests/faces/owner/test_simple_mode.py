"""The simple mode: three tasks by what is due and a call, remembered for a person, and no task leads out of it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from builders import AT
from builders.corner import owner
from builders.workorders import Crew, a_crew
from harness.budget import budget
from harness.served import Served, wears
from linli.estate.workorders import actions
from linli.faces.owner import desk_numbers, shortcuts, simple_mode
from linli.faces.owner.doorstep import Doorstep
from linli.ground.policies import actions as policies
from linli.ground.policies.rules import Level
from linli.kernel import ids
from linli.kernel.ids import CheckoutId, OrderId
from linli.kernel.money import Money
from linli.spine.scope import SYSTEM
from linli.trade.orders.queries import OrderToDo
from linli.trade.orders.rules import Fulfilment, OrderState

NUMBER = "0512-5550 0101"


def an_order_to_do(state: OrderState, *, code: str | None = None) -> OrderToDo:
    return OrderToDo(
        OrderId(ids.new()),
        CheckoutId(ids.new()),
        "1",
        {"zh": "青禾", "en": "Greens"},
        state,
        Fulfilment.PICK_UP,
        Money(37_50),
        Money(37_50),
        None,
        None,
        code,
    )


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("waits", "to_do", "expected"),
    [
        (Doorstep(), (), [("账单", False), ("我的订单", False), ("东西坏了，要报修", False)]),
        (Doorstep(due=Money(374_45)), (), [("支付 ¥374.45", True), ("我的订单", False), ("东西坏了，要报修", False)]),
        (Doorstep(parcels=2), (), [("2 个快递等您取", True), ("账单", False), ("东西坏了，要报修", False)]),
        (
            Doorstep(due=Money(374_45)),
            (an_order_to_do(OrderState.PLACED), an_order_to_do(OrderState.READY, code="070248")),
            [("支付 ¥37.50", True), ("青禾", True), ("东西坏了，要报修", False)],
        ),
    ],
)
def test_what_is_due_comes_first(waits: Doorstep, to_do: tuple[OrderToDo, ...], expected: list[tuple[str, bool]]):
    assert [(task.title, task.is_due) for task in simple_mode.tasks(waits, to_do)] == expected


@pytest.mark.parametrize(
    ("written", "dialled"),
    [
        (NUMBER, (NUMBER, "tel:051255500101")),
        (" +86 512 5550 ", ("+86 512 5550", "tel:+865125550")),
        ("", None),
        ("ask", None),
        ("12", None),
    ],
)
def test_a_number_is_dialled_by_its_digits(written: str, dialled: tuple[str, str] | None):
    assert desk_numbers.dialled(written) == dialled


@pytest.mark.parametrize(
    ("used", "closed", "expected"),
    [
        ("", (), ["orders", "work-orders", "visitors", "bills"]),
        ("cars.9_votes.2", (), ["cars", "votes", "orders", "work-orders"]),
        ("cars.9_visitors.3", ("parking", "workorders"), ["visitors", "orders", "bills", "parcels"]),
        ("<script>.9_cars.x_bills.1", (), ["bills", "orders", "work-orders", "visitors"]),
    ],
)
def test_shortcuts_follow_what_the_browser_counted(used: str, closed: tuple[str, ...], expected: list[str]):
    assert [each.word for each in shortcuts.chosen(used, closed)] == expected


@pytest.fixture
def crew(db: None) -> Crew:
    return a_crew()


def enter(reader) -> None:
    assert reader.post(owner("simple-mode"), {"on": "1"}).status_code == 303


@pytest.mark.django_db
def test_the_mode_is_entered_and_left_and_is_nobody_elses(crew: Crew, visitor):
    neighbour = crew.desk.a_home("3-2-502")
    reader = visitor(crew.resident)
    assert "big-task" not in reader.get(owner()).content.decode()
    enter(reader)
    shown = reader.get(owner()).content.decode()
    assert shown.count('class="big-task"') == 3
    assert 'class="large-text"' in shown
    other = visitor(neighbour.scope)
    other.cookies = reader.cookies
    assert "big-task" not in other.get(owner()).content.decode()
    assert reader.post(owner("simple-mode")).status_code == 303
    assert "big-task" not in reader.get(owner()).content.decode()


@pytest.mark.django_db
def test_the_desks_number_dials_itself_once_the_company_has_said_it(crew: Crew, visitor):
    reader = visitor(crew.resident)
    enter(reader)
    assert "tel:" not in reader.get(owner()).content.decode()
    policies.set_policy(
        SYSTEM,
        word="workorders",
        level=Level.COMMUNITY,
        place=crew.desk.community.id,
        values={"desk_phone": NUMBER},
        start_at=AT,
        at=AT,
    )
    for where in (owner(), owner("call")):
        assert 'href="tel:051255500101"' in reader.get(where).content.decode()


@pytest.mark.django_db
def test_the_first_page_asks_for_less_in_the_simple_mode(crew: Crew, visitor):
    reader = visitor(crew.resident)
    enter(reader)
    reader.get(owner())
    with budget(13):
        assert reader.get(owner()).status_code == 200


def is_simple(screen: Page) -> None:
    expect(screen.get_by_role("navigation", name="Main places").get_by_role("link")).to_have_text(
        ["Home", "Call", "Me"]
    )
    assert screen.evaluate("document.documentElement.scrollWidth") == 390


@pytest.mark.browser
@pytest.mark.slow
def test_every_task_is_finished_without_leaving_the_mode(served: Served, screen: Page):
    crew = a_crew()
    worker = crew.a_worker()
    order = crew.working(worker)
    actions.quote_work(worker, order=order, labour=Money(88_00), what="换阀芯", at=AT)
    served.scopes["mine"] = crew.resident
    wears(screen, served.address, "mine")
    screen.on("dialog", lambda asked: asked.accept())

    screen.goto(served.address + owner())
    screen.get_by_role("button", name="Large and simple").click()
    expect(screen.locator(".big-task")).to_have_count(3)
    is_simple(screen)
    due = screen.locator(".big-task-due")
    expect(due).to_have_count(1)
    due.get_by_role("link").click()
    screen.get_by_role("button", name="Agree to").click()
    expect(screen.locator("main")).to_contain_text("Agreed")
    is_simple(screen)

    screen.get_by_role("link", name="Home", exact=True).click()
    screen.get_by_role("link", name="Something is broken").click()
    is_simple(screen)
    screen.locator("main").get_by_role("link").first.click()
    screen.get_by_label("What is the matter?").fill("The tap drips day and night")
    screen.get_by_role("button", name="Send", exact=True).click()
    expect(screen.locator("main")).to_contain_text("The tap drips day and night")
    is_simple(screen)

    for name in ("Bills", "My orders"):
        screen.get_by_role("link", name="Home", exact=True).click()
        screen.locator(".big-task").get_by_role("link", name=name).click()
        expect(screen.locator("h1")).to_have_text(name)
        is_simple(screen)
    screen.get_by_role("navigation", name="Main places").get_by_role("link", name="Me", exact=True).click()
    screen.get_by_role("button", name="Show everything").click()
    expect(screen.locator(".shortcuts a")).to_have_count(4)
