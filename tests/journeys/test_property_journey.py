"""A company's first month, in browsers at the desk and on phones, with everything real around: from one sheet of homes
to books that agree."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import FilePayload, Page, ViewportSize, expect

from builders import AT, a_city, a_community, a_company, a_person
from builders.pictures import a_picture
from builders.sheets import a_workbook
from harness.axe import Trail
from harness.browser import DESK, PHONE
from harness.databases import OwnDatabase
from harness.persons import Person, persons
from harness.running_house import PSP, House
from harness.soundness import all_is_well
from harness.tongues import CHINESE, ENGLISH, Tongue
from linli.estate.billing import queries as billing
from linli.ground.people import actions as people
from linli.ground.people.rules import Level
from linli.kernel.ids import CommunityId, PartyId
from linli.kernel.money import Money
from linli.money.ledger import queries as ledger
from linli.money.ledger.rules import property_book
from linli.money.payments.gateways.registry import serving
from linli.spine.scope import SYSTEM, Role, Scope

pytestmark = [
    pytest.mark.browser,
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="looks into /proc"),
]
IN_A_DEMO = {"LINLI_DEMO": "1", "LINLI_MESSAGE_GATEWAY": "linli.reach.notify.gateways.EmbeddedInbox"}
"""Codes are read in its letter box, and cookies need no https."""
MANAGER, TECHNICIAN, OWNER = "13800000001", "13800000002", "13800000003"
COMPANY = "安居物业"
HEADING = ["building", "unit", "home", "area_m2", "name", "phone", "start_on", "items", "opening", "read_on",
           "cold_water_meter", "cold_water"]  # fmt: skip
ITEMS = "property_fee water"
TODAY = datetime.now(ZoneInfo("Asia/Shanghai")).date()
BEFORE = str(TODAY.replace(day=1) - timedelta(days=1))
"""The books before ours read the meters at the end of their last month."""
HOMES = (
    ["1", "1", "101", "89.37", "陈晓岚", OWNER, "2021-05-01", ITEMS, "128.50", BEFORE, "W-101", "120"],
    ["1", "1", "102", "120.50", "周志强", "13800000004", "2021-05-01", ITEMS, "", BEFORE, "W-102", "88"],
    ["2", "1", "101", "64.00", "吴桂英", "13800000005", "2022-09-01", ITEMS, "", BEFORE, "W-201", "310.5"],
)
DOUBTFUL = "This looks doubtful: {went} went through since the last reading. Look again; if it is so, keep it."
NAMES = {"Water": "水费", "Property fee": "物业服务费", "Tap or toilet": "龙头、马桶"}
"""What has a name in both languages."""
READ = {"W-101": "132", "W-102": "99", "W-201": "318.5"}


@dataclass(frozen=True)
class Ground:
    """An empty community, and the company that begins there."""

    community: CommunityId
    company: PartyId

    @property
    def manager(self) -> Scope:
        return Scope(role=Role.PROPERTY, communities=(self.community,), company=self.company)


@pytest.fixture
def ground(own_database: OwnDatabase) -> Ground:
    community, company = a_community("柳岸花园", city=a_city("江城")), a_company(COMPANY)
    manager = a_person("何经理", phone=MANAGER)
    people.entrust_community(SYSTEM, community=community.id, company=company, start_on=date(2026, 1, 1), at=AT)
    people.grant_role(SYSTEM, party=manager, role=Role.PROPERTY, level=Level.COMPANY, place=company, at=AT)
    return Ground(community.id, company)


@pytest.fixture
def house(own_database: OwnDatabase, ground: Ground, tmp_path: Path) -> Iterator[House]:
    running = House(own_database, tmp_path, IN_A_DEMO)
    try:
        with serving(PSP, running.provider.gateway()):
            yield running
    finally:
        running.stop()


@pytest.fixture
def somebody(house: House, says: Tongue) -> Iterator[Callable[..., Person]]:
    with persons(house.url, says) as make:
        yield make


@pytest.mark.parametrize(("says", "screen"), [(ENGLISH, DESK), (CHINESE, PHONE)], ids=["en-desk", "zh-phone"])
def test_a_company_comes_by_one_sheet_and_its_books_agree_in_the_end(
    ground: Ground, house: House, somebody: Callable[..., Person], screen: ViewportSize
) -> None:
    """The owner walks in both languages and at both sizes; a desk is a desk, and a technician has a phone."""
    manager = somebody("the manager", MANAGER, DESK)
    technician = somebody("the technician", TECHNICIAN, PHONE)
    owner = somebody("the owner", OWNER, screen)
    trails = {each.name: Trail(each.page) for each in (manager, technician, owner)}

    manager.signs_in(answer=COMPANY, hat=COMPANY)
    say_what_is_charged(manager)
    bring_the_homes(manager)
    set_the_prices(manager)
    employ_a_technician(manager)

    technician.signs_in(answer=COMPANY, hat=COMPANY)
    read_the_meters(technician)
    issue_the_month(manager)

    owner.signs_in(answer="1-1-101")
    pay_what_is_owed(owner)
    ask_why(owner)

    raise_a_repair(owner)
    come_and_tell_the_price(technician)
    agree_to_the_price(owner)
    do_the_work(technician)
    pay_the_repair(owner)

    the_books_agree(manager, ground)
    all_is_well(datetime.now(UTC))
    for person, trail in trails.items():
        assert trail.faults(house.url) == [], person


def say_what_is_charged(manager: Person) -> None:
    """The two things that every home pays for, named before the sheet speaks of them."""
    page, says = manager.page, manager.says
    for zh, en, word in (("物业服务费", "Property fee", "property_fee"), ("水费", "Water", "water")):
        manager.goes_to("Fee items", within="Charging")
        page.get_by_label(says("Name in Chinese")).fill(zh)
        page.get_by_label(says("Name in English")).fill(en)
        page.get_by_label(says("Word for the books")).fill(word)
        page.get_by_label(says("May be paid on the phone")).check()
        manager.presses("Add")
        expect(page.get_by_role("heading", level=1)).to_have_text(says.named(zh=zh, en=en))


def bring_the_homes(manager: Person) -> None:
    """One sheet, wrong in two cells: they are named, nothing is taken; corrected, all of it is."""
    page, says = manager.page, manager.says
    wrong = ["1", "1", "102", "12O.50", *HOMES[1][4:]], [*HOMES[2][:7], "property_fee watr", *HOMES[2][8:]]
    manager.goes_to("Homes from one sheet", within="People")
    page.get_by_label(says("Spreadsheet"), exact=True).set_input_files(sheet(HOMES[0], *wrong))
    wrong_cells = says.count("{n} cell has to be corrected.", "{n} cells have to be corrected.", 2)
    manager.has_it_done("Look at it", wrong_cells)
    found = page.get_by_role("table", name=says("What is wrong")).get_by_role("row")
    expect(found.nth(1)).to_contain_text("area_m2")
    expect(found.nth(1)).to_contain_text("12O.50")
    expect(found.nth(2)).to_contain_text("watr")
    expect(page.get_by_role("button", name=says("Import"))).to_have_count(0)

    page.get_by_label(says("Spreadsheet"), exact=True).set_input_files(sheet(*HOMES))
    manager.has_it_done("Look at it")
    expect(page.locator("main")).to_contain_text(says("Every cell is right. You can import it."))
    expect(page.get_by_role("table", name=says("What changes")).get_by_role("row")).to_have_count(1 + len(HOMES))
    manager.has_it_done("Import {n} rows", says.like("{n} thing was taken over.", "{n} things were taken over."))


def sheet(*rows: list[str]) -> FilePayload:
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    return {"name": "homes.xlsx", "mimeType": kind, "buffer": a_workbook(*rows, heading=HEADING)}


def set_the_prices(manager: Person) -> None:
    """Both are tried on every home first; what is shown is what will be billed."""
    page, says, first_day = manager.page, manager.says, TODAY.replace(day=1).isoformat()
    for item, way, price, tried in (
        ("Property fee", "Built-up area", "2.85", "¥780.53"),
        ("Water", "Usage × price + surcharge", "3.50", "¥105.00"),
    ):
        manager.goes_to("Fee items", within="Charging")
        page.get_by_role("link", name=name_of(manager, item)).click()
        page.get_by_role("link", name=says("New tariff")).click()
        page.get_by_role("navigation", name=says("Way of charging")).get_by_role("link", name=says(way)).first.click()
        page.get_by_label(says("price").capitalize(), exact=True).first.fill(price)
        if item == "Water":
            page.get_by_label(says("Meters of the homes")).select_option(label=says.word("cold water"))
        page.get_by_label(says("Holds from")).fill(first_day)
        manager.presses("Try it on every home")
        expect(page.locator("#tried")).to_contain_text(says.like("Tried on {n} homes for {month}"))
        expect(page.locator("#tried")).to_contain_text(tried)
        manager.presses("Set it from that day on")
        expect(page.locator("main")).to_contain_text(says("holds today"))


def employ_a_technician(manager: Person) -> None:
    """He gets a desk of his own by his telephone number, and work by his skill."""
    page, says = manager.page, manager.says
    manager.goes_to("Team", within="People")
    page.get_by_label(says("Full name"), exact=True).fill("陶师傅")
    page.get_by_label(says("Phone"), exact=True).fill(TECHNICIAN)
    page.get_by_label(says.word("technician").capitalize()).check()
    manager.presses("Add")
    expect(page.get_by_role("table", name=says("Team"))).to_contain_text(says.word("technician").capitalize())
    manager.goes_to("Workers and rota", within="Work")
    technician = (
        page.get_by_label(says("Who"), exact=True)
        .locator("option", has_text=says.word("technician"))
        .get_attribute("value")
    )
    page.get_by_label(says("Who"), exact=True).select_option(technician)
    page.get_by_label(says.word("plumbing"), exact=True).check()
    manager.presses("Let them do work here")
    expect(page.locator("main")).to_contain_text(says.count("{n} open job", "{n} open jobs", 0))


def read_the_meters(technician: Person) -> None:
    """On foot, one after the other; a display that runs backwards is noticed at the door."""
    page, says = technician.page, technician.says
    technician.goes_to("Read on foot", within="Meters")
    for nth, (label, shown) in enumerate(READ.items()):
        expect(page.locator("main")).to_contain_text(label)
        if nth == 0:
            page.get_by_label(says("Shows now")).fill("12")
            technician.presses("Keep and go on")
            expect(page.locator(".field-error")).to_contain_text("99892")
            expect(page.locator(".field-error")).to_have_text(says.like(DOUBTFUL))
        page.get_by_label(says("Shows now")).fill(shown)
        page.locator("input[name=photo]").set_input_files(a_photo())
        technician.presses("Keep and go on")
    expect(page.locator("main")).to_contain_text(says("All meters are read"))
    assert technician.sees_no_more_than_fits()


def issue_the_month(manager: Person) -> None:
    """Worked out and looked at, and only then sent out."""
    page, says = manager.page, manager.says
    manager.goes_to("Months", within="Charging")
    manager.has_it_done("Draft it")
    expect(page.locator(".stats")).to_contain_text("¥889.03")
    items = page.get_by_role("table", name=says("By item")).get_by_role("row")
    expect(items.nth(1)).to_contain_text("¥780.53")
    expect(items.nth(2)).to_contain_text("¥108.50")
    manager.has_it_done("Issue {month}", says.count("{n} bill went out.", "{n} bills went out.", 3))


def pay_what_is_owed(owner: Person) -> None:
    """What was owed from before and the month, in one payment; the provider's word brings the receipt."""
    page, says = owner.page, owner.says
    owner.goes_to("Community")
    page.get_by_role("link", name=says("Bills")).click()
    expect(page.locator(".big-figure").first).to_have_text("¥425.20")
    owner.presses("Pay {amount}", amount="¥425.20")
    pay_at_the_provider(owner, "¥425.20")
    page.get_by_role("link", name=says("Show the receipt")).click()
    expect(page.locator("main")).to_contain_text(COMPANY)
    expect(page.locator("main")).to_contain_text("¥425.20")
    assert owner.sees_no_more_than_fits()


