"""Codes, tokens and limits, as plain values."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders import AT
from linli.reach.sign_in import rules

SECRET = b"only for tests"


@given(st.binary(max_size=200))
def test_a_sealed_payload_opens_and_every_changed_one_does_not(payload):
    token = rules.seal(payload, SECRET)
    assert rules.unseal(token, SECRET) == payload
    assert rules.unseal(token, b"another secret") is None
    for place in range(0, len(token), 7):
        changed = token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :]
        assert rules.unseal(changed, SECRET) in (None, payload)


@given(st.text(max_size=60))
def test_whatever_somebody_sends_is_no_token(text):
    assert rules.unseal(text, SECRET) is None


def test_limits_count_within_their_window():
    limits = ((timedelta(minutes=1), 1), (timedelta(hours=1), 3))
    assert not rules.over_limit([], limits, AT)
    assert rules.over_limit([AT - timedelta(seconds=59)], limits, AT)
    assert not rules.over_limit([AT - timedelta(seconds=61)] * 2, limits, AT)
    assert rules.over_limit([AT - timedelta(seconds=61)] * 3, limits, AT)


@pytest.mark.parametrize(
    ("known", "last", "needed"),
    [(False, None, True), (True, AT - timedelta(days=89), False), (True, AT - timedelta(days=91), True)],
)
def test_a_new_device_and_a_number_long_silent_need_a_second_check(known, last, needed):
    assert rules.needs_second_check(known_device=known, last_seen_at=last, at=AT) is needed


@pytest.mark.parametrize("typed", ["3-2-501", "3栋2单元501室", "3号楼 2单元 501", "Building 3, Unit 2, 501"])
def test_a_home_is_recognised_however_its_number_is_written(typed):
    assert rules.same_answer(typed, "3-2-501")


@pytest.mark.parametrize("typed", ["", "-", "3-2-502", "单元"])
def test_another_or_an_empty_answer_is_not(typed):
    assert not rules.same_answer(typed, "3-2-501")


class TestAnAuthenticator:
    """The published values of RFC 6238, appendix B, for SHA-1, cut to six digits."""

    SEED = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"

    @pytest.mark.parametrize(
        ("seconds", "code"),
        [(59, "287082"), (1_111_111_109, "081804"), (1_234_567_890, "005924"), (2_000_000_000, "279037")],
    )
    def test_shows_what_the_standard_says(self, seconds, code):
        at = datetime.fromtimestamp(seconds, UTC)
        assert rules.step_of(code, self.SEED, at, after=0) == seconds // rules.STEP_S

    def test_is_forgiven_half_a_minute_and_no_more(self):
        at = datetime.fromtimestamp(59, UTC)
        assert rules.step_of("287 082", self.SEED, at + timedelta(seconds=30), after=0) == 1
        assert rules.step_of("287082", self.SEED, at + timedelta(seconds=61), after=0) is None
        assert rules.step_of("287082", self.SEED, at, after=1) is None
