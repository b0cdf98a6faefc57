"""Waivers: one person asks with a reason, another decides; what is waived becomes credit lines."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from linli.estate.billing import rules
from linli.estate.billing.actions.charging import company_of
from linli.estate.billing.actions.crediting import MOST_REASON_CHARACTERS, credited, insist_on_reason
from linli.estate.billing.actions.settling import (
    hold_open_lines,
    insist_on_open_month,
    still_open,
    subject_of,
)
from linli.estate.billing.models import Waiver
from linli.ground.policies.queries import policy
from linli.kernel import ids
from linli.kernel.ids import CommunityId
from linli.kernel.money import Money
from linli.kernel.refusals import Invalid, NotFound, Refusal
from linli.kernel.words import _
from linli.money.ledger.rules import waiver as waiver_account
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.scope import Scope

MOST_LINES = 200


class OwnWaiver(Refusal):
    """Who asked for a waiver would approve it."""

    says = _("Somebody else has to decide on what you asked for yourself.")


@dataclass(frozen=True, slots=True)
class Waive:
    """What of a line shall not be paid; all that is open of it where no amount is said."""

    line: int
    amount: Money | None = None


@action(needs=May.TAKE_FEES, private=("why",))
def ask_waiver(scope: Scope, *, subject: UUID, lines: Sequence[Waive], why: str, at: datetime) -> UUID:
    """This will ask to waive lines or late fees of a subject, whole or in part; somebody else decides."""
    insist_on_reason(why)
    community, _about = subject_of(scope, subject)
    if not 0 < len(lines) <= MOST_LINES or len({each.line for each in lines}) != len(lines):
        raise Invalid("lines", _("Between 1 and {most} lines, each once."), most=MOST_LINES)
    held = {row.pk: row for row in hold_open_lines(scope, subject, [each.line for each in lines])}
    minors = []
    for nth, each in enumerate(lines):
        if each.line not in held:
            raise Invalid(f"lines.{nth}", _("Nothing is open on this line any more."))
        amount = still_open(held[each.line]) if each.amount is None else each.amount
        if not Money.zero < amount <= still_open(held[each.line]):
            most = still_open(held[each.line])
            raise Invalid(f"lines.{nth}", _("Between {least} and {most}."), least=Money(1), most=most)
        minors.append(amount.minor)
    days = policy(scope, rules.BillingPolicy, at=at, community=community).waiver_days
    row = Waiver.objects.create(
        id=ids.new(),
        company=company_of(scope),
        community=community,
        subject=subject,
        lines=[each.line for each in lines],
        minors=minors,
        why=why.strip(),
        state=rules.WAIVER_LIFE.birth.value,
        asked_by=scope.person,
        asked_at=at,
        lapses_at=at + timedelta(days=days),
    )
    return UUID(str(row.pk))


@action(needs=May.WAIVE_FEES, private=("answer",))
def decide_waiver(scope: Scope, *, waiver: UUID, approve: bool, answer: str = "", at: datetime) -> Money:
    """This will waive what was asked for, or refuse to; tells what was waived. What was paid meanwhile stays paid.

    Who asked may not approve it, unless the community's policy allows it.
    """
    if len(answer.strip()) > MOST_REASON_CHARACTERS:
        raise Invalid("answer", _("Please say why, in at most {most} characters."), most=MOST_REASON_CHARACTERS)
    row = Waiver.objects.within(scope).select_for_update().filter(pk=waiver).first()
    if row is None or (not scope.is_inside and row.community not in scope.communities):
        raise NotFound("waiver")
    community = CommunityId(row.community)
    terms = policy(scope, rules.BillingPolicy, at=at, community=community)
    if approve and terms.waived_by_two and row.asked_by == scope.person:
        raise OwnWaiver
    verb = rules.WaiverVerb.APPROVE if approve else rules.WaiverVerb.REFUSE
    row.state = rules.WAIVER_LIFE.after(rules.WaiverState(row.state), verb).value
    if approve:
        insist_on_open_month(scope, community, at)
        row.waived_minor = _waive(scope, row, at).minor
    row.decided_by, row.decided_at, row.answer = scope.person, at, answer.strip()
    row.save(update_fields=["state", "waived_minor", "decided_by", "decided_at", "answer"])
    return Money(row.waived_minor)


@action(needs=May.RUN_CLOCKS)
def lapse_waivers(scope: Scope, *, at: datetime) -> int:
    """This will let waivers lapse that nobody decided in time, and give how many."""
    waiting = Waiver.objects.within(scope).filter(state=rules.WaiverState.ASKED.value, lapses_at__lte=at)
    lapsed = rules.WAIVER_LIFE.after(rules.WaiverState.ASKED, rules.WaiverVerb.LAPSE)
    return waiting.update(state=lapsed.value, decided_at=at)


def _waive(scope: Scope, row: Waiver, at: datetime) -> Money:
    waived = Money.zero
    asked = dict(zip(row.lines, row.minors, strict=True))
    for line in hold_open_lines(scope, row.subject, row.lines):
        amount = min(Money(asked[line.pk]), still_open(line))
        credited(line, amount, row.why, at, against=waiver_account(line.item.word))
        waived += amount
    return waived
