"""What meters counted becomes lines that say from which display to which; what is doubtful is stopped."""

from datetime import date
from decimal import Decimal
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import a_person
from builders.billing import a_desk
from builders.clock import AT
from builders.metering import a_meter, at
from linli.estate.billing import actions, queries, rules
from linli.estate.billing.actions.charging import HomeFact
from linli.estate.billing.models import Assignment, DraftLine, Line
from linli.estate.metering import actions as metering
from linli.estate.metering.actions import Billed
from linli.estate.metering.models import Reading
from linli.estate.metering.rules import Kind
from linli.ground.people import actions as people
from linli.kernel.period import Period
from linli.kernel.refusals import Invalid
from linli.spine.scope import SYSTEM

FEB, MARCH = date(2026, 2, 25), date(2026, 3, 25)
THE_MONTH = date(2026, 3, 1)
AFTER = at(date(2026, 4, 2))
UNTIL_THE_25TH = rules.ReadRule(until_day=25, months_before=1)


@pytest.fixture
def desk(db):
    return a_desk()


def water(desk, *, preset="usage", since=date(2020, 1, 1), kind=Kind.COLD_WATER, community=None, **given):
    parameters = {"price": "0", "surcharge": "0"} | given.pop("parameters", {})
    if preset == "usage_own_price":
        parameters.pop("price")
    draft = rules.TariffDraft(preset=preset, parameters=parameters, terms=rules.Terms(meter=kind.value, **given))
    item = desk.an_item()
    actions.set_tariff(desk.scope, item=item, draft=draft, start_on=since, at=AT)
    return item


def drafted(desk, home):
    actions.draft_month(desk.scope, community=desk.community.id, first_on=THE_MONTH, at=AFTER)
    return list(DraftLine.objects.inside().filter(subject=home.id).order_by("start_on", "id"))


def test_usage_times_price_plus_surcharge_says_from_where_to_where(desk):
    home = desk.a_home()
    meter = a_meter(desk, home, factor=Decimal(2))
    desk.charged(water(desk, parameters={"price": "3.45", "surcharge": "1.5"}), home)
    meter.reads(1203, FEB)
    meter.reads(1251, MARCH)
    (line,) = drafted(desk, home)
    assert (line.amount_minor, line.stop) == (33270, "")
    (reading,) = line.reason["readings"]
    assert (reading["start"], reading["end"], reading["factor"], reading["end_on"]) == (
        "1203",
        "1251",
        "2",
        "2026-03-25",
    )
    assert line.reason["figures"] == "96 * 3.45 + 1.5"


def test_a_reading_brings_its_own_price(desk):
    from linli.estate.metering import actions as metering

    home = desk.a_home()
    meter = a_meter(desk, home)
    desk.charged(water(desk, preset="usage_own_price"), home)
    row = metering.ReadingRow(meter.id, (Decimal(10),), MARCH, Decimal("2.75"))
    metering.take_readings(desk.scope, community=desk.community.id, rows=[row], at=at(MARCH))
    (line,) = drafted(desk, home)
    assert line.amount_minor == 2750


def test_steps_of_a_year_go_on_where_the_year_had_come_to_and_extra_persons_widen_them(desk):
    home = desk.a_home()
    meter = a_meter(desk, home, start_on=date(2025, 12, 31))
    tiers = rules.Tiers(
        tiers=(rules.Tier(Decimal(100), Decimal(1)), rules.Tier(None, Decimal(2))),
        pool=rules.Pool.YEAR,
        persons=4,
        per_extra_person=Decimal(10),
    )
    item = desk.an_item()
    draft = rules.TariffDraft(formula="0", basis=rules.Basis.USAGE, terms=rules.Terms(meter="cold_water", tiers=tiers))
    actions.set_tariff(desk.scope, item=item, draft=draft, start_on=date(2020, 1, 1), at=AT)
    desk.charged(item, home)
    meter.reads(90, FEB)
    meter.reads(130, MARCH)
    (stopped,) = drafted(desk, home)
    assert (stopped.stop, stopped.about) == ("missing", "home.persons")
    facts = HomeFact(home=home.id, persons=5)
    actions.set_home_facts(desk.scope, community=desk.community.id, facts=[facts], at=AT)
    (line,) = drafted(desk, home)
    assert line.amount_minor == 20 * 100 + 20 * 200
    assert [(step["quantity"], step["price"]) for step in line.reason["steps"]] == [("20", "1"), ("20", "2")]


