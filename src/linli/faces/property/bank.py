"""The company's bank: its sheet taken in, each line with whose it seems to be, and posted when somebody says so."""

from __future__ import annotations

from collections.abc import Sequence
from uuid import UUID

from django.http import HttpResponse

from linli.estate.billing import actions
from linli.estate.billing import queries as billing
from linli.estate.billing.actions.bank_lines import COLUMNS, BankWords
from linli.estate.billing.rules import IMPORT_BANK_LINES, BankSheetRun, BankState, Fit
from linli.faces.property.communities import own_communities
from linli.faces.shell import long_work
from linli.faces.shell.addresses import url
from linli.faces.shell.charging import doors
from linli.faces.shell.long_work import Outcome
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.messages import in_language, ngettext
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import PropertyRequest
from linli.faces.shell.sheets import sheet
from linli.ground.chores.queries import ChoreCard
from linli.ground.places import queries as places
from linli.ground.places.queries import CommunityCard
from linli.kernel import ids
from linli.kernel.ids import HomeId
from linli.kernel.refusals import Invalid, NotFound
from linli.spine.may import May


@page("property", "GET", "bank/", needs=May.MATCH_BANK)
def index(request: PropertyRequest) -> HttpResponse:
    """This will list the lines of the bank that wait, or those that were matched or set aside."""
    return _shown(request)


@page("property", "GET", "bank/sheet/", name="bank-sheet", needs=May.MATCH_BANK)
def take_away(request: PropertyRequest) -> HttpResponse:
    """This will give the lines that the list shows as a spreadsheet."""
    own_communities(request)
    lines = billing.bank_lines(request.scope, state=_state(request))
    named = doors([subject for each in lines if each.suggested for subject in each.suggested.subjects])
    columns = [
        _("Day"),
        _("Amount"),
        _("Who pays"),
        _("Words"),
        _("State"),
        _("Seems to be for"),
        _("Decided"),
        _("Why"),
    ]
    rows = (
        [
            one.booked_on, one.amount, one.payer, one.memo, one.state,
            " ".join(named.get(subject, "") for subject in one.suggested.subjects) if one.suggested else "",
            one.decided_at, one.why,
        ]
        for one in lines
    )  # fmt: skip
    return sheet(request.query, "bank-lines", columns, rows)


@page("property", "POST", "bank/", needs=May.MATCH_BANK)
def take_in(request: PropertyRequest) -> HttpResponse:
    """This will take in a sheet of the bank; nothing is posted yet."""
    company = request.scope.company
    if company is None:
        raise NotFound("company")
    file, name = long_work.kept_sheet(request)
    return long_work.answer(
        request,
        kind=IMPORT_BANK_LINES,
        content=BankSheetRun(company),
        about=f"{company}:{file}",
        lane=company,
        label=name,
        file=file,
    )


@long_work.outcome_of(IMPORT_BANK_LINES, says="A sheet of the bank", icon="landmark")
def taken_in(card: ChoreCard) -> Outcome:
    """This will say how many lines were new, or where what is wrong stands."""
    found = card.answer
    if not found:
        return Outcome(card.label, url("property:bank"))
    if found.errors:
        wrong = len(found.errors)
        said = ngettext("{n} cell has to be corrected.", "{n} cells have to be corrected.", wrong)
        return Outcome(card.label, url("property:bank", sheet=card.id), said, is_good=False)
    said = _("{new} new lines, {known} known already. Nothing is posted yet.", new=found.new, known=found.known)
    return Outcome(card.label, url("property:bank"), said)


@page("property", "POST", "bank/matches/", name="bank-matches", asks="property:bank", needs=May.MATCH_BANK)
def match_many(request: PropertyRequest) -> HttpResponse:
    """This will post the ticked lines to the homes that were suggested for them."""
    ticked = set(request.form.ids("lines"))
    suggested = {
        each.line: each.suggested.subjects[0]
        for each in billing.bank_lines(request.scope)
        if each.line in ticked and each.suggested and each.suggested.fit in (Fit.EXACT, Fit.NEAR)
    }
    if not suggested or suggested.keys() != ticked:
        raise Invalid("lines", _("Please tick lines that have one home suggested."))
    done = actions.match_bank_lines(request.scope, pairs=list(suggested.items()), at=request.at)
    return see_other("property:bank", said=ngettext("{n} line is posted.", "{n} lines are posted.", done))