def pay_at_the_provider(owner: Person, amount: str) -> None:
    page = owner.page
    owner.presses("WeChat Pay")
    expect(page.locator(".amount")).to_contain_text(amount)
    page.locator("button.go").click()
    page.locator("a.back").click()
    expect(page.locator(".paid-mark")).to_be_visible()


def ask_why(owner: Person) -> None:
    """Each line says in words and figures how it was worked out."""
    page = owner.page
    page.get_by_role("link", name=name_of(owner, "Water")).click()
    lines = page.locator(".bill-line")
    lines.filter(has_text=name_of(owner, "Water")).locator("summary").click()
    why = lines.filter(has_text=name_of(owner, "Water")).locator(".bill-line-why")
    expect(why).to_contain_text("W-101")
    expect(why).to_contain_text("¥42.00")
    lines.filter(has_text=name_of(owner, "Property fee")).locator("summary").click()
    why = lines.filter(has_text=name_of(owner, "Property fee")).locator(".bill-line-why")
    expect(why).to_contain_text("89.37")
    expect(why).to_contain_text("¥254.70")


def raise_a_repair(owner: Person) -> None:
    """A word and a photo."""
    page, says = owner.page, owner.says
    owner.goes_to("Community")
    page.get_by_role("link", name=says("Repairs and requests")).click()
    page.get_by_role("link", name=says("Ask for something")).click()
    page.get_by_role("link", name=name_of(owner, "Tap or toilet")).click()
    page.locator("input[name=photos]").set_input_files(a_photo())
    page.get_by_label(says("What is the matter?")).fill("The kitchen tap drips day and night")
    owner.presses("Send", exact=True)
    expect(page.locator("main")).to_contain_text("The kitchen tap drips day and night")


