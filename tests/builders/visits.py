"""A community with a gate, a guard and a home whose residents invite, for tests."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from builders.billing import Desk, a_desk
from builders.clock import AT
from builders.people import a_person
from builders.places import Home
from linli.estate.visits import actions
from linli.estate.visits.rules import PassDraft, PassKind
from linli.kernel.ids import VisitPassId
from linli.spine.scope import Scope

TODAY = date(2026, 3, 2)
"""The Monday of AT."""


def a_draft(kind: PassKind = PassKind.ONCE, *, first_on: date = TODAY, days: int = 1, **given: object) -> PassDraft:
    last_on = first_on + timedelta(days=days - 1)
    return PassDraft(kind=kind, first_on=first_on, last_on=last_on, **given)  # type: ignore[arg-type]


@dataclass(frozen=True)
class Gate:
    """A guarded community and one home in it."""

    desk: Desk
    home: Home

    @property
    def guard(self) -> Scope:
        return self.desk.scope

    def another_guard(self) -> Scope:
        return replace(self.guard, person=a_person("王警卫"))

    def a_pass(self, kind: PassKind = PassKind.ONCE, *, at: datetime = AT, **given: object) -> VisitPassId:
        return actions.invite(self.home.scope, home=self.home.id, draft=a_draft(kind, **given), at=at)  # type: ignore[arg-type]


def a_gate() -> Gate:
    desk = a_desk()
    return Gate(desk, desk.a_home("3-1-502"))
