"""Showing the demo: its processes side by side, what a stranger needs to know on the screen, and a quiet end."""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from zoneinfo import ZoneInfo

import urllib3
from django.db import connection

from linli.ground.people import queries as people
from linli.kernel.refusals import Refusal
from linli.reach.notify import queries as notify
from linli.reach.notify.rules import TEMPLATES
from linli.spine.scope import SYSTEM
from linli.works.clockwork.ear import listening
from linli.works.clockwork.nightfall import NeverQuiet
from linli.works.clockwork.playing import NotHeard, Player
from linli.works.clockwork.serving import NotHandedOver
from linli.works.demo import (
    assembly,
    assets,
    contracts,
    deliveries,
    firsthand,
    gate_and_service,
    kitchen,
    parking,
    patrols,
    permits,
    settling,
    town,
    unfinished,
    venues,
    wishing,
    workorders,
)
from linli.works.demo.company import Company
from linli.works.demo.neighbours import Neighbours
from linli.works.demo.past import DAYS, Past, opened_at, settled_at
from linli.works.leash import Leashed, stop_all
from linli.works.payers import NotPaid
from linli.works.telling import Say, say, step

READY_LIMIT_S = 60.0
STOP_LIMIT_S = 15.0
LOOK_EVERY_S = 1.0
_HALF = (
    "The town in this database was never finished: the demo that built it was stopped on the way. Linli deletes no"
    " database on a server that somebody else runs; drop it there and start again."
)
_CODE = re.compile(
    "|".join(re.escape(words).replace(r"\{code\}", r"(\d{6})") for words in TEMPLATES["sign_in_code"].values())
)


class DemoStopped(RuntimeError):
    """The demo cannot go on; the message says why."""


def show(
    company: Company,
    *,
    homes: int,
    live: bool,
    stopping: threading.Event,
    count_rows: Callable[[], None],
    tell: Say = say,
) -> None:
    """This will settle the town if there is none, start everything, tell how to sign in, and stay until told to stop.

    Every process is stopped before this returns, also when one of them does not come up.
    """
    plan = town.plan(homes=homes)
    neighbours = Neighbours(plan, company.provider_url) if live else None
    try:
        is_new = not settling.is_settled()
        if is_new:
            unfinished.begin(company.folder)  # the worker waits until it is finished
        company.web.start()
        if is_new:
            _build(company, plan, stopping, count_rows, tell)
        elif unfinished.is_unfinished(company.folder):
            raise DemoStopped(_HALF)
        if stopping.is_set():
            return
        company.provider.start()
        with step("Opening the doors", tell):
            _wait_until_answered(f"{company.provider_url}/", company.provider, stopping)
            _wait_until_answered(company.url, company.web, stopping)
        if not stopping.is_set():
            _tell_the_way(company, tell)
        if neighbours:
            neighbours.start()
        _stay(company, stopping, tell)
    finally:
        if neighbours:
            neighbours.stopping.set()
        connection.close()
        tell("Stopping ...")
        stop_all([each for each in company.processes if each.is_alive], limit_s=STOP_LIMIT_S)


def _build(
    company: Company, plan: town.Town, stopping: threading.Event, count_rows: Callable[[], None], tell: Say
) -> None:
    """A town with its past, or the mark that there is none yet: a demo that is stopped here begins again."""
    homes = len(plan.communities[0].homes)
    company.past_provider.start()  # comes up while the town is written
    try:
        with step(f"Building the town: three communities of {homes} homes, twelve shops", tell):
            now, zone = datetime.now(UTC), ZoneInfo(plan.timezone)
            settling.settle(SYSTEM, town=plan, at=settled_at(now, zone), opened_at=opened_at(now, zone))
            count_rows()
        with step(
            f"Living through earlier weeks and its last {DAYS} days, with real payments at the embedded provider", tell
        ):
            _live_its_past(company, plan, stopping, tell)
            gate_and_service.bring_alive(datetime.now(UTC))
            _open_counters(datetime.now(UTC))
            _fill_the_registers(plan, datetime.now(UTC))
            count_rows()
        workorders.open_counter(at=datetime.now(UTC))
        firsthand.give(datetime.now(UTC))
    finally:
        stop_all([company.past_provider])
    if not stopping.is_set():
        unfinished.finish(company.folder)


