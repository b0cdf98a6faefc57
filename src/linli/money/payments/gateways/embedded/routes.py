"""Which call does what: the merchant's signed calls, and the payer's and driver's plain ones."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from http import HTTPStatus
from typing import TypeVar
from urllib.parse import parse_qs

import msgspec

from linli.money.payments.gateways.embedded import (
    agreements,
    callbacks,
    charges,
    deductions,
    files,
    pages,
    refunds,
    splits,
    transfers,
)
from linli.money.payments.gateways.embedded.agreements import SignerAct, SignerChoice
from linli.money.payments.gateways.embedded.charges import Outcome, PayerAct, PayerActs
from linli.money.payments.gateways.embedded.provider import Provider
from linli.money.payments.gateways.embedded.switches import Plant, parse_settings, plant
from linli.money.payments.gateways.protocol import (
    Charge,
    GatewayRefused,
    Refund,
    Split,
    SplitReturn,
    Transfer,
    Unfreeze,
)
from linli.money.payments.gateways.withholding import Agreement, Deduction, DeductionNotice
from linli.spine import decoding

T = TypeVar("T")
HTML = "text/html; charset=utf-8"
JSON = "application/json"
_REFERENCE = r"([A-Za-z0-9_-]{6,64})"
_DAY = r"(\d{4}-\d\d-\d\d)"
_MAX_PLANTS = 100
_MAX_LISTED = 500


@dataclass(frozen=True, slots=True)
class Answer:
    """A whole answer."""

    body: bytes
    kind: str = JSON
    status: int = HTTPStatus.OK


@dataclass(frozen=True, slots=True)
class FileAnswer:
    """A file that is streamed from a snapshot."""

    columns: tuple[str, ...]
    rows: files.Rows


Verb = Callable[[Provider, str, bytes], Answer | FileAnswer]


def json(value: object) -> Answer:
    """This will answer with a value as JSON."""
    return Answer(msgspec.json.encode(value))


def refused(refusal: GatewayRefused) -> Answer:
    """This will answer with a refusal."""
    status = HTTPStatus.NOT_FOUND if refusal.code == "NOT_FOUND" else HTTPStatus.CONFLICT
    if refusal.code == "BAD_REQUEST":
        status = HTTPStatus.BAD_REQUEST
    return Answer(msgspec.json.encode({"code": refusal.code, "message": refusal.message}), status=status)


def find(table: dict[tuple[str, str], Verb], method: str, path: str) -> tuple[Verb, str]:
    """This will find the verb of a path and the one part of it that varies."""
    for (wanted, pattern), verb in table.items():
        match = re.fullmatch(pattern, path) if wanted == method else None
        if match:
            return verb, match.group(1) if match.groups() else ""
    raise GatewayRefused("NOT_FOUND", "no such call")


def _parsed(body: bytes, kind: type[T]) -> T:
    try:
        return decoding.decode(body, kind)
    except msgspec.MsgspecError as error:
        raise GatewayRefused("BAD_REQUEST", str(error)) from error


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise GatewayRefused("BAD_REQUEST", f"no such day: {text}") from error


def _pay_page(provider: Provider, reference: str, _body: bytes) -> Answer:
    return Answer(pages.pay_page(*charges.page_facts(provider, reference)).encode(), HTML)


def _pay_form(provider: Provider, reference: str, body: bytes) -> Answer:
    choice = parse_qs(body.decode("ascii", "replace"), max_num_fields=5).get("choice", [""])[0]
    if choice not in ("pay", "decline"):
        raise GatewayRefused("BAD_REQUEST", "pay or decline")
    done = charges.act(provider, PayerAct(reference, Outcome(choice)))
    _, description, return_url = charges.page_facts(provider, reference)
    return Answer(pages.pay_page(done, description, return_url, declined=True).encode(), HTML)


def _pay_one(provider: Provider, reference: str, body: bytes) -> Answer:
    fields = _parsed(body or b"{}", dict[str, object])
    return json(charges.act(provider, _parsed(msgspec.json.encode({**fields, "reference": reference}), PayerAct)))


def _pay_many(provider: Provider, _part: str, body: bytes) -> Answer:
    return json(charges.act_many(provider, _parsed(body, PayerActs).acts))


def _sign_page(provider: Provider, reference: str, _body: bytes) -> Answer:
    return Answer(pages.sign_page(*agreements.page_facts(provider, reference)).encode(), HTML)


def _sign_form(provider: Provider, reference: str, body: bytes) -> Answer:
    choice = parse_qs(body.decode("ascii", "replace"), max_num_fields=5).get("choice", [""])[0]
    if choice not in list(SignerChoice):
        raise GatewayRefused("BAD_REQUEST", "sign, decline or end")
    agreements.act(provider, reference, SignerAct(SignerChoice(choice)))
    return _sign_page(provider, reference, b"")


def _turn(provider: Provider, _part: str, body: bytes) -> Answer:
    settings = parse_settings(body)
    with provider.store.transaction() as db:
        provider.board.turn(db, settings)
    return json(provider.board.settings())


def _plant(provider: Provider, _part: str, body: bytes) -> Answer:
    plants = _parsed(body, list[Plant])
    if len(plants) > _MAX_PLANTS:
        raise GatewayRefused("BAD_REQUEST", "too many at once")
    for one in plants:
        _day(one.day)
    with provider.store.transaction() as db:
        plant(db, plants)
    return json({"planted": len(plants)})


def _planted(provider: Provider, day: str, _body: bytes) -> Answer:
    lines = files.planted_lines(provider.store, _day(day))
    return json([{"kind": kind, "reference": reference} for kind, reference in lines])


def _wire(provider: Provider, _part: str, body: bytes) -> Answer:
    transfers.wire(provider, _parsed(body, transfers.Wire))
    return json({"booked": 1})


def _callbacks(provider: Provider, _part: str, _body: bytes) -> Answer:
    return json({"tally": callbacks.tally(provider.store), "latest": callbacks.waiting(provider.store, _MAX_LISTED)})


MERCHANT: dict[tuple[str, str], Verb] = {
    ("POST", "/v1/charges"): lambda p, _, body: json(charges.prepare(p, _parsed(body, Charge))),
    ("GET", f"/v1/charges/{_REFERENCE}"): lambda p, ref, _: json(charges.status(p, ref)),
    ("POST", f"/v1/charges/{_REFERENCE}/close"): lambda p, ref, _: json(charges.close(p, ref)),
    ("POST", "/v1/refunds"): lambda p, _, body: json(refunds.request(p, _parsed(body, Refund))),
    ("GET", f"/v1/refunds/{_REFERENCE}"): lambda p, ref, _: json(refunds.status(p, ref)),
    ("POST", "/v1/transfers"): lambda p, _, body: json(transfers.request(p, _parsed(body, Transfer))),
    ("GET", f"/v1/transfers/{_REFERENCE}"): lambda p, ref, _: json(transfers.status(p, ref)),
    ("POST", "/v1/splits"): lambda p, _, body: json(splits.split(p, _parsed(body, Split))),
    ("POST", "/v1/split-returns"): lambda p, _, body: json(splits.return_split(p, _parsed(body, SplitReturn))),
    ("POST", "/v1/unfreezes"): lambda p, _, body: json(splits.unfreeze(p, _parsed(body, Unfreeze))),
    ("GET", f"/v1/splits/{_REFERENCE}"): lambda p, ref, _: json(splits.status(p, ref)),
    ("POST", "/v1/agreements"): lambda p, _, body: json(agreements.contract(p, _parsed(body, Agreement))),
    ("GET", f"/v1/agreements/{_REFERENCE}"): lambda p, ref, _: json(agreements.status(p, ref)),
    ("POST", f"/v1/agreements/{_REFERENCE}/end"): lambda p, ref, _: json(agreements.terminate(p, ref)),
    ("POST", "/v1/deduction-notices"): lambda p, _, body: json(deductions.announce(p, _parsed(body, DeductionNotice))),
    ("POST", "/v1/deductions"): lambda p, _, body: json(deductions.withhold(p, _parsed(body, Deduction))),
    ("GET", rf"/v1/bills/{_DAY}\.csv"): lambda _p, day, _: FileAnswer(files.BILL_COLUMNS, files.bill_rows(_day(day))),
    ("GET", rf"/v1/bank-files/{_DAY}\.csv"): lambda _p, day, _: FileAnswer(
        files.BANK_COLUMNS, files.bank_rows(_day(day))
    ),
}

PLAIN: dict[tuple[str, str], Verb] = {
    ("GET", "/"): lambda _p, _, _body: Answer(pages.root_page().encode(), HTML),
    ("GET", f"/pay/{_REFERENCE}"): _pay_page,
    ("POST", f"/pay/{_REFERENCE}"): _pay_form,
    ("POST", f"/embedded/pay/{_REFERENCE}"): _pay_one,
    ("POST", "/embedded/pay"): _pay_many,
    ("GET", f"/sign/{_REFERENCE}"): _sign_page,
    ("POST", f"/sign/{_REFERENCE}"): _sign_form,
    ("POST", f"/embedded/sign/{_REFERENCE}"): lambda p, ref, body: json(
        agreements.act(p, ref, _parsed(body or b"{}", SignerAct))
    ),
    ("GET", "/embedded/switches"): lambda p, _, _body: json(p.board.settings()),
    ("POST", "/embedded/switches"): _turn,
    ("POST", "/embedded/plants"): _plant,
    ("GET", f"/embedded/plants/{_DAY}"): _planted,
    ("GET", "/embedded/callbacks"): _callbacks,
    ("POST", "/embedded/wires"): _wire,
}