def come_and_tell_the_price(technician: Person) -> None:
    page, says = technician.page, technician.says
    page.goto(technician.house + "/p/")
    technician.goes_to("My jobs", within="Work")
    page.get_by_role("link", name=name_of(technician, "Tap or toilet")).click()
    expect(page.locator(".work-photos img")).to_have_count(1)
    technician.presses("Accept")
    technician.presses("I am there")
    page.get_by_text(says("Materials"), exact=True).click()
    page.get_by_label(says("What"), exact=True).fill("Cartridge")
    page.get_by_label(says("Price of one")).fill("18.50")
    technician.presses("Add", exact=True)
    page.get_by_text(says("Tell a price"), exact=True).click()
    page.get_by_label(says("Labour")).fill("40")
    technician.presses("Send the price")
    expect(page.locator("main")).to_contain_text(says("The price of {amount} waits for an answer.", amount="¥58.50"))
    assert technician.sees_no_more_than_fits()


def agree_to_the_price(owner: Person) -> None:
    """The page that is still open has changed by itself."""
    owner.presses("Agree to {amount}", amount="¥58.50")
    expect(owner.page.locator("main")).to_contain_text(owner.says("Agreed; charged when it is done"))


def do_the_work(technician: Person) -> None:
    page, says = technician.page, technician.says
    technician.goes_to("My jobs", within="Work")
    page.get_by_role("link", name=name_of(technician, "Tap or toilet")).click()
    page.locator("input[name=photos]").set_input_files(a_photo())
    page.get_by_label(says("What was done")).fill("New cartridge; dry since")
    technician.presses("Done", exact=True)
    expect(page.locator("main")).to_contain_text(says("Nothing in your hands"))


