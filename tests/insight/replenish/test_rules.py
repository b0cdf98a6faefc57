"""The renewal: six numbers of state, and what is foretold from them."""

from __future__ import annotations

import msgspec
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.insight.replenish import rules

RICE, OIL = 0, 1


def bought(*days: int, household: int = 1, commodity: int = RICE) -> rules.States:
    return of([(household, commodity, day) for day in days])


def of(rows: list[tuple[int, int, int]]) -> rules.States:
    columns = np.array(rows, dtype=np.int64).reshape(-1, 3)
    return rules.gather(columns[:, 0], columns[:, 1], columns[:, 2])


def a_town() -> rules.States:
    """Thirty households which buy rice every 28 to 57 days."""
    return of([(home, RICE, 10 + turn * (28 + home)) for home in range(30) for turn in range(6)])


def test_a_state_is_six_numbers_of_the_days_bought_whatever_their_order():
    state = bought(41, 0, 20, 20)

    assert state.purchases.tolist() == [3]
    assert (state.first_day.tolist(), state.last_day.tolist()) == ([0], [41])
    assert state.log_gaps.tolist() == pytest.approx([np.log(20) + np.log(21)])
    assert state.log_gaps_squared.tolist() == pytest.approx([np.log(20) ** 2 + np.log(21) ** 2])
    assert state.recent_log_gap.tolist() == pytest.approx([0.7 * np.log(20) + 0.3 * np.log(21)])


def test_households_and_commodities_are_kept_apart():
    states = of([(2, OIL, 5), (1, OIL, 3), (1, RICE, 3), (1, OIL, 9)])

    assert list(zip(states.household.tolist(), states.commodity.tolist(), states.purchases.tolist(), strict=True)) == [
        (1, RICE, 1),
        (1, OIL, 2),
        (2, OIL, 1),
    ]


def test_no_purchases_make_no_states_and_no_forecast():
    states = of([])

    assert len(states) == 0
    assert len(rules.foretell(states, 100, rules.usual(states, 2)).due_in) == 0


def test_a_regular_household_is_due_a_gap_after_its_last_purchase_and_surer_than_an_irregular_one():
    priors = rules.usual(a_town(), 2)
    regular, irregular = bought(*range(0, 400, 40)), bought(0, 5, 90, 110, 190, 195, 300, 360)

    told = rules.foretell(regular, 390, priors)
    other = rules.foretell(irregular, 390, priors)

    assert abs(int(told.due_in[0]) - 10) <= 3
    assert told.deliver_in[0] <= told.due_in[0]
    assert told.confidence[0] > 0.5 > other.confidence[0]


def test_who_bought_once_gets_what_is_usual_for_the_commodity():
    priors = rules.usual(a_town(), 2)

    told = rules.foretell(bought(100), 101, priors)

    assert 30 <= told.due_in[0] <= 49
    assert told.confidence[0] < 0.5


def test_ten_thousand_purchases_are_one_state_and_a_commodity_nobody_buys_again_is_still_foretold():
    daily = bought(*range(10_000))
    priors = rules.usual(daily, 2)

    told = rules.foretell(daily, 10_000, priors)
    never_again = rules.foretell(bought(9_999, commodity=OIL), 10_000, priors)

    assert daily.purchases.tolist() == [10_000]
    assert told.due_in.tolist() == [0], "today, as every day"
    assert told.confidence[0] > 0.95
    assert np.isfinite(never_again.confidence).all()


@given(
    st.lists(st.tuples(st.integers(0, 3), st.integers(0, 1), st.integers(0, 300)), max_size=60), st.integers(301, 2000)
)
def test_whatever_was_bought_chances_are_chances_and_days_are_to_come(rows: list[tuple[int, int, int]], today: int):
    states = of(rows)
    priors = rules.usual(states, 2)
    by = rules.bought_by(rules.next_gaps(states, priors), today - states.last_day)
    told = rules.foretell(states, today, priors)

    assert ((by >= 0) & (by <= 1 + 1e-9)).all()
    assert (np.diff(by, axis=1) >= -1e-9).all()
    assert ((told.confidence >= 0) & (told.confidence <= 1)).all()
    assert ((told.due_in >= 0) & (told.due_in <= rules.HORIZON_D)).all()
    assert (told.deliver_in >= 0).all()


def a_town_by_turns(until: int) -> rules.Purchases:
    """A thousand households that come back after 8 days and after 40 by turns: the mean of their gaps tells little."""
    days = np.cumsum(np.tile([8, 40], 10)) + np.arange(1000)[:, None] % 48
    rows = np.broadcast_to(np.arange(1000)[:, None], days.shape)
    town = rules.Purchases(rows.ravel(), np.full(days.size, RICE), days.ravel())
    return town.before(until)


def test_a_net_is_restored_as_it_was_stored_and_one_of_another_version_is_not_asked():
    town = a_town_by_turns(350)
    taught = rules.study(town, 350, 1, learn=True)
    assert taught.model is not None
    net = taught.model.stored()
    again = rules.Engine(taught.priors, taught.calibration, rules.restored(net))

    told, told_again = (engine.foretell(*town.states(), 350) for engine in (taught, again))

    assert told_again.due_in.tolist() == told.due_in.tolist()
    assert told_again.confidence.tolist() == pytest.approx(told.confidence.tolist())
    assert rules.restored(msgspec.structs.replace(net, version=net.version - 1)) is None
    assert rules.restored(None) is None


def test_the_net_learns_what_the_renewal_cannot_see():
    town, later = a_town_by_turns(350), a_town_by_turns(450)
    waits = np.array([later.day[(later.household == home) & (later.day >= 350)].min() - 350 for home in range(1000)])

    plain, net = (
        np.abs(rules.study(town, 350, 1, learn=learn).foretell(*town.states(), 350).due_in - waits).mean()
        for learn in (False, True)
    )

    assert plain > 7
    assert net < 3


