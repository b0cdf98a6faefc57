"""Contracts at the desk: what was agreed with whom, the dates of its money, amendments and ends."""

from __future__ import annotations

from decimal import Decimal

from django.http import HttpResponse

from linli.estate.billing import queries as billing
from linli.estate.contracts import actions, queries
from linli.estate.contracts.actions import ContractDraft
from linli.estate.contracts.queries import ContractCard, ContractSort
from linli.estate.contracts.rules import (
    RUNNING,
    ContractState,
    ContractVerb,
    Direction,
    Escalation,
    Proration,
    RaiseOf,
    RowState,
    Terms,
)
from linli.faces.property.charging import community_here, community_of
from linli.faces.property.communities import own_communities
from linli.faces.shell.addresses import url
from linli.faces.shell.forms import Fields
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import PropertyRequest
from linli.faces.shell.sheets import most_rows, sheet
from linli.faces.shell.sorting import Sorting
from linli.ground.people import queries as people
from linli.ground.places import queries as places
from linli.ground.places.queries import CommunityCard
from linli.kernel.ids import CommunityId, ContractId
from linli.kernel.money import Money
from linli.kernel.refusals import Invalid, NotFound
from linli.spine.may import May

A_PAGE = 100
NEEDS = May.KEEP_CONTRACTS
ONE = "contracts/<uuid:contract>/"


@page("property", "GET", "contracts/", needs=NEEDS)
def contracts(request: PropertyRequest) -> HttpResponse:
    """This will list the contracts of a community, the latest first."""
    cards = own_communities(request)
    community = community_here(request, cards)
    found, sorting = _found(request, community, A_PAGE + 1), _sorting(request, community)
    asked = {**sorting.chosen, "by": sorting.word}
    parties = {one.party for one in found}
    return request.render(
        "property/contracts.jinja",
        communities=cards,
        community=community,
        contracts=found[:A_PAGE],
        names=people.names(request.scope, parties=parties) if parties else {},
        directions=tuple(Direction),
        states=tuple(ContractState),
        asked=asked,
        sorting=sorting,
        more=url("property:contracts", **asked, after=found[A_PAGE - 1].contract) if len(found) > A_PAGE else None,
        export=url("property:contracts-file", **asked),
    )


@page("property", "GET", "contracts/file/", name="contracts-file", needs=NEEDS)
def contracts_file(request: PropertyRequest) -> HttpResponse:
    """This will give the list as a sheet."""
    community = community_here(request, own_communities(request))
    found = _found(request, community, most_rows())
    parties = {one.party for one in found}
    names = people.names(request.scope, parties=parties) if parties else {}
    columns = [
        _("Number"), _("Pays or collects"), _("Party"), _("Subject"), _("Place"), _("From"), _("Until"),
        _("Sum"), _("Deposit"), _("Version"), _("State"),
    ]  # fmt: skip
    rows = (
        (
            *(c.label, c.direction, names.get(c.party, ""), c.subject, c.place, c.start_on, c.ended_on or c.end_on),
            *(c.total, c.deposit, c.version, c.state),
        )
        for c in found
    )
    return sheet(request.query, "contracts", columns, rows)


@page("property", "GET", "contracts/new/<uuid:community>/", name="contract-new", needs=NEEDS)
def new(request: PropertyRequest, community: CommunityId) -> HttpResponse:
    """This will ask what is agreed."""
    card = community_of(request, community)
    today = places.day_in(community, request.at)
    return request.render(
        "property/contract-new.jinja", community=card, today=today, words=_words(), draft=None, party=""
    )


@page("property", "POST", "contracts/new/<uuid:community>/", name="contract-new", needs=NEEDS)
def create(request: PropertyRequest, community: CommunityId) -> HttpResponse:
    """This will write a contract down as a draft."""
    community_of(request, community)
    contract = actions.draft_contract(request.scope, community=community, draft=_draft(request.form), at=request.at)
    return see_other("property:contract", contract, said=_("Drafted. Sign it when both sides have."))


