"""What a tariff shows when it is tried is what it bills: one source of values, one way of working out."""

from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction

import pytest

from builders.billing import a_desk
from builders.clock import AT
from builders.metering import a_meter, at
from linli.estate.billing import actions, queries, rules
from linli.estate.billing.actions.charging import HomeFact
from linli.estate.billing.models import DraftLine
from linli.estate.metering import actions as metering

MARCH, APRIL = date(2026, 3, 1), date(2026, 4, 1)
READ_ON = date(2026, 3, 25)
AFTER = at(date(2026, 4, 2))
PRESETS = {
    "built_area": {"price": "2.85", "surcharge": "1.5"},
    "inner_area": {"price": "3.1", "surcharge": "0"},
    "fixed": {"amount": "444.195"},
    "once": {"amount": "12"},
    "rent": {"rent": "3500"},
    "parking": {"amount": "260"},
    "usage": {"price": "3.45", "surcharge": "2"},
    "usage_own_price": {"surcharge": "0.5"},
}
EXPRESSIONS = {
    "home.area": rules.Basis.MONTH,
    "home.inner_area * 2": rules.Basis.MONTH,
    "home.coefficient * 100": rules.Basis.MONTH,
    "if(home.floor > 6, 20, 10)": rules.Basis.MONTH,
    "1000 * home.area / unit.area": rules.Basis.MONTH,
    "1000 * home.area / building.area": rules.Basis.MONTH,
    "1000 * home.area / community.area": rules.Basis.MONTH,
    "1000 / homes.count": rules.Basis.MONTH,
    'attr("garden") * 0.7': rules.Basis.MONTH,
    "months * 30": rules.Basis.PERIOD,
    "days * 1.5": rules.Basis.PERIOD,
    "meter.usage * 2.2": rules.Basis.USAGE,
    "max(meter.usage - 10, 0) * home.area / 100": rules.Basis.USAGE,
}


@pytest.fixture
def desk(db):
    return a_desk()


@pytest.fixture
def homes(desk):
    """Four homes that differ in everything a formula may name; each with a meter that was read."""
    found = []
    for nth, (door, area) in enumerate(
        [("1-1-101", "89.37"), ("1-1-201", "120.5"), ("1-2-101", "64"), ("2-1-901", "143.33")]
    ):
        home = desk.a_home(door, area_m2=area)
        meter = a_meter(desk, home)
        row = metering.ReadingRow(meter.id, (Decimal(17 + 5 * nth),), READ_ON, Decimal("2.75"))
        metering.take_readings(desk.scope, community=desk.community.id, rows=[row], at=at(READ_ON))
        found.append(home)
    facts = [
        HomeFact(
            home=home.id,
            inner_area_m2=Decimal(60 + 7 * nth),
            coefficient=Decimal("0.9") + Decimal(nth) / 10,
            floor=1 + 3 * nth,
            persons=nth,
            attributes={"garden": Decimal("12.5") * nth},
        )
        for nth, home in enumerate(found)
    ]
    actions.set_home_facts(desk.scope, community=desk.community.id, facts=facts, at=AT)
    return found


def tried_and_drafted(desk, item, draft, *, since=MARCH):
    """Every home's amount (or why not), as it is tried, and as it is drafted."""
    run = queries.dry_run(desk.scope, item=item, draft=draft, start_on=since, usage=None, at=AFTER)
    actions.set_tariff(desk.scope, item=item, draft=draft, start_on=since, at=AT)
    actions.draft_month(desk.scope, community=desk.community.id, first_on=since, at=AFTER)
    rows = DraftLine.objects.inside().filter(item=item)
    return run, {row.subject: (row.amount_minor, row.stop, row.about) for row in rows}


