"""Drafting and signing: with whom, about what, for how long, at what price; signed, its plan stands."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from linli.estate.billing import actions as billing
from linli.estate.billing.rules import SubjectKind
from linli.estate.contracts import events, rules
from linli.estate.contracts.actions.held import MOST_WHY, hold, kept_terms, lay, move, note_version, said, terms_of
from linli.estate.contracts.models import Contract, ContractMove, ContractPaper
from linli.ground.files import actions as files
from linli.ground.people import actions as people
from linli.ground.people import queries as find
from linli.ground.places import queries as places
from linli.ground.policies.queries import policy
from linli.kernel import ids
from linli.kernel.ids import CommunityId, ContractId, PartyId
from linli.kernel.money import Money
from linli.kernel.refusals import Invalid, NotFound, Refusal
from linli.kernel.words import _
from linli.spine import moves
from linli.spine.action import action
from linli.spine.labels import next_label
from linli.spine.may import May
from linli.spine.outbox import tell
from linli.spine.scope import SYSTEM, Scope

DEPOSIT = "contract"
MOST_PAPERS = 40
MOST_TERM_DAYS = 366 * 50


class SumsDiffer(Refusal):
    """What the paper says and what the plan comes to are not the same."""

    says = _("The plan comes to {plan}, and the contract says {said}.")
    status = 422


@dataclass(frozen=True, slots=True, kw_only=True)
class ContractDraft:
    """What is agreed. With a phone the party is a person, without one an organisation.

    `stated` is the sum as the paper says it: where it is given, the plan has to come to it.
    """

    direction: rules.Direction
    party_name: str
    party_phone: str = ""
    subject: str
    place: str = ""
    start_on: date
    end_on: date
    terms: rules.Terms
    stated: Money | None = None
    deposit: Money = Money.zero
    remind_days: int = 30
    is_theirs: bool = False
    """The number is the party's although it is known under another name."""


class KnownByAnotherName(Refusal):
    """The contract would be somebody else's, on whose phone it stands."""

    says = _("This number belongs to somebody of another name. Check it, or say below that it is theirs.")
    status = 422


@action(needs=May.KEEP_CONTRACTS, private=("draft",))
def draft_contract(scope: Scope, *, community: CommunityId, draft: ContractDraft, at: datetime) -> ContractId:
    """This will write a contract down as a draft, with the sum that its plan comes to."""
    if community not in scope.communities or scope.company is None:
        raise NotFound("community")
    days = policy(scope, rules.ContractPolicy, at=at, community=community).draft_days
    values: Any = _agreed(draft) | {
        "id": ids.new(),
        "label": next_label("CT", place=community, day=places.day_in(community, at)),
        "community": community,
        "company": scope.company,
        "party": _party(draft, at),
        "state": rules.CONTRACT_LIFE.birth.value,
        "drafted_at": at,
        "due_at": at + timedelta(days=days),
    }
    row = Contract.objects.create(**values)
    moves.born(ContractMove, row, rules.ContractVerb.DRAFT, scope=scope, at=at)
    return ContractId(row.pk)


@action(needs=May.KEEP_CONTRACTS, private=("draft",))
def revise_draft(scope: Scope, *, contract: ContractId, draft: ContractDraft, at: datetime) -> None:
    """This will write a draft anew, as long as it is not signed; without a name its party stays."""
    row = hold(scope, contract)
    rules.CONTRACT_LIFE.after(rules.ContractState(row.state), rules.ContractVerb.REVISE)
    changed = _agreed(draft)
    if draft.party_name.strip():
        changed["party"] = _party(draft, at)
    move(scope, row, rules.ContractVerb.REVISE, at, **changed)


