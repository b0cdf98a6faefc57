"""What billing does by the clock, and for whoever asked for a month to be drafted, issued or closed or has a sheet."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import structlog

from linli.estate.billing import actions, queries
from linli.estate.billing.actions import BankImport, CostImport, DraftSummary, Issued
from linli.estate.billing.rules import (
    CLOSE_MONTH,
    DRAFT_MONTH,
    IMPORT_BANK_LINES,
    IMPORT_COSTS,
    ISSUE_MONTH,
    BankSheetRun,
    CostSheetRun,
    MonthRun,
)
from linli.ground.chores.rules import Work, undertakes
from linli.ground.files import queries as files
from linli.money.payments.actions import NotSigned
from linli.spine.jobs import timed
from linli.spine.may import May
from linli.spine.scope import SYSTEM, Scope

PORTION = 500
FIRST = UUID(int=0)
_log = structlog.get_logger()


@timed("20 0 * * *")
def accrue_late_fees(*, at: datetime) -> int:
    """This will work out the late fees of all open lines, portion by portion, and give how many fees grew."""
    found = actions.accrue_late_fees(SYSTEM, at=at)
    added = found.lines
    while found.after is not None:
        found = actions.accrue_late_fees(SYSTEM, after=found.after, at=at)
        added += found.lines
    return added


@timed("25 1 * * *")
def lapse_deposits(*, at: datetime) -> int:
    """This will let deposits lapse that were asked for and not paid in time."""
    lapsed = 0
    while (some := actions.lapse_deposits(SYSTEM, limit=PORTION, at=at)) > 0:
        lapsed += some
    return lapsed


@timed("35 1 * * *")
def lapse_waivers(*, at: datetime) -> int:
    """This will let waivers lapse that nobody decided in time."""
    return actions.lapse_waivers(SYSTEM, at=at)


@timed("30 1 * * *")
def remind(*, at: datetime) -> int:
    """This will remind everybody whose debt has reached a stage of its community's policy."""
    return sum(
        actions.remind(SYSTEM, community=community, at=at) for community in queries.communities_in_arrears(SYSTEM)
    )


@timed("40 1 * * *")
def end_terms(*, at: datetime) -> int:
    """This will let prepaid terms lapse that nobody paid, and end those that are used up or were cut long ago."""
    ended = 0
    while (some := actions.lapse_terms(SYSTEM, limit=PORTION, at=at)) > 0:
        ended += some
    while (some := actions.end_terms(SYSTEM, limit=PORTION, at=at)) > 0:
        ended += some
    return ended


@timed("45 0 * * *")
def plan_deductions(*, at: datetime) -> int:
    """This will plan the automatic payments of what falls due soon, and tell their payers; gives how many portions."""
    portions, after = 0, actions.plan_deductions(SYSTEM, limit=PORTION, after=FIRST, at=at)
    while after is not None:
        portions += 1
        after = actions.plan_deductions(SYSTEM, limit=PORTION, after=after, at=at)
    return portions


@timed("*/10 * * * *")
def take_rounds(*, at: datetime) -> int:
    """This will take what is planned for today where it is not night, and give how many rounds it was. One that an
    agreement just ended stands in the way of is left to the fact that says so."""
    taken = 0
    for each in queries.rounds_due(SYSTEM, limit=PORTION, at=at):
        try:
            taken += actions.take_round(SYSTEM, round_=each, at=at) is not None
        except NotSigned:
            _log.warning("round_without_agreement", round=str(each))
    return taken


@timed("15 0 * * *")
def keep_plans(*, at: datetime) -> int:
    """This will finish, break and remind of instalment plans before late fees run; gives how many portions it was."""
    portions, after = 1, actions.keep_plans(SYSTEM, limit=PORTION, at=at)
    while after is not None:
        after = actions.keep_plans(SYSTEM, limit=PORTION, after=after, at=at)
        portions += 1
    return portions


@undertakes(DRAFT_MONTH, needs=May.ISSUE_BILLS)
def draft_month(scope: Scope, run: MonthRun, work: Work) -> DraftSummary:
    """This will work a month out."""
    return actions.draft_month(scope, community=run.community, first_on=run.first_on, tell=work.tell, at=work.at)


@undertakes(ISSUE_MONTH, needs=May.ISSUE_BILLS)
def issue_month(scope: Scope, run: MonthRun, work: Work) -> Issued:
    """This will send a month out."""
    return actions.issue_month(
        scope,
        community=run.community,
        first_on=run.first_on,
        without_stopped=run.without_stopped,
        tell=work.tell,
        at=work.at,
    )


@undertakes(CLOSE_MONTH, needs=May.ISSUE_BILLS)
def close_month(scope: Scope, run: MonthRun, work: Work) -> None:
    """This will compare the book with the lines, and lock the days of a month."""
    actions.close_month(scope, community=run.community, first_on=run.first_on, at=work.at)


@undertakes(IMPORT_BANK_LINES, needs=May.MATCH_BANK)
def import_bank_lines(scope: Scope, _run: BankSheetRun, work: Work) -> BankImport:
    """This will take a sheet of the bank in; nothing is posted."""
    content = files.given_to(scope, file=work.file).content
    return actions.import_bank_lines(scope, file_name=work.label, content=content, tell=work.tell, at=work.at)


@undertakes(IMPORT_COSTS, needs=May.ISSUE_BILLS)
def import_costs(scope: Scope, run: CostSheetRun, work: Work) -> CostImport:
    """This will enter a sheet of costs."""
    return actions.import_costs(
        scope,
        community=run.community,
        first_on=run.first_on,
        file_name=work.label,
        content=files.given_to(scope, file=work.file).content,
        tell=work.tell,
        at=work.at,
    )