def test_peak_and_valley_have_prices_of_their_own_and_a_register_without_one_stops_the_line(desk):
    home = desk.a_home()
    meter = a_meter(desk, home, kind=Kind.ELECTRICITY, registers=("peak", "valley"), first="0/0")
    item = desk.an_item()
    for since, bands in ((date(2020, 1, 1), ("peak",)), (date(2026, 2, 1), ("peak", "valley"))):
        prices = dict(zip(bands, (Decimal("0.6"), Decimal("0.3")), strict=False))
        terms = rules.Terms(meter="electricity", bands=prices)
        draft = rules.TariffDraft(formula="0", basis=rules.Basis.USAGE, terms=terms)
        actions.set_tariff(desk.scope, item=item, draft=draft, start_on=since, at=AT)
    desk.charged(item, home)
    meter.reads("100/50", MARCH)
    (line,) = drafted(desk, home)
    assert line.amount_minor == 6000 + 1500
    used = rules.Used(quantity=Fraction(1), bands={"flat": Fraction(1)})
    tariff = rules.ready(rules.TariffDraft(formula="0", basis=rules.Basis.USAGE, terms=rules.Terms(bands=prices)))
    stopped = rules.charge(tariff, {}, rules.Days(THE_MONTH, date(2026, 4, 1)), Period(THE_MONTH), used)
    assert stopped == rules.Stopped(rules.Stop.BAND, "flat")


def test_little_usage_costs_the_smallest_charge(desk):
    from linli.kernel.money import Money

    home = desk.a_home()
    meter = a_meter(desk, home)
    desk.charged(water(desk, parameters={"price": "1"}, smallest=Money.parse("6.00")), home)
    meter.reads(2, MARCH)
    (line,) = drafted(desk, home)
    assert (line.amount_minor, line.reason["is_smallest"]) == (600, True)


def test_no_reading_and_a_doubtful_one_stop_the_line_and_are_never_billed_as_nothing(desk):
    unread, doubtful, none = (desk.a_home() for _ in range(3))
    a_meter(desk, unread)
    meter = a_meter(desk, doubtful)
    meter.reads(500, FEB)
    meter.reads(400, MARCH)
    desk.charged(water(desk, parameters={"price": "1"}), unread, doubtful, none)
    found = {home: drafted(desk, home)[0] for home in (unread, doubtful, none)}
    assert [(found[home].stop, found[home].amount_minor) for home in (unread, doubtful, none)] == [
        ("no_reading", 0),
        ("waiting", 0),
        ("no_reading", 0),
    ]
    assert found[doubtful].about == meter.label


def test_seller_and_buyer_bear_the_part_of_their_days_and_together_the_whole(desk):
    home = desk.a_home()
    meter = a_meter(desk, home)
    desk.charged(water(desk, parameters={"price": "1", "surcharge": "0.01"}), home)
    meter.reads(100, MARCH)
    people.move_out(SYSTEM, party=home.owner, home=home.id, kind="owner", end_on=date(2026, 3, 11), at=AT)
    home.with_owner(since=date(2026, 3, 11))
    one, two = drafted(desk, home)
    assert (one.amount_minor, two.amount_minor) == (3226, 6775)
    assert [line.reason["months"][0]["share"] for line in (one, two)] == ["10/31", "21/31"]


def issued(desk, month, on):
    """The month goes out on a day; what cannot be worked out stays behind."""
    given = {"community": desk.community.id, "first_on": month, "at": at(on)}
    actions.draft_month(desk.scope, **given)
    actions.issue_month(desk.scope, **given, without_stopped=True)


def billed(home):
    lines = Line.objects.inside().filter(subject=home.id, kind="charge").order_by("id")
    return [(line.start_on, line.end_on, line.amount_minor, line.due_on) for line in lines]


def test_only_what_a_bill_used_is_locked_and_what_is_read_later_goes_into_the_next_bill(desk):
    home, unread = desk.a_home(), desk.a_home()
    meter, other = a_meter(desk, home), a_meter(desk, unread)
    desk.charged(water(desk, parameters={"price": "1"}), home, unread)
    meter.reads(100, date(2026, 3, 10))
    issued(desk, THE_MONTH, date(2026, 3, 12))
    reading = Reading.objects.inside().get(meter=meter.id, read_on=date(2026, 3, 10))
    with pytest.raises(Billed):
        metering.correct_reading(desk.scope, reading=reading.pk, shown=[Decimal(90)], why="misread", at=AFTER)
    with pytest.raises(Invalid) as refused:
        meter.reads(95, date(2026, 3, 5))
    assert refused.value.field == "read_on"
    meter.reads(120, MARCH)
    other.reads(7, MARCH)
    meter.reads(150, date(2026, 4, 25))
    other.reads(9, date(2026, 4, 25))
    issued(desk, date(2026, 4, 1), date(2026, 4, 28))
    assert [amount for _start, _end, amount, _due in billed(home)] == [10000, 5000]
    assert [amount for _start, _end, amount, _due in billed(unread)] == [900]