def _agreed(draft: ContractDraft) -> dict[str, Any]:
    """What a draft says, checked, as the columns of its contract."""
    subject = said(draft.subject, 120, field="subject")
    place = said(draft.place, 80, field="place", needed=False)
    if not 0 <= draft.remind_days <= 365:
        raise Invalid("remind_days", _("Between {low} and {high}."), low=0, high=365)
    if draft.deposit < Money.zero or (draft.deposit and draft.direction is rules.Direction.PAY):
        raise Invalid("deposit", _("A deposit is asked for where the company collects."))
    if (draft.end_on - draft.start_on).days > MOST_TERM_DAYS:
        raise Invalid("end_on", _("At most fifty years."))
    plan = rules.plan(draft.terms, rules.Days(draft.start_on, draft.end_on))
    comes_to = rules.total(plan)
    if draft.stated is not None and draft.stated != comes_to:
        raise SumsDiffer(field="stated", plan=comes_to, said=draft.stated)
    return {
        "direction": draft.direction.value,
        "subject": subject,
        "place": place,
        "start_on": draft.start_on,
        "end_on": draft.end_on,
        "sum_minor": comes_to.minor,
        "deposit_minor": draft.deposit.minor,
        "terms": kept_terms(draft.terms),
        "remind_days": draft.remind_days,
    }


@action(needs=May.KEEP_CONTRACTS)
def sign_contract(scope: Scope, *, contract: ContractId, at: datetime) -> None:
    """This will put a draft in force: its plan is laid, its deposit asked for."""
    row = hold(scope, contract)
    move(scope, row, rules.ContractVerb.SIGN, at, due_at=None)
    lay(scope, row, rules.plan(terms_of(row.terms), rules.Days(row.start_on, row.end_on)), at)
    note_version(row, row.start_on, at)
    community = CommunityId(row.community)
    if row.deposit_minor:
        row.deposit = billing.ask_deposit(
            SYSTEM,
            community=community,
            subject=row.pk,
            kind=SubjectKind.CONTRACT,
            obligor=PartyId(row.party),
            word=DEPOSIT,
            title={"zh": f"合同押金 {row.label}", "en": f"Deposit of contract {row.label}"},
            amount=Money(row.deposit_minor),
            source=f"contract:{row.pk}",
            back_on=row.end_on,
            at=at,
        )
        row.save(update_fields=["deposit"])
    tell(events.ContractSigned(contract=contract, community=community, total=Money(row.sum_minor), at=at))


@action(needs=May.KEEP_CONTRACTS, private=("why",))
def drop_draft(scope: Scope, *, contract: ContractId, why: str, at: datetime) -> None:
    """This will drop a draft, for a reason."""
    row = hold(scope, contract)
    move(scope, row, rules.ContractVerb.DROP, at, why=said(why, MOST_WHY, field="why"), due_at=None)


@action(needs=May.KEEP_CONTRACTS, private=("title", "upload"))
def add_contract_paper(
    scope: Scope, *, contract: ContractId, title: str, upload: tuple[str, bytes], at: datetime
) -> None:
    """This will keep a scan of a contract or of what belongs to it."""
    row = hold(scope, contract)
    if ContractPaper.objects.within(scope).filter(contract=row).count() >= MOST_PAPERS:
        raise Invalid("file", _("At most {most} papers."), most=MOST_PAPERS)
    (file,) = files.keep_files(scope, uploads=(upload,), field="file", most=1, at=at)
    name = said(title, 80, field="title")
    ContractPaper.objects.create(
        id=ids.new(), community=row.community, contract=row, title=name, file=file, added_at=at
    )


def _party(draft: ContractDraft, at: datetime) -> PartyId:
    """Who it is with; whoever keeps contracts need not be somebody who keeps people.

    A number that is known finds its person. Under another name it is refused once: a contract stands on its party's
    phone, and a slip of the finger shall not show it to a stranger.
    """
    name = said(draft.party_name, 60, field="party_name")
    if not draft.party_phone.strip():
        return people.register_organisation(SYSTEM, name=name, at=at)
    known = find.person_by_phone(SYSTEM, phone=draft.party_phone)
    if known is None:
        return people.register_person(SYSTEM, name=name, phone=draft.party_phone, at=at)
    if find.names(SYSTEM, parties=[known]).get(known) != name and not draft.is_theirs:
        raise KnownByAnotherName(field="party_phone")
    return known