@page("property", "GET", ONE + "revision/", name="contract-revision", needs=NEEDS)
def edit(request: PropertyRequest, contract: ContractId) -> HttpResponse:
    """This will ask what else is agreed, while nobody has signed."""
    shown = queries.contract_page(request.scope, contract=contract, at=request.at)
    if not shown.allows(ContractVerb.REVISE):
        raise NotFound("draft")
    card = shown.card
    return request.render(
        "property/contract-new.jinja",
        community=community_of(request, card.community),
        today=card.start_on,
        words=_words(),
        draft=shown,
        party=people.names(request.scope, parties=[card.party]).get(card.party, ""),
    )


@page("property", "POST", ONE + "revision/", name="contract-revision", needs=NEEDS)
def revise(request: PropertyRequest, contract: ContractId) -> HttpResponse:
    """This will write a draft anew."""
    draft = _draft(request.form, needs_party=False)
    actions.revise_draft(request.scope, contract=contract, draft=draft, at=request.at)
    return see_other("property:contract", contract, said=_("Written anew."))


def _draft(form: Fields, *, needs_party: bool = True) -> ContractDraft:
    party = form.text("party_name", most=60) if needs_party else form.maybe_text("party_name", most=60) or ""
    return ContractDraft(
        direction=form.choice("direction", Direction),
        party_name=party,
        party_phone=form.maybe_text("party_phone", most=20) or "",
        subject=form.text("subject", most=120),
        place=form.maybe_text("place", most=80) or "",
        start_on=form.day("start_on"),
        end_on=form.day("end_on"),
        terms=_terms(form),
        stated=form.maybe_money("stated"),
        deposit=form.maybe_money("deposit") or Money.zero,
        remind_days=form.whole("remind_days", high=365, default=30),
        is_theirs=form.flag("is_theirs"),
    )


@page("property", "GET", ONE, name="contract", needs=NEEDS)
def show(request: PropertyRequest, contract: ContractId) -> HttpResponse:
    """This will show a contract with its plan, and what can be done with it now."""
    shown = queries.contract_page(request.scope, contract=contract, at=request.at)
    known = {shown.card.party} | {move.person for move in shown.history if move.person}
    card = shown.card
    billed = any(row.line for row in shown.rows)
    return request.render(
        "property/contract.jinja",
        page=shown,
        card=card,
        community=community_of(request, card.community),
        names=people.names(request.scope, parties=known),
        today=places.day_in(card.community, request.at),
        account=billing.account_page(request.scope, subject=contract) if billed else None,
        is_draft=card.state is ContractState.DRAFT,
        is_running=card.state in RUNNING,
        may_amend=shown.allows(ContractVerb.AMEND),
        may_mark=card.direction is Direction.PAY and card.state is not ContractState.DRAFT,
        planned=RowState.PLANNED,
        words=_words(),
    )


@page("property", "GET", ONE + "file/", name="contract-file", needs=NEEDS)
def statement(request: PropertyRequest, contract: ContractId) -> HttpResponse:
    """This will give the statement of a contract as a sheet: every row, and what became of it."""
    own_communities(request)
    shown = queries.contract_page(request.scope, contract=contract, at=request.at)
    columns = [_("From"), _("Until"), _("Due on"), _("Amount"), _("State"), _("Paid on"), _("Version"), _("Note")]
    rows = ((r.start_on, r.end_on, r.due_on, r.amount, r.state, r.paid_on, r.version, r.words) for r in shown.rows)
    return sheet(request.query, shown.card.label, columns, rows)


@page("property", "POST", ONE + "signature/", name="contract-signature", asks="property:contract", needs=NEEDS)
def sign(request: PropertyRequest, contract: ContractId) -> HttpResponse:
    """This will put a contract in force."""
    actions.sign_contract(request.scope, contract=contract, at=request.at)
    return see_other("property:contract", contract, said=_("In force. Its plan stands."))


@page("property", "POST", ONE + "dropping/", name="contract-dropping", asks="property:contract", needs=NEEDS)
def drop(request: PropertyRequest, contract: ContractId) -> HttpResponse:
    """This will drop a draft."""
    actions.drop_draft(request.scope, contract=contract, why=request.form.text("drop_why", most=200), at=request.at)
    return see_other("property:contract", contract, said=_("Dropped."))


