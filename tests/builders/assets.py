"""Assets, plans and their engineers for tests."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any
from uuid import UUID

from builders.billing import Desk
from builders.clock import AT
from builders.workorders import Crew, a_crew
from linli.estate.assets import actions, queries, tasks
from linli.estate.assets.actions import AssetDraft, PlanDraft
from linli.estate.assets.rules import AssetKind, Every, Outcome, Rhythm
from linli.estate.workorders import actions as workorders
from linli.estate.workorders.rules import Skill
from linli.kernel.ids import AssetId
from linli.spine.scope import Scope

OK = (Outcome.OK, "")
TODAY = date(2026, 3, 2)


@dataclass(frozen=True)
class Stock:
    """A community's register of assets."""

    crew: Crew

    @property
    def desk(self) -> Desk:
        return self.crew.desk

    @property
    def scope(self) -> Scope:
        return self.crew.desk.scope

    def an_engineer(self) -> Scope:
        """This will employ a technician who is able to do every work of the first repair type."""
        return self.crew.a_worker(Skill.PLUMBING, Skill.LIFTS)

    def an_asset(self, name: str = "1 号梯", **given: Any) -> AssetId:
        draft = AssetDraft(**({"kind": AssetKind.LIFT, "name": name, "place": "1 栋首层"} | given))
        return actions.register_asset(self.scope, community=self.desk.community.id, draft=draft, at=AT)

    def a_plan(self, asset: AssetId | None = None, *, anchor: date = TODAY, **given: Any) -> UUID:
        about = {"asset": asset} if asset else {"kind": AssetKind.LIFT}
        said = {"name": "月度保养", "rhythm": Rhythm(1, Every.MONTHS, anchor), "items": ["门锁", "制动器"]}
        draft = PlanDraft(**(about | said | given))
        return actions.add_plan(self.scope, community=self.desk.community.id, draft=draft, at=AT)

    def opened(self, *, at: datetime = AT) -> tuple[queries.TaskRow, ...]:
        """This will let the clock open what is due, and list what is open."""
        tasks.open_tasks(at=at)
        return queries.tasks(self.scope, today=at.date())

    def card(self, asset: AssetId) -> queries.AssetCard:
        return queries.asset_page(self.scope, asset=asset, at=AT).card

    def given_to(self, engineer: Scope, task: queries.TaskRow, *, at: datetime = AT) -> None:
        assert task.order is not None
        assert engineer.person is not None
        workorders.give_work(self.scope, order=task.order, person=engineer.person, at=at)

    def elsewhere(self) -> Scope:
        """Staff of the same company who work in no community of ours."""
        return replace(self.scope, communities=())


def a_stock() -> Stock:
    return Stock(a_crew())


def a_sheet(*rows: str) -> bytes:
    """A CSV of assets with the usual columns."""
    return "\n".join(("编号,类别,名称,位置,购置日期,原值,残值,使用月数", *rows)).encode()
