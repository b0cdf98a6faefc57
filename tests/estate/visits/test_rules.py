"""When a pass is good, what a code and a link are worth, and who is asked."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders.visits import TODAY, a_draft
from linli.estate.visits import rules
from linli.estate.visits.rules import PassKind, PassState, VisitPolicy, WhyNot, Window
from linli.kernel.ids import CommunityId, VisitPassId, new
from linli.kernel.refusals import Invalid

ZONE = "Asia/Shanghai"
SECRET = b"a secret of the tests"
WEEKDAYS = Window(TODAY, TODAY + timedelta(days=7), (0, 2), 8 * 60, 18 * 60)
"""Monday 2 to Sunday 8 March, Mondays and Wednesdays, 08:00-18:00."""


def at(day: int, clock: str) -> datetime:
    hour, minute = clock.split(":")
    return datetime(2026, 3, day, int(hour), int(minute), tzinfo=ZoneInfo(ZONE)).astimezone(UTC)


@pytest.mark.parametrize(
    ("moment", "why"),
    [
        (at(1, "12:00"), WhyNot.NOT_YET),
        (at(2, "07:59"), WhyNot.NOT_YET),
        (at(2, "08:00"), None),
        (at(2, "17:59"), None),
        (at(2, "18:00"), WhyNot.OTHER_HOURS),
        (at(3, "12:00"), WhyNot.OTHER_DAY),
        (at(4, "07:00"), WhyNot.OTHER_HOURS),
        (at(4, "12:00"), None),
        (at(8, "17:59"), WhyNot.OTHER_DAY),
        (at(8, "18:00"), WhyNot.OVER),
    ],
)
def test_a_pass_is_good_on_its_days_and_within_its_hours(moment, why):
    assert rules.why_not(WEEKDAYS, PassState.OPEN, None, 3, moment, ZONE) is why


@pytest.mark.parametrize(
    ("state", "entered", "why"),
    [
        (PassState.REVOKED, 0, WhyNot.REVOKED),
        (PassState.USED, 2, WhyNot.USED_UP),
        (PassState.OPEN, 2, WhyNot.USED_UP),
        (PassState.EXPIRED, 0, WhyNot.OVER),
        (PassState.OPEN, 1, None),
    ],
)
def test_a_pass_that_ended_says_how(state, entered, why):
    assert rules.why_not(WEEKDAYS, state, 2, entered, at(2, "12:00"), ZONE) is why


@pytest.mark.parametrize(
    ("draft", "field"),
    [
        (a_draft(first_on=TODAY - timedelta(days=1)), "first_on"),
        (a_draft(days=0), "last_on"),
        (a_draft(days=2), "last_on"),
        (a_draft(PassKind.DAYS, days=15), "last_on"),
        (a_draft(PassKind.STANDING, days=181, entries=None), "last_on"),
        (a_draft(first_on=TODAY + timedelta(days=61)), "first_on"),
        (a_draft(from_min=600, until_min=600), "until"),
        (a_draft(until_min=1441), "until"),
        (a_draft(weekdays=(7,)), "weekdays"),
        (a_draft(weekdays=(1,)), "weekdays"),
        (a_draft(entries=0), "entries"),
        (a_draft(entries=21), "entries"),
        (a_draft(entries=None), "entries"),
    ],
)
def test_what_a_community_does_not_allow_is_refused_by_its_field(draft, field):
    with pytest.raises(Invalid) as refused:
        rules.checked(draft, VisitPolicy(), TODAY)
    assert refused.value.field == field


@given(
    st.dates(date(2026, 3, 2), date(2026, 5, 1)),
    st.integers(1, 14),
    st.lists(st.integers(0, 6), max_size=7),
    st.integers(0, 1439),
    st.integers(1, 1440),
    st.integers(-24 * 60, 80 * 24 * 60),
)
def test_whoever_is_let_in_comes_within_the_bounds_and_on_a_chosen_day(first_on, days, weekdays, opens, closes, moment):
    draft = a_draft(
        PassKind.DAYS, first_on=first_on, days=days, weekdays=tuple(weekdays), from_min=opens, until_min=closes
    )
    try:
        window = rules.checked(draft, VisitPolicy(), TODAY)
    except Invalid:
        return
    local = at(2, "00:00").astimezone(ZoneInfo(ZONE)) + timedelta(minutes=moment)
    starts_at, ends_at = rules.bounds(window, ZONE)
    if rules.why_not(window, PassState.OPEN, 1, 0, local, ZONE) is None:
        assert starts_at <= local < ends_at
        assert first_on <= local.date() < first_on + timedelta(days=days)
        assert not weekdays or local.weekday() in weekdays
        assert opens <= local.hour * 60 + local.minute < closes
    elif starts_at <= local < ends_at and not weekdays and (opens, closes) == (0, 1440):
        pytest.fail("a pass for whole days lets in at every moment of them")


@pytest.mark.parametrize(("text", "minutes"), [("00:00", 0), ("8:05", 485), ("23:59:00", 1439), ("24:00", 1440)])
def test_a_time_is_read_as_minutes(text, minutes):
    assert rules.minutes_of(text, "until") == minutes


@pytest.mark.parametrize("text", ["", "24:01", "8", "aa:bb", "12:60", "-1:00", "100:00"])
def test_what_is_no_time_is_refused(text):
    with pytest.raises(Invalid):
        rules.minutes_of(text, "until")


@pytest.mark.parametrize(("typed", "code"), [("123 456", "123456"), ("123-456", "123456"), ("12345", None), ("", None)])
def test_a_code_is_read_as_people_type_it(typed, code):
    assert rules.code_of(typed) == code


def test_codes_are_six_digits_and_hardly_ever_the_same():
    drawn = [rules.new_code() for _ in range(500)]
    assert all(len(code) == 6 and code.isdecimal() for code in drawn)
    assert len(set(drawn)) > 480


@pytest.mark.parametrize("typed", ["浙A·12345", "浙a 12345", "浙A-123.45"])
def test_a_plate_is_written_as_a_camera_reads_it(typed):
    assert rules.plate_of(typed) == "浙A12345"


@given(st.integers(0, 43), st.sampled_from("ABCabc019-_"))
def test_a_link_that_we_did_not_make_opens_nothing(place, letter):
    visit_pass = VisitPassId(new())
    word = rules.link_word(visit_pass, SECRET)
    assert rules.read_link(word, SECRET) == visit_pass
    changed = word[:place] + letter + word[place + 1 :]
    found = rules.read_link(changed, SECRET)
    assert found is None or found == visit_pass
    assert rules.read_link(word, b"another secret") is None


@pytest.mark.parametrize("word", ["", "a", "界", "=" * 43, "A" * 43, "A" * 200])
def test_what_is_no_link_opens_nothing(word):
    assert rules.read_link(word, SECRET) is None


@given(st.integers(1, 600_000), st.integers(1, 600_000), st.integers(0, 100))
def test_a_machine_reads_a_gate_token_with_the_public_key_alone(begins, lasts, uses):
    starts_at = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=begins)
    place = rules.place_digest(CommunityId(new()))
    told = rules.GateToken(VisitPassId(new()), place, starts_at, starts_at + timedelta(minutes=lasts), uses)
    text = rules.gate_token(told, SECRET)
    assert len(text) == 144
    assert rules.read_gate_token(text, rules.gate_key(SECRET)) == told


def test_a_gate_token_that_was_changed_or_signed_by_another_house_is_nothing():
    starts_at = datetime(2026, 3, 2, tzinfo=UTC)
    place = rules.place_digest(CommunityId(new()))
    told = rules.GateToken(VisitPassId(new()), place, starts_at, starts_at + timedelta(hours=4), 1)
    text = rules.gate_token(told, SECRET)
    assert rules.read_gate_token(text, rules.gate_key(b"another house")) is None
    assert rules.read_gate_token(text[:-3], rules.gate_key(SECRET)) is None
    assert rules.read_gate_token("é" * 144, rules.gate_key(SECRET)) is None
    changed = text[:9] + ("0" if text[9] != "0" else "1") + text[10:]
    assert rules.read_gate_token(changed, rules.gate_key(SECRET)) is None


@pytest.mark.parametrize(
    ("lives", "asked"),
    [
        ((), ()),
        ((("a", "owner"),), ("a",)),
        ((("a", "owner"), ("b", "family")), ("a", "b")),
        ((("a", "owner"), ("b", "tenant"), ("c", "family")), ("b", "c")),
        ((("a", "owner"), ("a", "family")), ("a",)),
    ],
)
def test_those_who_live_behind_the_door_are_asked(lives, asked):
    assert rules.who_answers(lives) == asked
