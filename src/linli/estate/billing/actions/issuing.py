"""A month goes out once and is closed; then nothing of it changes any more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from linli.estate.billing import events, rules
from linli.estate.billing.actions.costs import issue_costs
from linli.estate.billing.actions.covering import use_terms
from linli.estate.billing.actions.drafting import held_month
from linli.estate.billing.actions.keeping import use_credit
from linli.estate.billing.models import DraftLine, Month
from linli.estate.billing.queries import differences
from linli.estate.metering import actions as metering
from linli.kernel.ids import CommunityId, PartyId
from linli.kernel.money import Money
from linli.kernel.refusals import Refusal
from linli.kernel.words import _
from linli.money.ledger import actions as ledger
from linli.spine import sql
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.outbox import tell
from linli.spine.scope import Scope

PORTION = 5_000
"""So many lines go out and are posted at once: memory stays bounded whatever the community."""


class Unfinished(Refusal):
    """Some lines of the draft cannot be worked out."""

    says = _("{stopped} charges cannot be worked out yet. Look at them, or issue without them.")


class NothingDrafted(Refusal):
    """A month is looked at before it goes out."""

    says = _("This month has not been drafted.")


class DoesNotReconcile(Refusal):
    """The book says something else than the lines: somebody has to look before the month is closed."""

    says = _("{count} figures do not agree. The first is {what}: the book says {booked}, the lines say {counted}.")


@dataclass(frozen=True, slots=True)
class Issued:
    bills: int
    lines: int
    amount: Money


@action(needs=May.ISSUE_BILLS)
def issue_month(
    scope: Scope, *, community: CommunityId, first_on: date, without_stopped: bool = False, at: datetime
) -> Issued:
    """This will turn a month's draft into bills and post them to the company's book, once, all or nothing.

    Lines that are stopped hold it back, unless it is said that it goes out without them.
    """
    month = held_month(scope, community, first_on, rules.MonthVerb.ISSUE)
    if month.drafted_at is None:
        raise NothingDrafted
    issue_costs(scope, month, at)
    stopped = DraftLine.objects.within(scope).filter(month=month).exclude(stop="").count()
    if stopped and not without_stopped:
        raise Unfinished(stopped=stopped)
    with ledger.refusing():
        ((bills, lines, minor),) = sql.fetch("SELECT * FROM billing_issue(%s, %s, %s)", month.pk, PORTION, at)
    amount = Money(minor)
    use_terms(month, at)
    use_credit(scope, community, at)
    DraftLine.objects.within(scope).filter(month=month, stop="").delete()
    Month.objects.within(scope).filter(pk=month.pk).update(
        state=rules.MONTH_LIFE.after(rules.MonthState(month.state), rules.MonthVerb.ISSUE).value, issued_at=at
    )
    metering.lock_readings(scope, community=community, until=rules.add_months(first_on, 1), at=at)
    tell(
        events.BillsIssued(
            community=community, month=month.pk, first_on=first_on, bills=bills, lines=lines, amount=amount, at=at
        )
    )
    return Issued(bills, lines, amount)


@action(needs=May.ISSUE_BILLS)
def close_month(scope: Scope, *, community: CommunityId, first_on: date, at: datetime) -> None:
    """This will close a month: nothing is taken or credited on its days any more.

    Only when the company's book and the lines of the community say the same, account by account and line by line.
    """
    month = held_month(scope, community, first_on, rules.MonthVerb.CLOSE)
    found = differences(scope, community=community, company=PartyId(month.company))
    if found:
        raise DoesNotReconcile(
            count=len(found), what=found[0].what, booked=str(found[0].booked), counted=str(found[0].counted)
        )
    Month.objects.within(scope).filter(pk=month.pk).update(
        state=rules.MONTH_LIFE.after(rules.MonthState(month.state), rules.MonthVerb.CLOSE).value, closed_at=at
    )
