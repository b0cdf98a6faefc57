"""A city's book: the trial balance, the accounts of a kind, one account's statement, and the journal behind a line."""

from __future__ import annotations

from django.http import HttpResponse

from linli.faces.platform.account_names import Names
from linli.faces.platform.cities import chosen_city
from linli.faces.shell.addresses import url
from linli.faces.shell.forms import Fields
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.messages import pgettext
from linli.faces.shell.messages import word as said_of
from linli.faces.shell.pages import page
from linli.faces.shell.requests import PlatformRequest
from linli.faces.shell.sheets import most_rows, sheet
from linli.faces.shell.sorting import Sorting
from linli.ground.places.queries import CityCard
from linli.kernel.money import Money
from linli.kernel.refusals import NotFound
from linli.money.ledger import queries
from linli.money.ledger.rules import CHART, is_allowed, parse_book, platform_book
from linli.spine.may import May

NEEDS = May.READ_LEDGER

A_PAGE = 100


@page("platform", "GET", "trial-balance/", needs=NEEDS)
def trial_balance(request: PlatformRequest) -> HttpResponse:
    """This will show a city's book as a tree whose sum is zero."""
    city, cities = chosen_city(request)
    book = platform_book(city.id)
    return request.render(
        "platform/trial-balance.jinja",
        city=city,
        cities=cities,
        trial=queries.trial_balance(request.scope, book=book, at=request.at),
        safe=queries.safeguarding(request.scope, city=city.id),
        names=Names(request, ()),
    )


@page("platform", "GET", "trial-balance-file/", name="trial-balance-file", needs=NEEDS)
def take_away(request: PlatformRequest) -> HttpResponse:
    """This will give a city's book as a sheet, a code of the chart to a row."""
    city, _cities = chosen_city(request)
    found = queries.trial_balance(request.scope, book=platform_book(city.id), at=request.at)
    names = Names(request, ())
    columns = [
        _("Class"),
        pgettext("account", "Code"),
        _("Account"),
        _("Accounts"),
        _("Debit"),
        _("Credit"),
        _("Balance"),
    ]
    rows = (
        (said_of(head.word), node.code, names.kind(node.word), node.accounts, node.debit, node.credit, node.balance)
        for head in found.classes
        for node in head.children
    )
    return sheet(request.query, f"trial-balance-{request.at:%Y-%m-%d}", columns, rows)


@page("platform", "GET", "trial-balance/<slug:word>/", name="accounts", needs=NEEDS)
def accounts(request: PlatformRequest, word: str) -> HttpResponse:
    """This will list the accounts of one kind."""
    city, _cities = chosen_city(request)
    if word not in CHART:
        raise NotFound("account")
    sorting = _sorting(request, city, word)
    found = _accounts(request, city, word, sorting, after=request.query.maybe_text("after"), limit=A_PAGE + 1)
    shown = found[:A_PAGE]
    onward = {"city": city.id, "by": sorting.word or None, "after": shown[-1].address if found[A_PAGE:] else None}
    return request.render(
        "platform/accounts.jinja",
        city=city,
        word=word,
        accounts=shown,
        names=Names(request, [one.address for one in shown]),
        sorting=sorting,
        more=url("platform:accounts", word, **onward) if found[A_PAGE:] else None,
    )


@page("platform", "GET", "trial-balance/<slug:word>/file/", name="accounts-file", needs=NEEDS)
def take_accounts_away(request: PlatformRequest, word: str) -> HttpResponse:
    """This will give the accounts of one kind as a sheet."""
    city, _cities = chosen_city(request)
    if word not in CHART:
        raise NotFound("account")
    found = _accounts(request, city, word, _sorting(request, city, word), limit=most_rows())
    names = Names(request, [one.address for one in found])
    rows = ((names.account(one.address), one.address, one.balance) for one in found)
    return sheet(request.query, f"accounts-{word}", [_("Account"), _("Address"), _("Balance")], rows)


@page("platform", "GET", "account/", needs=NEEDS)
def account(request: PlatformRequest) -> HttpResponse:
    """This will list an account's postings from the oldest on, each with the balance after it."""
    city, _cities = chosen_city(request)
    book, address = platform_book(city.id), request.query.text("address")
    if not is_allowed(book, address):
        raise NotFound("account")
    found = queries.account_statement(request.scope, book=book, address=address, after=_cursor(request.query))
    here = found.next
    more = here and url(
        "platform:account",
        city=city.id,
        address=address,
        journal=here.journal,
        leg=here.leg,
        balance=here.balance.minor,
    )
    names = Names(request, [address])
    return request.render("platform/account.jinja", city=city, address=address, statement=found, names=names, more=more)


@page("platform", "GET", "account/file/", name="account-file", needs=NEEDS)
def take_account_away(request: PlatformRequest) -> HttpResponse:
    """This will give all postings of an account as a sheet."""
    city, _cities = chosen_city(request)
    book, address = platform_book(city.id), request.query.text("address")
    if not is_allowed(book, address):
        raise NotFound("account")
    found = queries.account_statement(request.scope, book=book, address=address, limit=most_rows())
    names = Names(request, ())
    columns = [_("Journal"), _("When"), _("Event"), _("Document"), _("Amount"), _("Balance")]
    rows = ((one.journal, one.at, names.event(one.kind), one.document, one.amount, one.balance) for one in found.lines)
    return sheet(request.query, "account", columns, rows)


@page("platform", "GET", "journals/<int:journal>/", name="journal", needs=NEEDS)
def journal(request: PlatformRequest, journal: int) -> HttpResponse:
    """This will show one event of the books with all its legs."""
    found = queries.journal(request.scope, id=journal)
    kind, subject = parse_book(found.book)
    names = Names(request, [leg.address for leg in found.legs])
    return request.render("platform/journal.jinja", journal=found, kind=kind, city=subject, names=names)


def _accounts(
    request: PlatformRequest, city: CityCard, word: str, sorting: Sorting, *, after: str | None = None, limit: int
) -> tuple[queries.AccountCard, ...]:
    return queries.accounts(
        request.scope,
        book=platform_book(city.id),
        word=word,
        by_balance=bool(sorting.key),
        is_rising=sorting.is_rising,
        after=after,
        limit=limit,
    )


def _sorting(request: PlatformRequest, city: CityCard, word: str) -> Sorting:
    """Accounts come by their addresses, or by what is on them."""
    return Sorting.of(request, "platform:accounts", ("balance",), {"city": city.id}, parts=(word,))


def _cursor(query: Fields) -> queries.StatementCursor | None:
    """Where the page before ended; a running balance that was typed in shows wrong sums to whoever typed it alone."""
    if "journal" not in query:
        return None
    most = 10**15
    return queries.StatementCursor(
        query.whole("journal", high=most), query.whole("leg"), Money(query.whole("balance", low=-most, high=most))
    )
