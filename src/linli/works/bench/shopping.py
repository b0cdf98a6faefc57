"""Clients of the JSON face: sign in as people do, order in one call, have the provider say that it is paid."""

from __future__ import annotations

import http.client
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any

import msgspec

from linli.works.bench.crowd import Start
from linli.works.ports import ADDRESS

LINES = 5
TIMEOUT_S = 30.0
Paid = Callable[[str, int], tuple[bytes, dict[str, str]]]
"""Says as the provider would that a collection was paid with so many fen: the body and its signed headers."""


@dataclass
class Sold:
    """What one client did: its orders, the milliseconds each took until the provider's word was kept, the refusals."""

    orders: int = 0
    took_ms: list[float] = field(default_factory=list)
    refused: Counter[str] = field(default_factory=Counter)


class Line:
    """One kept-alive connection to the web process."""

    def __init__(self, port: int, token: str = "") -> None:
        self._link = http.client.HTTPConnection(ADDRESS, port, timeout=TIMEOUT_S)
        self._headers = {"Authorization": f"Bearer {token}"} if token else {}

    def get(self, path: str, headers: dict[str, str]) -> int:
        """This will ask, read the whole answer, and give the status."""
        self._link.request("GET", path, headers={**self._headers, **headers})
        answer = self._link.getresponse()
        answer.read()
        return answer.status

    def call(self, method: str, path: str, said: object = None) -> Any:
        """This will make a call that has to be answered well, and give what came back."""
        body = None if said is None else msgspec.json.encode(said)
        told = {"Content-Type": "application/json"} if body is not None else {}
        self._link.request(method, path, body=body, headers=self._headers | told)
        answer = self._link.getresponse()
        got = answer.read()
        if not 200 <= answer.status < 300:
            raise RuntimeError(f"{method} {path} was answered {answer.status}: {got[:500]!r}")
        return msgspec.json.decode(got) if got else None

    def post(self, path: str, body: bytes, headers: dict[str, str] | None = None) -> tuple[int, Any]:
        """This will send JSON and give the status and what came back."""
        told = {"Content-Type": "application/json", **(self._headers if headers is None else headers)}
        self._link.request("POST", path, body=body, headers=told)
        answer = self._link.getresponse()
        said = answer.read()
        return answer.status, msgspec.json.decode(said) if said else None


@dataclass(frozen=True)
class Buyer:
    """Who orders again and again: `lines` different ones of these goods, one piece each, for a home.

    After `patience` refusals a buyer goes home before the time is over.
    """

    token: str
    home: str
    goods: tuple[str, ...]
    lines: int = LINES
    patience: int = 1_000_000


def shop_over_http(start: Start, port: int, buyer: Buyer, paid: Paid, source: str) -> Sold:
    """This will order and pay until the time is over; refusals are counted, anything else unexpected is an error."""
    line, draw, sold = Line(port, buyer.token), Random(buyer.home), Sold()
    paid("ready", 1)  # reading the provider's key is its own affair and takes seconds where all clients do it at once
    until = start()
    while (began := time.monotonic()) < until:
        lines = [{"variant": v, "quantity": 1} for v in draw.sample(buyer.goods, buyer.lines)]
        status, said = line.post("/api/v1/orders", msgspec.json.encode({"home": buyer.home, "lines": lines}))
        if status != 201:
            sold.refused[refusal(status, said)] += 1
            if sold.refused.total() >= buyer.patience:
                break
            continue
        body, headers = paid(said["collection"], minor_of(said["total"]))
        status, said = line.post(f"/callbacks/payments/{source}/", body, headers)
        if status != 204:
            raise RuntimeError(f"the call-back was answered {status}: {said}")
        sold.orders += 1
        sold.took_ms.append((time.monotonic() - began) * 1000)
    return sold


def shop_in_ten_calls(start: Start, port: int, buyer: Buyer, community: str, paid: Paid, source: str) -> Sold:
    """This will fill a basket, have it priced, pay and look, until the time is over; a refusal is an error here."""
    line, draw, sold = Line(port, buyer.token), Random(buyer.home), Sold()
    day = datetime.now(UTC).date() + timedelta(days=2)
    slot = {"start": f"{day}T10:00:00+08:00", "end": f"{day}T11:00:00+08:00"}
    basket = f"/api/v1/communities/{community}/basket"
    paid("ready", 1)
    until = start()
    while (began := time.monotonic()) < until:
        for variant in draw.sample(buyer.goods, LINES):
            line.call("POST", f"{basket}/lines", {"variant": variant, "quantity": 1})
        line.call("PUT", "/api/v1/basket/home", {"home": buyer.home})
        line.call("PUT", f"{basket}/window", slot)
        checkout = line.call("POST", f"/api/v1/communities/{community}/checkouts", {})["checkout"]
        said = line.call("POST", f"/api/v1/checkouts/{checkout}/placements", {})
        body, headers = paid(said["collection"], minor_of(said["total"]))
        status, _ = line.post(f"/callbacks/payments/{source}/", body, headers)
        if status != 204:
            raise RuntimeError(f"the call-back was answered {status}")
        if len(line.call("GET", f"/api/v1/orders/{said['orders'][0]}")["lines"]) != LINES:
            raise RuntimeError("the order has not the lines that were put into the basket")
        sold.orders += 1
        sold.took_ms.append((time.monotonic() - began) * 1000)
    return sold


def look_at(start: Start, port: int, path: str, headers: dict[str, str], nth: int) -> int:
    """This will ask for a page again and again, each time as a part of its own so that nothing comes from memory."""
    line, asked = Line(port), 0
    until = start()
    while time.monotonic() < until:
        asked += 1
        status = line.get(path, {**headers, "HX-Request-Type": "partial", "HX-Target": f"bench-{nth}-{asked}"})
        if status != 200:
            raise RuntimeError(f"{path} was answered {status}")
    return asked


def look_and_time(start: Start, port: int, path: str, headers: dict[str, str]) -> list[float]:
    """This will ask for a page again and again until the time is over, and say how long each answer took."""
    line, took = Line(port), list[float]()
    until = start()
    while not took or time.monotonic() < until:
        began = time.monotonic()
        status = line.get(path, headers)
        if status != 200:
            raise RuntimeError(f"{path} was answered {status}")
        took.append((time.monotonic() - began) * 1000)
    return took


def refusal(status: int, said: Any) -> str:
    """This will give the code of a refusal; what is none is an error."""
    if status >= 500 or not isinstance(said, dict) or "code" not in said:
        raise RuntimeError(f"an order was answered {status}: {said}")
    return str(said["code"])


def minor_of(said: Any) -> int:
    """This will read an amount of the JSON face as a number of fen."""
    return int(said["minor"]) if isinstance(said, dict) else int(said)
