"""The law of counters: each can be closed, its company sets it, and a closed one is on no phone and in no program."""

from __future__ import annotations

from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType

import pytest

import linli.estate
from builders import AT
from builders.billing import a_desk
from harness.visitors import visitors
from linli.faces.openapi.endpoints import endpoints
from linli.faces.owner.property_counters import COUNTERS
from linli.faces.shell.addresses import url
from linli.faces.shell.pages import addresses, house
from linli.ground.policies import actions as policies
from linli.ground.policies import queries as known
from linli.ground.policies.rules import Policy
from linli.kernel.refusals import NotFound
from linli.spine.scope import SYSTEM, Role

WITHOUT_A_COUNTER = {"attachments", "intake", "patterns"}
"""Modules with which a company sets a community up, and what lies beside things of all counters."""
UNLISTED = {"patrols", "assets", "contracts"}
"""Counters that no resident meets, or only who has signed something there."""
FINISHING = {
    ("owner", "bill-payment"): "a payment that was asked for is finished, whatever it is for",
    ("owner", "bill-payment-return"): "the payer comes back from the provider",
    ("owner", "property"): "the page of counters itself, which leaves the closed ones out",
    ("owner", "home"): "shows what waits at the counters that are open",
    ("public", "visit-link"): "a pass that was given lets its guest in",
    ("public", "parking-payment"): "a car that is inside pays and leaves",
    ("owner", "visit-link"): "a pass that was given lets its guest in",
    ("owner", "parking-payment"): "a car that is inside pays and leaves",
    ("owner", "parking-voucher"): "a shop's guest whose car is inside",
    ("owner", "parking-voucher-use"): "a shop's guest whose car is inside",
    ("owner", "personal-data"): "what is known of a person is theirs, wherever it came from",
    ("owner", "erasure"): "what is known of a person is theirs, wherever it came from",
}
FINISHED_BY = {"bill-payment", "parking-payment", "parking-voucher", "parking-voucher-use", "erasure"}
"""Those of them whose change is let through as well as their page."""
OPEN_ENDPOINTS = {"list_outages"}
"""What is off at home concerns whoever lives there, whether or not they may ask for repairs."""


class Asked(Exception):
    """The page asked whether its counter is open."""


def modules() -> list[str]:
    return [each.name for each in iter_modules(linli.estate.__path__) if each.name not in WITHOUT_A_COUNTER]


def policies_of(module: str) -> list[type[Policy]]:
    return [cls for cls in known.policy_classes() if cls.__module__.startswith(f"linli.estate.{module}.")]


def speaks_of_the_estate(found: ModuleType) -> bool:
    names = [
        getattr(each, "__name__", "") + " " + str(getattr(each, "__module__", "")) for each in vars(found).values()
    ]
    return any(part.startswith("linli.estate.") for name in names for part in name.split())


@pytest.mark.parametrize("module", modules())
def test_every_counter_has_a_switch_that_its_company_turns(module):
    switches = [cls for cls in policies_of(module) if "is_offered" in cls.settings()]
    assert len(switches) == 1
    assert all(cls.of_company for cls in policies_of(module))
    assert switches[0].settings()["is_offered"].default is True


def test_every_counter_that_residents_meet_is_on_their_page_of_counters():
    shown = {counter.policy for counter in COUNTERS}
    met = {cls for module in modules() if module not in UNLISTED for cls in policies_of(module)}
    assert {cls for cls in met if "is_offered" in cls.settings()} == shown


addresses()  # every face, whatever was imported before
PAGES = [
    made
    for made in house.pages()
    if made.role in (None, Role.RESIDENT)
    and made.handler.__module__.startswith("linli.faces.owner.")
    and speaks_of_the_estate(import_module(made.handler.__module__))
]


@pytest.mark.parametrize("made", PAGES, ids=lambda made: f"{made.method} {made.path}")
def test_every_page_of_a_counter_asks_first_whether_it_is_open(made, monkeypatch):
    if (made.face.word, made.name) in FINISHING and (made.method == "GET" or made.name in FINISHED_BY):
        return
    asked: list[type[Policy]] = []

    def note(_request: object, cls: type[Policy]) -> None:
        asked.append(cls)
        raise Asked

    monkeypatch.setattr(import_module(made.handler.__module__), "insist_offered", note)
    with pytest.raises(Asked):
        made.handler(object(), *[None] * len(made.parts))
    assert "is_offered" in asked[0].settings()


ENDPOINTS = [
    made
    for made in endpoints()
    if Role.RESIDENT in (made.roles or ()) and speaks_of_the_estate(import_module(made.handler.__module__))
]


@pytest.mark.parametrize("made", ENDPOINTS, ids=lambda made: made.handler.__name__)
def test_every_endpoint_of_a_counter_asks_first_whether_it_is_open(made, monkeypatch):
    if made.handler.__name__ in OPEN_ENDPOINTS:
        return

    def note(_request: object, _cls: type[Policy]) -> None:
        raise Asked

    monkeypatch.setattr(import_module(made.handler.__module__), "insist_offered", note)
    given = made.handler.__code__.co_argcount - 1
    with pytest.raises(Asked):
        made.handler(object(), *[None] * given)


@pytest.mark.django_db
def test_a_closed_counter_is_not_on_the_phone_and_opens_again(monkeypatch):
    monkeypatch.setattr("linli.faces.shell.dispatch.now", lambda: AT)
    monkeypatch.setattr("linli.faces.shell.doorway.now", lambda: AT)
    desk = a_desk()
    phone = visitors(monkeypatch)(desk.a_home("1-1-101").scope)

    def switch(value: bool) -> None:
        for counter in COUNTERS:
            policies.set_policy(
                SYSTEM, word=counter.policy.word, level="community", place=desk.community.id,
                values={"is_offered": value}, start_at=AT, at=AT,
            )  # fmt: skip

    addresses = {counter.page: url(counter.page) for counter in COUNTERS}
    for is_open, status in ((True, 200), (False, 404), (True, 200)):
        switch(is_open)
        page = phone.get("/o/property/").content.decode()
        for name, address in addresses.items():
            assert phone.get(address).status_code == status, name
            assert (f'href="{address}"' in page) is is_open, name


@pytest.mark.django_db
def test_a_program_finds_no_closed_counter():
    from types import SimpleNamespace

    from linli.estate.billing.rules import BillingPolicy
    from linli.faces.openapi.counters import insist_offered

    desk = a_desk()
    resident = SimpleNamespace(scope=desk.a_home("1-1-101").scope, at=AT)
    staff = SimpleNamespace(scope=desk.scope, at=AT)
    insist_offered(resident, BillingPolicy)
    policies.set_policy(
        SYSTEM, word="billing", level="community", place=desk.community.id, values={"is_offered": False}, start_at=AT,
        at=AT,
    )  # fmt: skip
    insist_offered(staff, BillingPolicy)
    with pytest.raises(NotFound):
        insist_offered(resident, BillingPolicy)