def test_a_fee_that_is_billed_on_the_first_takes_what_was_read_until_the_25th_of_the_month_before(desk):
    home = desk.a_home()
    meter = a_meter(desk, home, start_on=date(2026, 1, 25))
    desk.charged(water(desk, parameters={"price": "1"}, read=UNTIL_THE_25TH), home)
    meter.reads(40, date(2026, 2, 24))
    meter.reads(55, date(2026, 3, 1))
    issued(desk, THE_MONTH, date(2026, 3, 1))
    meter.reads(90, MARCH)
    issued(desk, date(2026, 4, 1), date(2026, 4, 1))
    assert billed(home) == [
        (date(2026, 1, 26), date(2026, 2, 26), 4000, date(2026, 3, 28)),
        (date(2026, 2, 26), date(2026, 3, 26), 5000, date(2026, 4, 28)),
    ]


def test_who_sold_in_the_month_before_owes_the_part_of_those_days(desk):
    home = desk.a_home()
    meter = a_meter(desk, home)
    desk.charged(water(desk, parameters={"price": "1"}, read=rules.ReadRule(months_before=1)), home)
    people.move_out(SYSTEM, party=home.owner, home=home.id, kind="owner", end_on=date(2026, 2, 15), at=AT)
    home.with_owner(since=date(2026, 2, 15))
    meter.reads(100, FEB)
    one, two = drafted(desk, home)
    assert (one.obligor, one.start_on, one.end_on) == (home.owner, date(2026, 2, 1), date(2026, 2, 15))
    assert (one.amount_minor, two.amount_minor) == (5000, 5000)


def test_what_was_charged_until_the_end_of_last_month_is_billed_once_more_after_it_ended(desk):
    home = desk.a_home()
    meter = a_meter(desk, home)
    item = water(desk, parameters={"price": "1"}, read=rules.ReadRule(months_before=1))
    desk.charged(item, home)
    actions.end_assignment(desk.scope, item=item, subject=home.id, end_on=THE_MONTH, at=AT)
    meter.reads(30, FEB)
    meter.reads(80, MARCH)
    assert [line.amount_minor for line in drafted(desk, home)] == [3000]
    issued(desk, THE_MONTH, date(2026, 3, 2))
    issued(desk, date(2026, 4, 1), date(2026, 4, 2))
    assert [amount for _start, _end, amount, _due in billed(home)] == [3000]


def test_a_year_of_steps_goes_on_where_the_bills_had_come_to_whatever_was_read_between(desk):
    home = desk.a_home()
    meter = a_meter(desk, home, start_on=date(2025, 12, 31))
    tiers = rules.Tiers(
        tiers=(rules.Tier(Decimal(100), Decimal(1)), rules.Tier(None, Decimal(2))), pool=rules.Pool.YEAR
    )
    desk.charged(water(desk, parameters={"price": "0"}, tiers=tiers), home)
    meter.reads(60, date(2026, 2, 20))
    issued(desk, date(2026, 2, 1), date(2026, 2, 21))
    meter.reads(90, date(2026, 2, 27))  # after the bill: it counts for the next one
    meter.reads(130, MARCH)
    issued(desk, THE_MONTH, date(2026, 3, 28))
    assert [amount for _start, _end, amount, _due in billed(home)] == [6000, 4000 + 6000]


def test_readings_of_another_month_belong_to_what_is_metered_alone(desk):
    draft = rules.TariffDraft(preset="fixed", parameters={"amount": "5"}, terms=rules.Terms(read=UNTIL_THE_25TH))
    with pytest.raises(Invalid) as refused:
        actions.set_tariff(desk.scope, item=desk.an_item(), draft=draft, start_on=AT.date(), at=AT)
    assert refused.value.field == "read_day"


def test_an_item_by_readings_of_the_month_before_does_not_become_a_monthly_fee(desk):
    item = water(desk, parameters={"price": "1"}, read=UNTIL_THE_25TH)
    draft = rules.TariffDraft(preset="fixed", parameters={"amount": "5"})
    with pytest.raises(actions.OtherBasis) as refused:
        actions.set_tariff(desk.scope, item=item, draft=draft, start_on=date(2026, 5, 1), at=AT)
    assert refused.value.field == "preset"