def assert_same(run, drafted):
    whole = {home: minor for home, (minor, stop, _about) in drafted.items() if not stop}
    assert run.is_assigned
    assert (run.homes, run.total.minor) == (len(whole), sum(whole.values()))
    assert (run.smallest and run.smallest.amount.minor) == (min(whole.values()) if whole else None)
    assert (run.largest and run.largest.amount.minor) == (max(whole.values()) if whole else None)
    stopped = {(home, stop, about) for home, (_minor, stop, about) in drafted.items() if stop}
    assert {(each.home, each.stop.value, each.about) for each in run.stopped_homes} == stopped


@pytest.mark.parametrize("preset", [word for word, known in rules.PRESETS.items() if not known.brought])
def test_what_a_preset_shows_is_what_it_bills(desk, homes, preset):
    """What is brought home by home has no figure to try before: `test_own_amounts` follows it to the bill."""
    item = desk.an_item()
    desk.charged(item, *homes)
    terms = rules.Terms(meter="cold_water" if preset.startswith("usage") else "")
    draft = rules.TariffDraft(preset=preset, parameters=PRESETS[preset], terms=terms)
    run, drafted = tried_and_drafted(desk, item, draft)
    assert_same(run, drafted)
    assert run.homes == 4
    assert run.total.minor > 0


@pytest.mark.parametrize("formula", EXPRESSIONS)
def test_what_a_formula_shows_is_what_it_bills(desk, homes, formula):
    item = desk.an_item()
    desk.charged(item, *homes)
    basis = EXPRESSIONS[formula]
    terms = rules.Terms(meter="cold_water" if basis is rules.Basis.USAGE else "")
    run, drafted = tried_and_drafted(desk, item, rules.TariffDraft(formula=formula, basis=basis, terms=terms))
    assert_same(run, drafted)
    assert run.homes == 4
    assert run.total.minor > 0


def test_a_home_that_lacks_a_value_is_stopped_in_both_for_the_same_reason(desk, homes):
    item, bare = desk.an_item(), desk.a_home("1-1-301", area_m2=None)
    desk.charged(item, *homes, bare)
    for formula in ("home.inner_area * 2", "1000 * home.area / unit.area", "home.area"):
        draft = rules.TariffDraft(formula=formula)
        run = queries.dry_run(desk.scope, item=item, draft=draft, start_on=MARCH, at=AFTER)
        assert bare.id in {each.home for each in run.stopped_homes}, formula
    run, drafted = tried_and_drafted(desk, item, draft)
    assert_same(run, drafted)


def test_an_assignment_that_begins_within_the_month_is_tried_for_its_days_only(desk, homes):
    item = desk.an_item()
    desk.charged(item, homes[0], since=date(2026, 3, 11))
    run, drafted = tried_and_drafted(desk, item, rules.TariffDraft(preset="fixed", parameters={"amount": "310"}))
    assert_same(run, drafted)
    assert str(run.total) == "210.00"


def test_steps_for_extra_persons_are_tried_as_they_are_billed(desk, homes):
    item = desk.an_item()
    desk.charged(item, *homes)
    tiers = rules.Tiers(
        tiers=(rules.Tier(Decimal(10), Decimal(1)), rules.Tier(None, Decimal(2))),
        persons=1,
        per_extra_person=Decimal(5),
    )
    terms = rules.Terms(meter="cold_water", tiers=tiers)
    draft = rules.TariffDraft(formula="0", basis=rules.Basis.USAGE, terms=terms)
    run, drafted = tried_and_drafted(desk, item, draft)
    assert_same(run, drafted)


def test_the_same_usage_everywhere_is_priced_at_the_price_given(desk, homes):
    item = desk.an_item()
    desk.charged(item, *homes)
    draft = rules.TariffDraft(preset="usage_own_price", parameters={"surcharge": "1"})
    run = queries.dry_run(
        desk.scope,
        item=item,
        draft=draft,
        start_on=APRIL + timedelta(days=4),
        usage=Fraction(10),
        price=Fraction("2.5"),
        at=AFTER,
    )
    assert (run.month, str(run.total), run.stopped) == (date(2026, 5, 1), "104.00", 0)
