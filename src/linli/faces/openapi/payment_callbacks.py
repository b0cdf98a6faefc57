"""Where payment providers tell us what happened: proven by their signature, recorded, answered at once."""

from __future__ import annotations

import re

import structlog
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path

from linli.faces.shell.answers import NoPage, NotThisWay, TooLarge, problem
from linli.faces.shell.clock import now
from linli.kernel.refusals import NotFound, Refusal
from linli.money.payments import actions as payments
from linli.money.payments.actions import ForgedCallback, StaleCallback
from linli.money.payments.rules import is_about_payout
from linli.money.payouts import actions as payouts
from linli.spine.scope import SYSTEM

PREFIX, NAME = "callbacks/payments/", "payment-callback"
MOST_BYTES = 64 * 1024
_SOURCE = re.compile(r"[-a-zA-Z0-9_]+")
_log = structlog.get_logger()


class Unproven(Refusal):
    """The signature is wrong or old; which of the two is nobody's business."""

    says = "This call-back is not proven to be yours."
    status = 401


def answer(http: HttpRequest, rest: str) -> HttpResponse:
    """This will answer what is asked beneath the address that providers are told."""
    source = rest.removesuffix("/")
    if rest == source or not _SOURCE.fullmatch(source):
        return problem(NoPage(), instance=http.path)
    return create(http, source)


def create(http: HttpRequest, source: str) -> HttpResponse:
    """This will take one call-back: 204 once it is kept, 401 unless it is proven; anything else is told again."""
    if http.method != "POST":
        answer = problem(NotThisWay(), instance=http.path)
        answer["Allow"] = "POST"
        return answer
    if int(http.META.get("CONTENT_LENGTH") or 0) > MOST_BYTES:
        return problem(TooLarge(), instance=http.path)
    try:
        event = payments.read_callback(source=source, headers=dict(http.headers.items()), body=http.body)
    except NotFound as refusal:
        return problem(refusal, instance=http.path)
    except (ForgedCallback, StaleCallback) as error:
        _log.warning("callback_refused", source=source, why=type(error).__name__)
        return problem(Unproven(), instance=http.path)
    if is_about_payout(event):
        payouts.record_transfer_event(SYSTEM, source=source, event=event, at=now())
    else:
        payments.record_event(SYSTEM, source=source, event=event, at=now())
    return HttpResponse(status=204)


create.csrf_exempt = True  # type: ignore[attr-defined]


def addresses() -> list[URLPattern]:
    """This will make the address that providers are told."""
    return [path(PREFIX + "<slug:source>/", create, name=NAME)]
