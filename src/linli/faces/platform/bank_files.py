"""The custody bank's file by hand: what becomes of each line first, then all of it, once however often it comes."""

from __future__ import annotations

from django.http import HttpResponse

from linli.faces.platform.cities import chosen_city
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import PlatformRequest
from linli.ground.files import actions as files
from linli.ground.files import queries as kept
from linli.kernel.ids import CityId, FileId
from linli.kernel.refusals import Invalid
from linli.money.payments import queries as payments
from linli.money.payouts import actions
from linli.money.payouts.actions import CUSTODY, BankSheet, Foreseen
from linli.spine.may import May

NEEDS = May.RECONCILE


@page("platform", "GET", "bank-files/", needs=NEEDS)
def new(request: PlatformRequest) -> HttpResponse:
    """This will ask for a file and say which columns it has."""
    return _shown(request)


@page("platform", "POST", "bank-files/preview/", name="bank-file-preview", asks="platform:bank-files", needs=NEEDS)
def preview(request: PlatformRequest) -> HttpResponse:
    """This will tell what becomes of each line, change nothing, and keep the file for the next step."""
    upload = request.form.file("file")
    sheet = actions.read_bank_sheet(file_name=upload.name, content=upload.content)
    if sheet.errors:
        return _shown(request, sheet=sheet)
    file = files.keep_file(request.scope, name=upload.name, content=upload.content, purpose="bank_file", at=request.at)
    foreseen = actions.preview_bank_file(
        request.scope, account=CUSTODY, source=_source(request), city=_city(request), lines=sheet.lines, at=request.at
    )
    return _shown(request, sheet=sheet, foreseen=foreseen, file=file)


@page("platform", "POST", "bank-files/", needs=NEEDS)
def create(request: PlatformRequest) -> HttpResponse:
    """This will take in the file that was looked at."""
    token = kept.link(request.scope, file=FileId(request.form.id("kept")), at=request.at)
    stored = kept.open_link(token, at=request.at)
    sheet = actions.read_bank_sheet(file_name=stored.name, content=stored.content)
    actions.insist_clean(sheet)
    done = actions.import_bank_file(
        request.scope, account=CUSTODY, source=_source(request), city=_city(request), lines=sheet.lines, at=request.at
    )
    said = _("New lines: {new}. Placed: {matched}. What is open stands here.", new=done.new, matched=done.matched)
    return see_other("platform:differences", said=said)


def _shown(
    request: PlatformRequest,
    *,
    sheet: BankSheet | None = None,
    foreseen: tuple[Foreseen, ...] = (),
    file: FileId | None = None,
) -> HttpResponse:
    city, cities = chosen_city(request)
    return request.render(
        "platform/bank-files.jinja",
        city=city,
        cities=cities,
        sources=[provider.source for provider in payments.providers()],
        columns=actions.BANK_COLUMNS,
        sheet=sheet,
        foreseen=foreseen,
        file=file,
    )


def _source(request: PlatformRequest) -> str:
    source = request.form.text("source", most=64)
    if source not in {provider.source for provider in payments.providers()}:
        raise Invalid("source", "Please choose one of the values offered.")
    return source


def _city(request: PlatformRequest) -> CityId:
    asked = request.form.id("city")
    _first, cities = chosen_city(request)
    if asked not in {city.id for city in cities}:
        raise Invalid("city", "Please choose one of the values offered.")
    return CityId(asked)
