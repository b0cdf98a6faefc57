"""Arrears: reminders in stages, sent once each, and notes of what was said; never anything that cuts a home off."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from uuid import UUID

from linli.estate.billing import rules
from linli.estate.billing.actions.crediting import insist_on_reason
from linli.estate.billing.actions.mandates import end_mandates_of
from linli.estate.billing.actions.settling import subject_of, subjects_in
from linli.estate.billing.actions.telling import tell_people
from linli.estate.billing.models import ArrearsNote
from linli.estate.billing.queries.nights import awake_at
from linli.ground.places import queries as places
from linli.ground.policies.queries import policy
from linli.kernel import ids
from linli.kernel.ids import CommunityId, PartyId
from linli.kernel.money import Money
from linli.kernel.refusals import Invalid, NotFound, Refusal
from linli.kernel.together import MOST, NotDone, Together, missing
from linli.kernel.words import _
from linli.spine import sql
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.scope import SYSTEM, Scope

MOST_REMINDED = 20_000
_LATE = """
    SELECT coalesce(l.home, l.subject) AS account, l.obligor, min(l.due_on),
           sum(l.amount_minor - l.paid_minor - l.credited_minor)::bigint
    FROM billing_line l
    WHERE l.community = %s AND l.is_open
      AND l.due_on < %s
      AND NOT EXISTS (SELECT FROM billing_arrears_note n WHERE n.community = l.community
                      AND n.subject = coalesce(l.home, l.subject) AND n.kind = 'promise' AND n.promised_on >= %s)
      AND NOT EXISTS (SELECT FROM billing_pause p WHERE p.line_id = l.id AND p.end_on IS NULL)
    GROUP BY 1, 2 ORDER BY 1, 2 LIMIT %s
"""
_REMIND = """
    INSERT INTO billing_reminder (id, community, subject, obligor, stage, due_on, amount_minor, sent_at)
    SELECT r.id, %s, r.subject, r.obligor, r.stage, r.due_on, r.minor, %s
    FROM unnest(%s::uuid[], %s::uuid[], %s::uuid[], %s::smallint[], %s::date[], %s::bigint[])
        AS r(id, subject, obligor, stage, due_on, minor)
    ON CONFLICT (subject, obligor, due_on, stage) DO NOTHING RETURNING subject, obligor, stage