def test_of_a_fresh_day_only_the_stretches_that_have_ended_are_taught():
    from linli.insight.replenish.rules.learning import STRETCHES
    from linli.insight.replenish.rules.teaching import _may_be

    may_be = _may_be(np.array([0, 12, 13, 10**6]), 14)

    assert [np.flatnonzero(row).tolist() for row in may_be[:2]] == [[0], [STRETCHES.index(10)]]
    open_from = list(range(STRETCHES.index(13), len(STRETCHES)))
    assert [np.flatnonzero(row).tolist() for row in may_be[2:]] == [open_from, open_from]


def test_what_is_stated_is_believed_while_too_few_outcomes_are_known():
    town = rules.Purchases(*np.array([(home, RICE, 10 + turn * 30) for home in range(9) for turn in range(9)]).T)

    engine = rules.study(town, 280, 2, learn=True)

    assert engine.model is None
    assert (engine.calibration.slope, engine.calibration.half) == (1.0, 0.5)


def test_stated_chances_are_moved_to_what_was_observed_and_keep_their_order():
    from linli.insight.replenish.rules.calibration import calibrate

    stated = np.tile([0.2, 0.4, 0.6], 400)
    happened = np.tile([False, False, True, False, True, True], 200)

    taught = calibrate(stated, happened, np.zeros(1200, dtype=np.int64), 1, 0.5)
    sure = taught.sure(np.array([0.2, 0.4, 0.6]), np.zeros(3, dtype=np.int64))

    assert sure[0] < 0.1
    assert 0.4 < sure[1] < 0.6
    assert sure[2] > 0.9


def test_days_across_a_change_of_the_clock_are_days():
    from datetime import UTC, datetime

    from linli.ground.places.rules import business_day

    zone = "Europe/Berlin"
    evenings = [datetime(2026, 3, 28, 22, 30, tzinfo=UTC), datetime(2026, 3, 29, 21, 30, tzinfo=UTC)]

    kept = rules.folded(business_day(at, zone) for at in evenings)

    assert kept is not None
    assert (kept.purchases, (kept.last_on - kept.first_on).days, kept.log_gaps) == (2, 1, 0.0)


def test_columns_and_one_household_at_a_time_give_the_same_numbers():
    from datetime import date

    days = [3, 17, 17, 44, 100, 101]
    columns, alone = bought(*days), rules.folded(date.fromordinal(1000 + day) for day in days)

    assert alone is not None
    assert columns.purchases.tolist() == [alone.purchases]
    assert columns.log_gaps.tolist() == pytest.approx([alone.log_gaps])
    assert columns.log_gaps_squared.tolist() == pytest.approx([alone.log_gaps_squared])
    assert columns.recent_log_gap.tolist() == pytest.approx([alone.recent_log_gap])


@pytest.mark.parametrize(
    ("text", "amount", "measure"),
    [
        ("5kg", "5000", "g"),
        ("5L", "5000", "ml"),
        ("500ml x 12", "6000", "ml"),
        ("12 × 500 ml", "6000", "ml"),
        ("一袋十斤", "5000", "g"),
        ("两斤半", "1250", "g"),
        ("三两", "150", "g"),
        ("半斤", "250", "g"),
        ("鸡蛋 30枚", "30", "piece"),
        ("0.75 l", "750", "ml"),
    ],
)
def test_pack_sizes_in_both_languages_are_one_measure(text: str, amount: str, measure: str):
    pack = rules.pack_of(text)

    assert pack is not None
    assert (str(pack.amount), pack.measure.value) == (amount, measure)


@pytest.mark.parametrize("text", ["", "大米", "about right", "0kg", "kg"])
def test_what_says_no_size_is_not_guessed(text: str):
    assert rules.pack_of(text) is None


@given(st.text(max_size=40))
def test_any_text_is_read_or_not_but_never_breaks(text: str):
    pack = rules.pack_of(text)

    assert pack is None or pack.amount > 0
    rules.suggested([text])


@pytest.mark.parametrize(
    "names", [["铁棍山药 500g", "Yam"], ["鸡毛菜", "Baby greens 400 g"], ["Baby carrots"], ["洗衣液"]]
)
def test_a_vegetable_is_no_medicine_and_nothing_for_an_infant(names):
    assert not rules.is_never_used(names)


@pytest.mark.parametrize(
    "names", [["山药味止咳糖浆", ""], ["感冒药", ""], ["", "Baby wipes"], ["BABY FORMULA"], ["x", "Aspirin"]]
)
def test_what_is_never_used_is_found_beside_harmless_words(names):
    assert rules.is_never_used(names)


def test_a_word_inside_another_is_not_meant():
    assert not rules.is_never_used(["Babylon bread", "Reformulated soap"])


@pytest.mark.parametrize(
    ("names", "commodity"),
    [
        (["鸡蛋挂面 800克", "Egg noodles 800 g"], "noodles"),
        (["速冻汤圆 500克", "Frozen rice balls 500 g"], None),
        (["豆奶 6盒", "Soy milk 6 packs"], None),
        (["纯牛奶 12盒", "Plain milk 12 × 250 ml"], "milk"),
        (["镇江香醋", "Rice vinegar"], "vinegar"),
        (["牛奶巧克力", "Milk chocolate"], None),
        (["奶茶", "Milk tea"], None),
        (["洗洁精", "Dish soap"], "dish_soap"),
        (["铁棍山药", "Chinese yam"], None),
    ],
)
def test_a_word_that_means_another_thing_hides_its_own_commodity_alone(names, commodity):
    assert rules.suggested(names) == commodity
