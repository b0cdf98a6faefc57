"""What may be published, to whom, and when messages may go out."""

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from builders.clock import AT
from builders.notices import a_notice_draft
from linli.estate.notices import rules
from linli.estate.notices.rules import Audience, Level, NoticeKind, NoticePolicy, Who
from linli.kernel.refusals import Invalid

ZONE = "Asia/Shanghai"


@pytest.mark.parametrize(
    ("given_", "field"),
    [
        ({"title": {"zh": " "}}, "title_zh"),
        ({"title": {"zh": "题" * 61}}, "title_zh"),
        ({"body": {}}, "body_zh"),
        ({"body": {"zh": "字" * 4001}}, "body_zh"),
        ({"title": {"zh": "题", "en": "Title"}}, "body_zh"),
        ({"audience": Audience(Level.BUILDING)}, "targets"),
        ({"audience": Audience(Level.HOME, tuple(uuid4() for _ in range(201)))}, "targets"),
        ({"valid_until": AT}, "valid_until"),
        ({"publish_at": AT + timedelta(days=2), "valid_until": AT + timedelta(days=1)}, "valid_until"),
        ({"pictures": tuple(uuid4() for _ in range(7))}, "pictures"),
        ({"papers": tuple(uuid4() for _ in range(5))}, "papers"),
    ],
)
def test_what_cannot_be_published_is_refused_by_its_field(given_, field):
    with pytest.raises(Invalid) as refused:
        rules.checked(a_notice_draft(**given_), AT)
    assert refused.value.field == field


def test_a_draft_is_tidied_and_a_community_needs_no_targets():
    one = uuid4()
    tidy = rules.checked(a_notice_draft(title={"zh": " 题 ", "en": ""}, audience=Audience(targets=(one,))), AT)
    assert tidy.title == {"zh": "题"}
    assert tidy.audience == Audience(Level.COMMUNITY, (), Who.EVERYBODY)
    twice = rules.checked(a_notice_draft(audience=Audience(Level.HOME, (one, one))), AT)
    assert twice.audience.targets == (one,)


def test_nobody_is_addressed_by_what_they_owe():
    assert {who.value for who in Who} == {"everybody", "owners", "tenants"}
    assert {level.value for level in Level} == {"community", "building", "unit", "home", "tag"}


def local(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime(2026, 3, day, hour, minute, tzinfo=UTC) - timedelta(hours=8)


@pytest.mark.parametrize(
    ("kind", "at", "told"),
    [
        (NoticeKind.GENERAL, local(2, 10), local(2, 10)),
        (NoticeKind.GENERAL, local(2, 20, 59), local(2, 20, 59)),
        (NoticeKind.GENERAL, local(2, 21), local(3, 8)),
        (NoticeKind.GENERAL, local(2, 23, 30), local(3, 8)),
        (NoticeKind.GENERAL, local(3, 7, 59), local(3, 8)),
        (NoticeKind.OUTAGE, local(2, 23), local(2, 23)),
        (NoticeKind.SAFETY, local(3, 3), local(3, 3)),
    ],
)
def test_messages_wait_for_the_morning_unless_they_are_urgent(kind, at, told):
    assert rules.tell_from(kind, at, NoticePolicy(), ZONE) == told


@given(st.integers(0, 23), st.integers(0, 23), st.integers(0, 60 * 24 * 7))
def test_a_message_waits_less_than_a_day_and_never_into_the_quiet_hours(start, end, minutes):
    at = local(2, 0) + timedelta(minutes=minutes)
    policy = NoticePolicy(quiet_from_hour=start, quiet_until_hour=end)
    told = rules.tell_from(NoticeKind.GENERAL, at, policy, ZONE)
    assert timedelta() <= told - at < timedelta(days=1)
    assert rules.tell_from(NoticeKind.GENERAL, told, policy, ZONE) == told


@given(st.integers(0, 10_000), st.integers(0, 10_000))
def test_a_rate_lies_between_nothing_and_all(read, more):
    assert 0 <= rules.rate_bp(read, read + more) <= 10_000
    assert (rules.rate_bp(read, read + more) == 10_000) == (more == 0 and read > 0)


def test_every_sample_can_be_published_in_both_languages():
    for sample in rules.SAMPLES:
        draft = rules.Draft(kind=sample.kind, title=sample.title, body=sample.body)
        assert set(rules.checked(draft, AT).title) == {"zh", "en"}