"""


class NoReminderDue(Refusal):
    """Each stage is told once, and nobody who promised to pay by a day is reminded before it."""

    says = _("No reminder is due: a promise or a pause holds, or this stage was told already.")


@action(needs=May.RUN_CLOCKS)
def tell_obligors(scope: Scope, *, month: UUID, community: CommunityId, first_on: date, at: datetime) -> int:
    """This will tell everybody who owes a bill of a month that it is there; told again, it tells nobody twice."""
    told = sql.run("UPDATE billing_month SET told_at = %s WHERE id = %s AND told_at IS NULL", at, month)
    if not told:
        return 0
    rows = sql.fetch(
        "SELECT DISTINCT obligor FROM billing_bill WHERE month_id = %s ORDER BY obligor LIMIT %s", month, MOST_REMINDED
    )
    people = [PartyId(row[0]) for row in rows]
    return tell_people(people, "bills_issued", community, at, month=f"{first_on:%Y-%m}")


@action(needs=May.CHASE_ARREARS)
def remind(scope: Scope, *, community: CommunityId, at: datetime) -> int:
    """This will remind everybody in a community whose debt has reached a stage of its policy, once for each stage.

    Whoever promised to pay by a day is left alone until then. A reminder is a message and nothing else; its words say
    whether it is the first, another one or the last, and at night it waits for the morning.
    """
    return len(_reminded(scope, community, at))


def _reminded(scope: Scope, community: CommunityId, at: datetime, only: frozenset[UUID] | None = None) -> list[UUID]:
    """About which debts somebody was reminded, each once for each who owes it."""
    if not scope.is_inside and community not in scope.communities:
        raise NotFound("community")
    today = places.day_in(community, at)
    days = policy(SYSTEM, rules.BillingPolicy, at=at, community=community).reminder_days
    late = [
        (account, obligor, rules.stage_of((today - due_on).days, days), due_on, minor)
        for account, obligor, due_on, minor in sql.fetch(_LATE, community, today, today, MOST_REMINDED)
        if only is None or account in only
    ]
    due = [each for each in late if each[2]]
    if not due:
        return []
    new = [ids.new() for _each in due]
    reminded = sql.fetch(_REMIND, community, awake_at(community, at), new, *map(list, zip(*due, strict=True)))
    furthest: dict[PartyId, int] = {}
    for _account, obligor, stage in reminded:
        furthest[obligor] = max(stage, furthest.get(obligor, 0))
    for stage in sorted(set(furthest.values())):
        people = [obligor for obligor, reached in furthest.items() if reached == stage]
        tell_people(people, rules.reminder_word(stage, len(days)), community, at)
    return [row[0] for row in reminded]


@action(needs=May.CHASE_ARREARS, private=("text",))
def note_arrears(
    scope: Scope,
    *,
    subject: UUID,
    kind: rules.NoteKind,
    text: str,
    obligor: PartyId | None = None,
    promised_on: date | None = None,
    amount: Money | None = None,
    at: datetime,
) -> UUID:
    """This will write down what was said or done about a debt; a promise names the day by which it is paid."""
    community, about = subject_of(scope, subject)
    insist_on_reason(text)
    _insist_on_promise(kind, promised_on, community, at)
    note = ArrearsNote.objects.create(
        id=ids.new(),
        community=community,
        subject=about.home or subject,
        obligor=obligor,
        kind=kind.value,
        text=text.strip(),
        promised_on=promised_on,
        amount_minor=None if amount is None else amount.minor,
        written_by=scope.person,
        written_at=at,
    )
    return UUID(str(note.pk))


@action(needs=May.CHASE_ARREARS, private=("text",))
def note_arrears_of_many(
    scope: Scope,
    *,
    community: CommunityId,
    subjects: Sequence[UUID],
    kind: rules.NoteKind,
    text: str,
    promised_on: date | None = None,
    at: datetime,
) -> Together:
    """This will write the same down about many debts of a community: a letter put up, a visit along a staircase."""
    if not scope.is_inside and community not in scope.communities:
        raise NotFound("community")
    if not 0 < len(subjects) <= MOST:
        raise Invalid("chosen", _("Please choose between 1 and {most}."), most=MOST)
    insist_on_reason(text)
    _insist_on_promise(kind, promised_on, community, at)
    known = subjects_in(scope, community, subjects)
    ArrearsNote.objects.bulk_create(
        ArrearsNote(
            id=ids.new(),
            community=community,
            subject=subject,
            kind=kind.value,
            text=text.strip(),
            promised_on=promised_on,
            written_by=scope.person,
            written_at=at,
        )
        for subject in known
    )
    return Together(tuple(known), tuple(missing(subjects, known, "subject")))


@action(needs=May.CHASE_ARREARS)
def remind_many(scope: Scope, *, community: CommunityId, subjects: Sequence[UUID], at: datetime) -> Together:
    """This will send the reminders of some debts of a community that are due now; the others are named."""
    if not 0 < len(subjects) <= MOST:
        raise Invalid("chosen", _("Please choose between 1 and {most}."), most=MOST)
    sent = _reminded(scope, community, at, frozenset(subjects))
    rest = [NotDone.because(each, NoReminderDue()) for each in dict.fromkeys(subjects) if each not in sent]
    return Together(tuple(each for each in dict.fromkeys(subjects) if each in sent), tuple(rest))


@action(needs=May.RUN_CLOCKS)
def forget_person(scope: Scope, *, person: PartyId, at: datetime) -> None:
    """This will empty what a person wrote about money, and what others wrote about theirs; the amounts stay."""
    end_mandates_of(scope, person, at)
    sql.run("SELECT billing_forget(%s)", person)


def _insist_on_promise(kind: rules.NoteKind, promised_on: date | None, community: CommunityId, at: datetime) -> None:
    if (kind is rules.NoteKind.PROMISE) != (promised_on is not None):
        raise Invalid("promised_on", _("A promise names its day, and nothing else does."))
    if promised_on is not None and promised_on < places.day_in(community, at):
        raise Invalid("promised_on", _("The day lies in the past."))
