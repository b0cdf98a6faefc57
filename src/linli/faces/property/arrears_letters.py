"""Letters about what is owed, as PDF in Chinese or English: one, or those of a whole community at once.

A letter is addressed by the whole name, so that making one is a reading that is written down, person by person.
"""

from __future__ import annotations

from datetime import date
from uuid import UUID

from django.http import HttpResponse

from linli.estate.billing import queries as billing
from linli.estate.billing.queries import AccountPage
from linli.estate.billing.rules import LineKind
from linli.faces.property.charging import community_of
from linli.faces.property.communities import own_communities
from linli.faces.shell import formats, messages
from linli.faces.shell.charging import days
from linli.faces.shell.chosen import chosen
from linli.faces.shell.downloads import download
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.pages import page
from linli.faces.shell.papers import PDF, Paper, Table, pdf
from linli.faces.shell.requests import PropertyRequest
from linli.ground.people import actions as people_actions
from linli.ground.places import queries as places
from linli.ground.places.queries import CommunityCard
from linli.kernel.ids import CommunityId, PartyId
from linli.kernel.money import Money
from linli.kernel.refusals import NotFound
from linli.spine.may import May

MOST_LETTERS = 300
WHY = "A letter about what is owed"
"""What the audit says of the reading."""


@page("property", "POST", "arrears/<uuid:subject>/letter/", name="arrears-letter", needs=May.CHASE_ARREARS)
def one(request: PropertyRequest, subject: UUID) -> HttpResponse:
    """This will give the letter of a home, to each who owes something there."""
    own_communities(request)
    account = billing.account_page(request.scope, subject=subject)
    papers = _letters(request, community_of(request, account.community), [account])
    if not papers:
        raise NotFound("letter")
    return download(f"{account.door or 'letter'}.pdf", PDF, pdf(papers, title=_("Payment reminder")))


@page("property", "POST", "arrears/letters/", name="arrears-letters", asks="property:arrears", needs=May.CHASE_ARREARS)
def many(request: PropertyRequest) -> HttpResponse:
    """This will give the letters of those who were ticked, or of everybody late by so many days, the largest first."""
    own_communities(request)
    community = community_of(request, CommunityId(request.form.id("community")))
    least = request.form.whole("days", low=1, high=3650, default=1)
    today = places.day_in(community.id, request.at)
    found = billing.arrears(request.scope, community=community.id, on=today, least_days=least, limit=MOST_LETTERS)
    wanted = frozenset(chosen(request)) if request.form.flag("only_chosen") else None
    subjects = [each.subject for each in found if wanted is None or each.subject in wanted]
    accounts = billing.open_accounts(request.scope, community=community.id, subjects=subjects)
    papers = _letters(request, community, accounts)
    if not papers:
        raise NotFound("letter")
    return download("letters.pdf", PDF, pdf(papers, title=_("Payment reminder")))


def _letters(request: PropertyRequest, community: CommunityCard, accounts: list[AccountPage]) -> list[Paper]:
    today = places.day_in(community.id, request.at)
    parties = {line.obligor for account in accounts for line in account.open_lines}
    names = people_actions.reveal_names(request.scope, parties=[*parties, request.company], why=WHY, at=request.at)
    company = names.get(request.company, "")
    return [
        _letter(account, community, obligor, names, (company, today))
        for account in accounts
        for obligor in dict.fromkeys(line.obligor for line in account.open_lines if line.line.due_on < today)
    ]


def _letter(
    account: AccountPage,
    community: CommunityCard,
    obligor: PartyId,
    names: dict[PartyId, str],
    signed: tuple[str, date],
) -> Paper:
    """What is late of one obligor, a late fee called so, signed with the day; what is not due yet is not asked for."""
    company, today = signed
    lines = [each.line for each in account.open_lines if each.obligor == obligor and each.line.due_on < today]
    rows = [
        [
            messages.in_language(line.name) + _kind(line.kind),
            days((line.start_on, line.end_on)),
            formats.day(line.due_on),
            formats.money(line.open),
        ]
        for line in lines
    ]
    total = formats.money(Money.total(line.open for line in lines))
    where = f"{messages.in_language(community.name)} {account.door}"
    return Paper(
        _("Payment reminder"),
        (
            _("To {name}, {where}", name=names.get(obligor, ""), where=where),
            _("According to our books the following is still open:"),
            Table([_("Item"), _("Period"), _("Due"), _("Open")], [*rows, [_("In all"), "", "", total]]),
            _(
                "Please pay {amount} on Linli or at our desk. If you have paid meanwhile, please take this as done.",
                amount=total,
            ),
            _("If something is not right, or if you would like to pay in parts, please speak to us."),
            company,
            f"{today:%Y-%m-%d}",
        ),
    )


def _kind(kind: LineKind) -> str:
    return f" · {messages.word(kind)}" if kind is LineKind.LATE_FEE else ""