def test_a_meter_is_charged_itself_to_whoever_owes_it(desk):
    antenna, tenant = a_meter(desk), a_person()
    item = water(desk, parameters={"price": "0.8"})
    Assignment.objects.create(
        item_id=item,
        community=desk.community.id,
        subject=antenna.id,
        subject_kind="meter",
        obligor=tenant,
        start_on=date(2020, 1, 1),
    )
    antenna.reads(50, MARCH)
    (line,) = drafted(desk, antenna)
    assert (line.amount_minor, line.obligor) == (4000, tenant)


def test_areas_of_what_a_home_stands_in_are_known_to_formulas(desk):
    homes = [
        desk.a_home(door, area_m2=area) for door, area in (("1-1-101", "60"), ("1-1-102", "40"), ("2-1-101", "100"))
    ]
    item = desk.an_item()
    text = "home.area / unit.area * 100 + building.area + community.area + homes.count"
    actions.set_tariff(desk.scope, item=item, draft=rules.TariffDraft(formula=text), start_on=date(2020, 1, 1), at=AT)
    desk.charged(item, *homes)
    assert [drafted(desk, home)[0].amount_minor for home in homes] == [
        100 * (60 + 100 + 200 + 3),
        100 * (40 + 100 + 200 + 3),
        100 * (100 + 100 + 200 + 3),
    ]


@given(st.integers(0, 10**6), st.lists(st.integers(1, 30), min_size=0, max_size=4, unique=True))
def test_no_cut_of_the_month_changes_what_usage_costs(quantity, cuts):
    days = rules.Days(date(2026, 3, 1), date(2026, 4, 1))
    tariff = rules.ready(rules.TariffDraft(preset="usage", parameters={"price": "1.37", "surcharge": "0.5"}))
    held = Period(date(2020, 1, 1))
    priced = [rules.Holding(held, rules.Priced(AT, tariff, rules.DueRule()))]
    edges = [days.start, *(date(2026, 3, 1 + cut) for cut in sorted(cuts)), days.end]
    owing = [rules.Holding(Period(a, b), nth) for nth, (a, b) in enumerate(pairwise(edges))]
    used = rules.Used(quantity=Fraction(quantity, 7))
    lines = list(rules.draft(days, held, priced, owing, {}, used))
    (whole,) = rules.draft(days, held, priced, [rules.Holding(held, 0)], {}, used)
    assert sum(line.found.amount.minor for line in lines) == whole.found.amount.minor
    assert len(lines) == len(edges) - 1


def progress_of(desk, first_on):
    guide = queries.month_guide(desk.scope, community=desk.community.id, first_on=first_on, at=AFTER)
    told = [(one.kind, one.meters, one.read, one.unread, one.since, one.until) for one in guide.readings]
    return told, guide.facts.unread


def test_the_guide_counts_the_readings_that_the_bill_of_the_month_takes(desk):
    home, other = desk.a_home(), desk.a_home()
    mine, theirs = a_meter(desk, home), a_meter(desk, other)
    desk.charged(water(desk, parameters={"price": "1"}, read=UNTIL_THE_25TH), home, other)
    a_meter(desk, home, kind=Kind.GAS)
    mine.reads(40, date(2026, 2, 24))
    theirs.reads(40, date(2026, 3, 2))
    days = (date(2026, 1, 26), date(2026, 2, 26))
    told, unread = progress_of(desk, THE_MONTH)
    assert told[0] == (Kind.COLD_WATER, 2, 1, 1, *days)
    assert (told[1][:4], told[1][4]) == ((Kind.GAS, 1, 0, 1), THE_MONTH)
    assert unread == 2
    april, _unread = progress_of(desk, date(2026, 4, 1))
    assert april[0] == (Kind.COLD_WATER, 2, 1, 1, date(2026, 2, 26), date(2026, 3, 26))


def test_where_two_items_read_a_kind_on_other_days_the_guide_counts_both(desk):
    home = desk.a_home()
    a_meter(desk, home).reads(40, date(2026, 2, 24))
    desk.charged(water(desk, parameters={"price": "1"}, read=UNTIL_THE_25TH), home)
    desk.charged(water(desk, parameters={"price": "1"}, read=rules.ReadRule(until_day=10, months_before=1)), home)
    told, unread = progress_of(desk, THE_MONTH)
    assert [(read, since) for _kind, _meters, read, _unread, since, _until in told] == [
        (0, date(2026, 1, 11)),
        (1, date(2026, 1, 26)),
    ]
    assert unread == 1