@page("property", "POST", "bank/<uuid:line>/match/", name="bank-match", asks="property:bank", needs=May.MATCH_BANK)
def match(request: PropertyRequest, line: UUID) -> HttpResponse:
    """This will post a line to the home that was chosen or typed for it."""
    chosen = request.form.maybe_id(f"subject.{line}") or _typed(request, line)
    taken = actions.match_bank_line(request.scope, line=line, subject=chosen, at=request.at)
    return see_other("property:bank", said=_("Received. The receipt is {number}.", number=taken.number))


@page(
    "property",
    "POST",
    "bank/<uuid:line>/aside/",
    name="bank-aside",
    asks="property:bank",
    needs=May.MATCH_BANK,
)
def set_aside(request: PropertyRequest, line: UUID) -> HttpResponse:
    """This will say of a line that it is no fee."""
    actions.set_bank_line_aside(request.scope, line=line, why=request.form.text(f"why.{line}", most=200), at=request.at)
    return see_other("property:bank", said=_("Set aside."))


@page("property", "POST", "bank/<uuid:line>/waiting/", name="bank-waiting", asks="property:bank", needs=May.MATCH_BANK)
def take_up(request: PropertyRequest, line: UUID) -> HttpResponse:
    """This will have a line that was set aside wait again."""
    actions.take_bank_line_up(request.scope, line=line, at=request.at)
    return see_other("property:bank", said=_("It waits again."))


@page(
    "property",
    "POST",
    "bank/<uuid:line>/words/",
    name="bank-words",
    asks="property:bank",
    needs=May.MATCH_BANK,
)
def reveal(request: PropertyRequest, line: UUID) -> HttpResponse:
    """This will show a line in the bank's whole words, once, and write down who read them and why."""
    why = request.form.text(f"why_words.{line}", most=200)
    return _shown(request, told=actions.reveal_bank_line(request.scope, line=line, why=why, at=request.at))


def _typed(request: PropertyRequest, line: UUID) -> UUID:
    """The one home that is called so: in the community that was chosen, or in all of the company's."""
    name = f"door.{line}"
    words = request.form.maybe_text(name, most=40)
    if not words:
        raise Invalid(name, _("Please choose whose it is, or type a door."))
    chosen = request.form.maybe_id(f"place.{line}")
    found = [
        home
        for community in request.communities
        if chosen in (None, community)
        for home in places.find_homes(community, words=words, limit=2)
        if home.door == words
    ]
    if len(found) != 1:
        raise Invalid(name, _("No single home is called so. Please open its account and take the money there."))
    return found[0].id


def _called(homes: Sequence[UUID], cards: Sequence[CommunityCard]) -> dict[UUID, str]:
    """Homes by their doors; with their community where the company looks after several."""
    found = places.homes({HomeId(home) for home in homes})
    names = {card.id: in_language(card.name) for card in cards}
    return {
        UUID(str(home)): f"{names.get(card.community, '')} {card.door}".strip() if len(cards) > 1 else card.door
        for home, card in found.items()
    }


def _state(request: PropertyRequest) -> BankState:
    asked = request.query.raw("state")
    if asked and asked not in list(BankState):
        raise NotFound("state")
    return BankState(asked) if asked else BankState.WAITING


def _shown(request: PropertyRequest, *, told: BankWords | None = None) -> HttpResponse:
    cards = own_communities(request)
    state = _state(request)
    imported = long_work.looked_at(request, request.query.maybe_id("sheet"), IMPORT_BANK_LINES)
    lines = billing.bank_lines(request.scope, state=state)
    homes = [subject for each in lines if each.suggested for subject in each.suggested.subjects]
    return request.render(
        "property/bank.jinja",
        lines=lines,
        state=state,
        states=billing.bank_lines_counted(request.scope),
        doors=_called(homes, cards),
        communities=cards,
        columns=COLUMNS,
        imported=imported.answer if imported and imported.answer else None,
        told=told,
        once=ids.new(),
    )
