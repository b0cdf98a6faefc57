"""Messages: queued with the data, sent once, tried again, and their bodies erased."""

from __future__ import annotations

from datetime import timedelta

import pytest

from builders import AT, a_person
from harness.budget import budget
from linli.ground.people import actions as people
from linli.reach.notify import actions, gateways, queries, rules
from linli.reach.notify.models import InboxMessage, Message
from linli.spine import walls
from linli.spine.scope import SYSTEM, Role, Scope

pytestmark = pytest.mark.django_db
ALONE = 8
"""Statements for one message."""
VALUES = {"shop": "阿婆面馆", "number": "LO-260302-0001"}


class Silent:
    is_embedded = False
    at_once = 1

    def send(self, *_: object, **__: object) -> None:
        raise gateways.MessageNotSent


def test_every_template_reads_in_both_languages_with_the_same_places():
    import string

    for words in rules.TEMPLATES.values():
        said = [string.Formatter().parse(words[lang]) for lang in ("zh", "en")]
        places = [{name.removesuffix("_en").removesuffix("_zh") for _, name, _, _ in parts if name} for parts in said]
        assert places[0] == places[1]


@pytest.mark.parametrize(
    ("value", "zh", "en"),
    [
        ("2026-11", "2026年11月", "November 2026"),
        ("2026-12-05", "2026年12月5日", "5 December 2026"),
        ("11-24 05:00", "11月24日 05:00", "24 November 05:00"),
        ("11", "11", "11"),
        ("DP-261123-0001", "DP-261123-0001", "DP-261123-0001"),
    ],
)
def test_days_and_months_are_said_as_people_say_them(value: str, zh: str, en: str):
    values = {"number": value, "shop": ""}
    assert zh in rules.render("order_ready", "zh-hans", values)
    assert f"order {en} from" in rules.render("order_ready", "en", values)


def test_what_was_queued_before_a_name_was_known_in_english_is_sent_with_the_name_it_has():
    values = {"title": "更换电梯", "day": "2026-12-05"}
    for template in ("vote_announced", "vote_open", "vote_closing", "vote_closed"):
        assert "更换电梯" in rules.render(template, "en", values)
    assert "“Lift”" in rules.render("vote_open", "en", values | {"title_en": "Lift"})


def test_a_queued_message_is_sent_in_the_persons_language_and_once():
    person = a_person(phone="13900001111")
    actions.queue_message(SYSTEM, to=person, template="order_ready", values=VALUES, at=AT)
    assert actions.send_due(at=AT) == 1
    assert actions.send_due(at=AT + timedelta(hours=1)) == 0
    (entry,) = queries.inbox(SYSTEM)
    assert entry.phone == "+8613900001111"
    assert entry.body == "阿婆面馆 的订单 LO-260302-0001 已备好，请凭取件码领取。"


def test_a_portion_of_messages_asks_as_much_as_one_but_for_the_inbox():
    everybody = [a_person(phone=f"139000022{n:02}") for n in range(8)]
    for several, statements in ((everybody[:1], ALONE), (everybody, ALONE + 7)):
        actions.queue_messages(SYSTEM, to=several, template="order_ready", values=VALUES, at=AT)
        with budget(statements):  # the embedded inbox takes each by itself, as a provider does
            assert actions.send_due(at=AT) == len(several)


def test_a_number_that_is_gone_fails_its_own_message_only():
    kept, gone = a_person(phone="13900003301"), a_person(phone="13900003302")
    actions.queue_messages(SYSTEM, to=[gone, kept], template="order_ready", values=VALUES, at=AT)
    people.erase_person(SYSTEM, person=gone, at=AT)
    assert actions.send_due(at=AT) == 1
    walls.raise_for(SYSTEM)
    assert dict(Message.objects.values_list("party", "state")) == {kept: "sent", gone: "failed"}


def test_a_message_that_cannot_be_sent_is_tried_again_with_pauses_and_given_up(settings, monkeypatch):
    monkeypatch.setattr(actions, "gateway", lambda: Silent())
    actions.queue_message(SYSTEM, to=a_person(), template="order_ready", values=VALUES, at=AT)
    moment = AT
    for attempt in range(1, rules.TRIES + 1):
        assert actions.send_due(at=moment) == 0
        assert actions.send_due(at=moment) == 0  # the pause holds
        moment += rules.wait_before(attempt)
    walls.raise_for(SYSTEM)
    (message,) = Message.objects.all()
    assert (message.state, message.attempts) == ("failed", rules.TRIES)
    assert actions.send_due(at=moment + timedelta(days=1)) == 0


def test_bodies_are_erased_after_the_retention():
    actions.send_now(phone="+8613900001111", template="sign_in_code", locale="zh", values={"code": "123456"}, at=AT)
    assert actions.erase_old_bodies(SYSTEM, at=AT + timedelta(hours=23)) == 0
    assert actions.erase_old_bodies(SYSTEM, at=AT + timedelta(hours=25)) == 1
    walls.raise_for(SYSTEM)
    (row,) = InboxMessage.objects.all()
    assert (row.body, row.phone) == (None, "")


def test_the_inbox_is_empty_for_whoever_is_not_inside(resident_scope):
    actions.send_now(phone="+8613900001111", template="sign_in_code", locale="zh", values={"code": "123456"}, at=AT)
    assert queries.inbox(resident_scope) == ()


def test_what_was_written_to_a_person_is_read_again_by_nobody_else():
    person, other = (a_person(phone=f"1390000444{n}") for n in (1, 2))
    actions.queue_message(SYSTEM, to=person, template="order_ready", values=VALUES, at=AT)
    read = queries.letters(Scope(role=Role.RESIDENT, person=person), locale="en")
    assert [(each.template, each.text, each.written_at) for each in read] == [
        ("order_ready", "Your order LO-260302-0001 from 阿婆面馆 is ready. Collect it with your code.", AT)
    ]
    assert queries.letters(Scope(role=Role.RESIDENT, person=other), locale="en") == ()