def pay_the_repair(owner: Person) -> None:
    """It stands on the bill, and is paid like the month."""
    page = owner.page
    page.get_by_role("link", name=owner.says("To my bills")).click()
    owner.presses("Pay {amount}", amount="¥58.50")
    pay_at_the_provider(owner, "¥58.50")


def the_books_agree(manager: Person, ground: Ground) -> None:
    """What the report shows is what the ledger says, to the fen; every line agrees with the book, and it adds up."""
    page, says = manager.page, manager.says
    manager.goes_to("Reports", within="Charging")
    charged, paid, still_open = (figure(page, says(label)) for label in ("Charged", "Paid", "Open"))
    sums = says("Came in: {came}, went back: {back}, left: {left}", came="¥483.70", back="¥0.00", left="¥483.70")
    expect(page.locator("main")).to_contain_text(sums)
    assert (charged, paid, still_open) == (Money(1076_03), Money(483_70), Money(592_33))
    book = ledger.trial_balance(ground.manager, book=property_book(ground.company), at=datetime.now(UTC))
    assert charged == -(book.balance_of("fee_income") + book.balance_of("opening_balance"))
    assert paid == book.balance_of("due_from_platform")
    assert still_open == book.balance_of("fee_receivable")
    assert book.total == Money.zero
    assert billing.differences(ground.manager, community=ground.community, company=ground.company) == ()


def figure(page: Page, label: str) -> Money:
    """One of the large figures of a page."""
    said = page.locator(".stat", has_text=label).first.locator(".stat-figure").inner_text()
    return Money.parse(said.lstrip("¥").replace(",", ""))


def name_of(person: Person, thing: str) -> str:
    return person.says.named(zh=NAMES[thing], en=thing)


def a_photo() -> FilePayload:
    return {"name": "photo.jpg", "mimeType": "image/jpeg", "buffer": a_picture("JPEG", (900, 600))}