def _live_its_past(company: Company, plan: town.Town, stopping: threading.Event, tell: Say) -> None:
    """A past that cannot be played to its end is no reason to keep a stranger out: deadlines end what is half done."""
    _wait_until_answered(f"{company.provider_url}/", company.past_provider, stopping)
    past = Past(plan, company.provider_url, stopping)
    bring_in = Player(company.provider_url, lambda _shop: SYSTEM).bring_in
    with listening(company.ear_port):
        for live in (past.live, partial(deliveries.live, plan, bring_in)):
            try:
                live(datetime.now(UTC))
            except (Refusal, NotPaid, NotHeard, NotHandedOver, NeverQuiet) as reason:
                tell(f"   its past ends early ({type(reason).__name__}: {reason})")


def _open_counters(now: datetime) -> None:
    """The company's counters with some life in them."""
    at_desk = wishing.desk(town.COMPANY_PHONE, now)
    if at_desk is not None:
        parking.live(at_desk, now=now)
        patrols.live(at_desk, now=now)
        assets.live(at_desk, now=now)
        contracts.live(at_desk, now=now)


def _fill_the_registers(plan: town.Town, now: datetime) -> None:
    """What owners and the property company's desk have between them, so that no page is empty."""
    assembly.decide(plan, now)
    permits.ask(plan, now)
    venues.open_up(plan, now)
    kitchen.fill(now)


def _tell_the_way(company: Company, tell: Say) -> None:
    at = datetime.now(UTC)
    roles = {
        "resident": town.RESIDENT_PHONE,
        "merchant": town.MERCHANT_PHONE,
        "property company": town.COMPANY_PHONE,
        "its technician": town.TECHNICIAN_PHONE,
        "courier": town.COURIER_PHONE,
        "platform operator": town.PLATFORM_PHONE,
    }
    tell("")
    tell("This is a demo: a made-up town, a payment provider that moves no real money, messages that leave no house.")
    tell("")
    tell(f"  pages               {company.url}")
    tell(f"  messages (codes)    {company.url}demo/inbox/")
    tell(f"  payment provider    {company.provider_url}/")
    tell("")
    tell("  sign in as          phone          asked for a second time, answer")
    for role, phone in roles.items():
        tell(f"  {role:<19} {phone}    {_second_answer(phone, at)}")
    tell("")
    tell("The one-time code appears among the messages and here. Ctrl-C stops the demo; its data stays.")
    tell("")
    tell(f"Linli is ready: {company.url}")


def _second_answer(phone: str, at: datetime) -> str:
    """What a stranger with that phone would not know: the number of the home, the workplace, or a name."""
    person = people.person_by_phone(SYSTEM, phone=phone)
    if person is None:
        return ""
    homes = people.residents_homes(SYSTEM, person=person, at=at)
    if homes:
        return homes[0].home.door
    labels = [hat.label for hat in people.hats(SYSTEM, person=person, at=at) if hat.place is not None]
    return (
        next((label["zh"] for label in labels if "zh" in label), "") or people.names(SYSTEM, parties=[person])[person]
    )


def _stay(company: Company, stopping: threading.Event, tell: Say) -> None:
    seen = datetime.now(UTC)
    while not stopping.wait(LOOK_EVERY_S):
        for each in company.processes:
            if not each.is_alive:
                raise DemoStopped(f"The {each.name} has ended unexpectedly. Its last words:\n{each.last_words()}")
        seen = _tell_codes(seen, tell)


def _tell_codes(since: datetime, tell: Say) -> datetime:
    newest = since
    for message in reversed(notify.inbox(SYSTEM, limit=20)):
        if message.received_at <= since:
            continue
        newest = max(newest, message.received_at)
        if found := _CODE.search(message.body):
            tell(f"Sign-in code for {message.phone}: {next(code for code in found.groups() if code)}")
    return newest


def _wait_until_answered(url: str, by: Leashed, stopping: threading.Event) -> None:
    until = time.monotonic() + READY_LIMIT_S
    while not stopping.is_set():
        if not by.is_alive:
            raise DemoStopped(f"The {by.name} did not start. Its last words:\n{by.last_words()}")
        try:
            if urllib3.request("GET", url, timeout=10.0, retries=False, redirect=False).status < 400:
                return
        except urllib3.exceptions.HTTPError:
            pass
        if time.monotonic() > until:
            raise DemoStopped(f"The {by.name} did not answer at {url} in {READY_LIMIT_S:.0f} s:\n{by.last_words()}")
        stopping.wait(0.1)
