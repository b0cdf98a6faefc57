"""What assets do by the clock (due maintenance is opened, the desk is told, stock-takings end), and for whoever has a
sheet of them."""

from __future__ import annotations

from datetime import datetime

from linli.estate.assets import actions, queries
from linli.estate.assets.actions import SheetPreview, TakenOver
from linli.estate.assets.rules import PREVIEW_ASSETS, TAKE_OVER_ASSETS, AssetsRun
from linli.ground.chores.rules import Work, undertakes
from linli.ground.files import queries as files
from linli.spine.jobs import timed
from linli.spine.may import May
from linli.spine.scope import SYSTEM, Scope

MOST = 2_000


@timed("25 * * * *")
def open_tasks(*, at: datetime) -> int:
    """This will open every task whose date is near."""
    due = queries.maybe_due(SYSTEM, at=at, limit=MOST)
    return sum(actions.open_task(SYSTEM, plan=plan, asset=asset, at=at) is not None for plan, asset in due)


@timed("5 0 * * *")
def tell_what_waits(*, at: datetime) -> int:
    """This will tell the desks what became overdue."""
    waiting = queries.communities_that_wait(SYSTEM, at=at)
    return sum(actions.tell_what_waits(SYSTEM, community=community, at=at) for community in waiting)


@timed("35 * * * *")
def lapse_takings(*, at: datetime) -> int:
    """This will end stock-takings whose days are over."""
    over = queries.takings_over(SYSTEM, at=at, limit=MOST)
    for taking in over:
        actions.lapse_taking(SYSTEM, taking=taking, at=at)
    return len(over)


@undertakes(PREVIEW_ASSETS, needs=May.KEEP_ASSETS)
def preview_assets(scope: Scope, run: AssetsRun, work: Work) -> SheetPreview:
    """This will tell what a sheet of assets would enter."""
    return actions.preview_assets(
        scope,
        community=run.community,
        file_name=work.label,
        content=files.given_to(scope, file=work.file).content,
        tell=work.tell,
        at=work.at,
    )


@undertakes(TAKE_OVER_ASSETS, needs=May.KEEP_ASSETS)
def take_over_assets(scope: Scope, run: AssetsRun, work: Work) -> TakenOver:
    """This will enter the assets of a sheet."""
    return actions.take_over_assets(
        scope,
        community=run.community,
        file_name=work.label,
        content=files.given_to(scope, file=work.file).content,
        tell=work.tell,
        at=work.at,
    )
