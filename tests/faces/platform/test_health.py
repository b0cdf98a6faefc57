"""The page of health: what the doctor found and when, asked again as a job that the page follows."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest

from builders import AT, a_person
from harness.budget import budget
from linli.faces.platform.parts import PARTS
from linli.kernel.money import Money
from linli.spine import findings, outbox, sql, upkeep
from linli.spine.findings import Finding, told
from linli.spine.scope import SYSTEM, Role, Scope
from linli.works.doctor import examination, tasks

pytestmark = pytest.mark.django_db
NOW = AT + timedelta(hours=1)


@pytest.fixture(autouse=True)
def at_the_moment_of_the_tests(monkeypatch):
    monkeypatch.setattr("linli.faces.shell.dispatch.now", lambda: NOW)
    monkeypatch.setattr("linli.faces.shell.doorway.now", lambda: NOW)


@pytest.fixture
def operator() -> Scope:
    return Scope(role=Role.PLATFORM, person=a_person())


@pytest.fixture
def desk(visitor, operator):
    return visitor(operator)


def text(response) -> str:
    return response.content.decode()


def test_the_page_names_every_part_that_the_doctor_knows():
    assert set(PARTS) == set(examination.PARTS)


def test_the_page_keeps_its_budget_in_both_languages(visitor, operator):
    for locale in ("zh-CN", "en"):
        client = visitor(operator, locale=locale)
        client.get("/platform/health/")
        with budget(10):
            assert client.get("/platform/health/").status_code == 200


def test_the_doctor_is_asked_and_the_page_follows_until_it_has_looked(desk):
    assert "never seen" in text(desk.get("/platform/health/"))
    assert desk.post("/platform/health/examination/").status_code == 303
    assert set(findings.asked_parts(SYSTEM)) == set(PARTS)
    waiting = text(desk.get("/platform/health/"))
    assert f"0 of {len(PARTS)} parts" in waiting
    assert 'hx-get="/platform/health/"' in waiting
    assert tasks.examine_asked(at=NOW) == len(PARTS)
    assert tasks.examine_asked(at=NOW) == 0
    after = text(desk.get("/platform/health/"))
    assert "sound" in after
    assert "hx-get" not in after.partition('id="examined"')[2].partition("</table>")[0]


def test_what_is_broken_is_named(desk):
    broken = (Finding("Every line is in one payout only", False, ("Line 7 is in 2 payouts.",)),)
    findings.keep(SYSTEM, part="payouts", found=broken, at=NOW)
    page = text(desk.get("/platform/health/"))
    assert "Line 7 is in 2 payouts." in page
    assert "broken" in page


def test_what_is_wrong_is_told_in_the_readers_language_and_zone(visitor, operator):
    late = told(
        "Payout {payout} of {amount} is {state}; it was drawn on {since}.",
        payout=(one := uuid4()),
        amount=Money(128_50),
        state="sent",
        since=NOW,
    )
    findings.keep(SYSTEM, part="payouts", found=(Finding("x", False, (late, "ValueError: no")),), at=NOW)
    for locale, says in (
        ("zh-CN", f"打款 {one}（128.50）处于 已发出 状态"),
        ("en", f"Payout {one} of 128.50 is sent;"),
    ):
        page = text(visitor(operator, locale=locale).get("/platform/health/"))
        assert says in page
        assert "UTC" not in page
        assert "ValueError: no" in page


def test_what_was_found_by_an_older_house_is_still_shown(desk):
    sql.run(
        "INSERT INTO spine_examination (part, ran_at, found) VALUES ('stock', %s, %s)",
        NOW,
        '[{"invariant": "x", "ok": false, "details": ["Of a 3 are reserved"]}]',
    )
    assert "Of a 3 are reserved" in text(desk.get("/platform/health/"))


def test_once_a_day_everything_is_asked():
    assert tasks.ask_daily(at=NOW) == len(PARTS)
    assert set(findings.asked_parts(SYSTEM)) == set(PARTS)


def a_stuck_fact() -> int:
    row = sql.fetch_one(
        "INSERT INTO spine_fact (kind, body, attempts, error)"
        " VALUES ('plums.Fell', '{}', %s, 'plums.eat: Boom') RETURNING id",
        outbox.TRIES,
    )
    assert row is not None
    return int(row[0])


def a_job(status: str, *, lock: str = "plums.ripen") -> int:
    row = sql.fetch_one(
        "INSERT INTO procrastinate_jobs (queue_name, task_name, queueing_lock, args, status)"
        " VALUES ('default', 'plums.ripen', %s, '{}', %s) RETURNING id",
        lock,
        status,
    )
    assert row is not None
    return int(row[0])


def fact_row(number: int) -> tuple[object, ...] | None:
    return sql.fetch_one("SELECT attempts, due_at FROM spine_fact WHERE id = %s", number)


def job_state(number: int) -> str:
    row = sql.fetch_one("SELECT status FROM procrastinate_jobs WHERE id = %s", number)
    assert row is not None
    return str(row[0])


def test_a_fact_that_nobody_could_carry_is_shown_and_carried_again_by_hand(desk):
    number = a_stuck_fact()
    page = text(desk.get("/platform/health/"))
    assert "plums.eat: Boom" in page
    assert desk.post(f"/platform/health/facts/{number}/another-try/").status_code == 303
    assert fact_row(number) == (0, NOW)
    said = sql.fetch_one("SELECT said FROM spine_audit WHERE action LIKE '%%try_fact_again' ORDER BY id DESC LIMIT 1")
    assert said is not None
    assert str(number) in str(said[0])


def test_a_fact_that_is_on_its_way_is_left_alone(desk):
    number = a_stuck_fact()
    sql.run("UPDATE spine_fact SET attempts = 1 WHERE id = %s", number)
    before = fact_row(number)
    assert desk.post(f"/platform/health/facts/{number}/another-try/").status_code == 404
    assert fact_row(number) == before


def test_a_failed_job_is_run_again_but_never_beside_one_that_waits(desk):
    failed = a_job("failed")
    assert "plums.ripen" in text(desk.get("/platform/health/"))
    waiting = a_job("todo")
    assert desk.post(f"/platform/health/jobs/{failed}/another-try/").status_code == 409
    assert job_state(failed) == "failed"
    sql.run("UPDATE procrastinate_jobs SET status = 'cancelled' WHERE id = %s", waiting)
    assert desk.post(f"/platform/health/jobs/{failed}/another-try/").status_code == 303
    assert job_state(failed) == "todo"
    assert desk.post(f"/platform/health/jobs/{failed}/another-try/").status_code == 404


def test_carried_facts_are_counted_by_the_hour_and_tasks_of_the_clock_are_listed(desk, operator):
    number = a_stuck_fact()
    sql.run("UPDATE spine_fact SET settled_at = %s WHERE id = %s", NOW - timedelta(hours=2), number)
    counts = [n for _hour, n in upkeep.carried_by_hour(operator, at=NOW)]
    assert (len(counts), counts[-3], sum(counts)) == (24, 1, 1)
    tasks_ = {each.task: each for each in upkeep.clocks(operator)}
    assert tasks_["spine.forget_facts"].cron == "19 3 * * *"
    assert tasks_["spine.forget_facts"].last_at is None
    assert "spine.forget_facts" in text(desk.get("/platform/health/"))


def test_nobody_else_tries_anything_again(visitor):
    number, job = a_stuck_fact(), a_job("failed")
    for role in (Role.RESIDENT, Role.MERCHANT, Role.PROPERTY):
        client = visitor(Scope(role=role, person=a_person()))
        assert client.post(f"/platform/health/facts/{number}/another-try/").status_code == 404
        assert client.post(f"/platform/health/jobs/{job}/another-try/").status_code == 404
    assert (fact_row(number)[0], job_state(job)) == (outbox.TRIES, "failed")


def test_strangers_ask_nothing(visitor):
    for role in (Role.RESIDENT, Role.MERCHANT, Role.PROPERTY):
        client = visitor(Scope(role=role, person=a_person()))
        assert client.get("/platform/health/").status_code == 404
        assert client.post("/platform/health/examination/").status_code == 404
        assert findings.examined(Scope(role=role, person=a_person())) == ()
    assert findings.asked_parts(SYSTEM) == ()


def test_many_are_tried_again_and_those_that_are_not_are_named(desk):
    fact, done = a_stuck_fact(), 10**12
    first, second, waits = (a_job("failed", lock=lock) for lock in ("plums.ripen", "plums.ripen", "pears.ripen"))
    a_job("todo", lock="pears.ripen")
    ticked = [
        f"fact-{fact}",
        f"fact-{done}",
        f"job-{first}",
        f"job-{second}",
        f"job-{waits}",
        "job-x",
        f"job-{'9' * 30}",
    ]
    answer = desk.post("/platform/health/another-try/", {"chosen": ticked})
    said = text(desk.get(answer["Location"]))
    assert "2 are tried again within seconds." in said
    assert f"{second}, {waits}: The same task waits for the worker already." in said
    assert f"{done}: It was tried or done meanwhile." in said
    assert fact_row(fact) == (0, NOW)
    assert [job_state(each) for each in (first, second, waits)] == ["todo", "failed", "failed"]
    again = desk.post("/platform/health/another-try/", {"chosen": [f"fact-{fact}", f"job-{first}"]})
    assert f"{fact}, {first}: It was tried or done meanwhile." in text(desk.get(again["Location"]))
    assert desk.post("/platform/health/another-try/", {"chosen": ["job-x"]}).status_code == 422
