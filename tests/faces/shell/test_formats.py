"""Amounts, moments and days as people read them."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from markupsafe import Markup

from linli.faces.shell import formats, voice
from linli.kernel.money import Money

NOON = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)  # 12:00 in Shanghai


@pytest.fixture(params=["en", "zh-hans"])
def locale(request):
    voice.speak(request.param, at=NOON)
    yield request.param
    voice.hush()


@pytest.mark.parametrize(
    ("minor", "plain", "signed"),
    [
        (18240, "¥182.40", "+¥182.40"),
        (0, "¥0.00", "¥0.00"),
        (-850, "-¥8.50", "-¥8.50"),
        (120400005, "¥1,204,000.05", "+¥1,204,000.05"),
    ],
)
def test_money_has_its_sign_and_two_decimals(minor: int, plain: str, signed: str):
    assert formats.money(Money(minor)) == plain
    assert formats.money(Money(minor), signed=True) == signed


def test_a_window_of_today_names_the_day_once(locale: str):
    window = (NOON + timedelta(hours=6.5), NOON + timedelta(hours=7))
    assert formats.span(*window) == {"en": "today 18:30-19:00", "zh-hans": "今天 18:30-19:00"}[locale]


def test_near_days_are_words_and_far_days_are_dates(locale: str):
    said = [formats.near_day(date(2026, 11, 22) + timedelta(days=n)) for n in (-2, -1, 0, 1, 2)]
    expected = {
        "en": ["20 Nov", "yesterday", "today", "tomorrow", "24 Nov"],
        "zh-hans": ["11月20日", "昨天", "今天", "明天", "11月24日"],
    }
    assert said == expected[locale]


def test_another_year_is_named(locale: str):
    assert formats.day(date(2025, 1, 5)) == {"en": "5 Jan 2025", "zh-hans": "2025年1月5日"}[locale]
    assert formats.month(date(2026, 11, 1)) == {"en": "Nov 2026", "zh-hans": "2026年11月"}[locale]


def test_the_day_of_a_moment_is_the_one_on_which_it_is_here():
    """Half past eight in the evening of the 30th in London is the 1st in Shanghai."""
    voice.speak("en", at=NOON)
    assert formats.day(datetime(NOON.year, 11, 30, 20, 30, tzinfo=UTC)) == "1 Dec"
    voice.move_to("Europe/London")
    assert formats.day(datetime(NOON.year, 11, 30, 20, 30, tzinfo=UTC)) == "30 Nov"
    voice.hush()


def test_moments_are_told_in_the_communitys_zone():
    voice.speak("en", at=NOON)
    late = datetime(2026, 11, 22, 17, 30, tzinfo=UTC)
    assert formats.moment(late) == "tomorrow 01:30"
    voice.move_to("Europe/London")
    assert formats.moment(late) == "today 17:30"
    voice.hush()


@pytest.mark.parametrize(
    ("minutes", "english"),
    [
        *((12, "12 min"), (89, "89 min"), (120, "2 h"), (60 * 24 * 3, "3 days")),
        *((-5, "5 min late"), (-451, "8 h late"), (-60 * 24 * 3, "3 days late")),
    ],
)
def test_a_wait_is_told_in_the_measure_that_fits(minutes: int, english: str):
    voice.speak("en", at=NOON)
    assert formats.wait(NOON + timedelta(minutes=minutes)) == english
    voice.hush()


def test_percentages_have_no_needless_zeros():
    assert [formats.percent(bp) for bp in (800, 250, 5, 0, 10000)] == ["8%", "2.5%", "0.05%", "0%", "100%"]


def test_percentages_of_a_column_have_equal_decimals():
    assert [formats.percent(bp, 1) for bp in (7254, 6080, 0, 10000)] == ["72.5%", "60.8%", "0.0%", "100.0%"]


@pytest.mark.parametrize(
    ("cookies", "accepted", "chosen"),
    [
        ("", "", "zh-hans"),
        ("", "fr-FR,fr", "zh-hans"),
        ("", "en-GB,en;q=0.9,zh;q=0.8", "en"),
        ("", "zh-CN,zh;q=0.9,en;q=0.8", "zh-hans"),
        ("", "en;q=0.5,zh;q=0.9", "zh-hans"),
        ("", "en;q=nonsense", "zh-hans"),
        ("linli_language=en", "zh-CN", "en"),
        ("a=b; linli_language=zh-hans; c=d", "en", "zh-hans"),
        ("linli_language=<script>", "en", "en"),
    ],
)
def test_the_language_is_the_cookies_then_the_browsers_then_chinese(cookies: str, accepted: str, chosen: str):
    assert voice.locale_for(cookies, accepted) == chosen


def test_doors_and_numbers_stay_in_one_piece_and_nothing_else_is_touched():
    told = formats.unbroken("1-1-101 · WO-261123-0002, 9:00-22:00 <b> well-kept")
    assert told == (
        '<span class="whole">1-1-101</span> · <span class="whole">WO-261123-0002</span>, 9:00-22:00 &lt;b&gt; well-kept'
    )
    for time in ("today 18:30-19:00", "21 Nov 22:46", "3 Dec 2026", "5月21日 22:46", "2027年1月22日", "明天 09:00"):
        assert formats.unbroken(f"a {time}, b") == f'a <span class="whole">{time}</span>, b'
    assert formats.unbroken("12 November, 3 月 and 21 Decorations") == "12 November, 3 月 and 21 Decorations"
    assert formats.unbroken(Markup('<a href="/1-1-101/">')) == '<a href="/1-1-101/">'
