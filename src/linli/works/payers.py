"""Paying at the embedded provider as its payers do: plain HTTP, from outside, without any key of the house."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

import msgspec
import urllib3

MOST_AT_ONCE = 500
_TIMEOUT_S = 30.0


class NotPaid(RuntimeError):
    """The provider did not answer as its page says."""


class Act(msgspec.Struct, frozen=True, omit_defaults=True):
    """What one payer does; without `occurred_at` the charge's own clock goes on."""

    reference: str
    occurred_at: datetime | None = None
    outcome: str = "pay"


class Done(msgspec.Struct, frozen=True):
    reference: str
    state: str
    code: str = ""


class Payers:
    """The payers of one provider."""

    def __init__(self, provider_url: str) -> None:
        self._url = f"{provider_url}/embedded/pay"
        self._pool = urllib3.PoolManager(maxsize=4, retries=False, timeout=_TIMEOUT_S)

    def pay(self, acts: Sequence[Act]) -> tuple[Done, ...]:
        """This will let up to 500 payers pay (or decline), once each however often it is asked."""
        if len(acts) > MOST_AT_ONCE:
            raise ValueError(f"at most {MOST_AT_ONCE} at once")
        try:
            answer = self._pool.request(
                "POST",
                self._url,
                body=msgspec.json.encode({"acts": acts}),
                headers={"Content-Type": "application/json"},
            )
        except urllib3.exceptions.HTTPError as error:
            raise NotPaid(f"the provider does not answer: {error}") from error
        if answer.status != 200:
            raise NotPaid(f"the provider answered {answer.status}: {answer.data[:200]!r}")
        return tuple(msgspec.json.decode(answer.data, type=list[Done]))


def plant_difference(provider_url: str, *, day: date, kind: str) -> None:
    """This will have the provider's bill of a day differ from what happened, for somebody to find."""
    body = msgspec.json.encode([{"day": day.isoformat(), "kind": kind, "count": 1}])
    answer = urllib3.request(
        "POST",
        f"{provider_url}/embedded/plants",
        body=body,
        headers={"Content-Type": "application/json"},
        timeout=_TIMEOUT_S,
        retries=False,
    )
    if answer.status != 200:
        raise NotPaid(f"the provider answered {answer.status}: {answer.data[:200]!r}")


def sign_agreement(provider_url: str, *, reference: str) -> None:
    """This will let a payer sign an agreement; the provider tells the house."""
    answer = urllib3.request(
        "POST",
        f"{provider_url}/embedded/sign/{reference}",
        body=b"{}",
        headers={"Content-Type": "application/json"},
        timeout=_TIMEOUT_S,
        retries=False,
    )
    if answer.status != 200:
        raise NotPaid(f"the provider answered {answer.status}: {answer.data[:200]!r}")


def reference_of(pay_url: str) -> str:
    """This will read a charge's reference out of the address of its pay page."""
    return pay_url.rstrip("/").rpartition("/")[2]