@page("property", "POST", ONE + "amendments/", name="contract-amendments", asks="property:contract", needs=NEEDS)
def amend(request: PropertyRequest, contract: ContractId) -> HttpResponse:
    """This will agree on other terms from the first row that is not billed."""
    day = actions.amend_contract(
        request.scope,
        contract=contract,
        terms=_terms(request.form),
        end_on=request.form.maybe_day("end_on"),
        why=request.form.text("why", most=200),
        at=request.at,
    )
    return see_other("property:contract", contract, said=_("The new terms hold from {day}.", day=day.isoformat()))


@page("property", "POST", ONE + "termination/", name="contract-termination", asks="property:contract", needs=NEEDS)
def terminate(request: PropertyRequest, contract: ContractId) -> HttpResponse:
    """This will end a contract early."""
    form = request.form
    left = actions.terminate_contract(
        request.scope,
        contract=contract,
        ended_on=form.day("ended_on"),
        why=form.text("termination_why", most=200),
        at=request.at,
    )
    said = _("It ends early. The plan comes to {amount} now.", amount=f"¥{left}")
    return see_other("property:contract", contract, said=said)


@page("property", "POST", ONE + "papers/", name="contract-papers", asks="property:contract", needs=NEEDS)
def add_paper(request: PropertyRequest, contract: ContractId) -> HttpResponse:
    """This will keep a scan."""
    given = request.form.file("file")
    actions.add_contract_paper(
        request.scope,
        contract=contract,
        title=request.form.text("title", most=80),
        upload=(given.name, given.content),
        at=request.at,
    )
    return see_other("property:contract", contract, said=_("Kept."))


def _words() -> dict[str, object]:
    return {"directions": tuple(Direction), "prorations": tuple(Proration), "bases": tuple(RaiseOf)}


def _terms(form: Fields) -> Terms:
    return Terms(
        every_months=form.whole("every_months", low=1, high=60, default=1),
        monthly=form.maybe_money("monthly"),
        total=form.maybe_money("total"),
        escalation=_escalation(form),
        free_months=form.whole("free_months", high=60, default=0),
        due_days=form.whole("due_days", low=-60, high=90, default=0),
        proration=form.choice("proration", Proration),
    )


def _escalation(form: Fields) -> Escalation | None:
    """Per cent as people write it: 5 is 5 %."""
    if not form.maybe_text("rise_months"):
        return None
    percent = form.number("rise_percent", high=100) if form.maybe_text("rise_percent") else Decimal(0)
    amount = form.maybe_money("rise_amount") or Money.zero
    if bool(percent) == bool(amount):
        raise Invalid("rise_percent", _("A rise is a percentage or an amount, one of them."))
    return Escalation(
        months=form.whole("rise_months", low=1, high=120),
        rate=percent / 100,
        amount=amount,
        of=form.choice("rise_of", RaiseOf),
        cap=form.maybe_money("rise_cap"),
    )


def _asked(request: PropertyRequest, community: CommunityCard) -> dict[str, object]:
    direction, state = request.query.raw("direction"), request.query.raw("state")
    return {
        "community": community.id,
        "direction": direction if direction in {each.value for each in Direction} else None,
        "state": state if state in {each.value for each in ContractState} else None,
        "words": request.query.maybe_text("words", most=60),
    }


def _sorting(request: PropertyRequest, community: CommunityCard) -> Sorting:
    return Sorting.of(request, "property:contracts", tuple(ContractSort), _asked(request, community))


def _found(request: PropertyRequest, community: CommunityCard, limit: int) -> tuple[ContractCard, ...]:
    asked, after, sorting = _asked(request, community), request.query.maybe_id("after"), _sorting(request, community)
    return queries.contracts(
        request.scope,
        community=community.id,
        direction=Direction(str(asked["direction"])) if asked["direction"] else None,
        state=ContractState(str(asked["state"])) if asked["state"] else None,
        words=str(asked["words"] or ""),
        order=ContractSort(sorting.key) if sorting.key else ContractSort.NEWEST,
        is_rising=sorting.is_rising,
        after=ContractId(after) if after else None,
        limit=limit,
    )
