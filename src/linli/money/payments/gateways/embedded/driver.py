"""Driving the embedded provider from outside: start and stop its process, pay as payers do, turn its switches."""

import os
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from types import TracebackType
from typing import Self, TypeVar

import msgspec
import urllib3

import linli
from linli.money.payments.gateways.client import HttpGateway, Limits
from linli.money.payments.gateways.embedded.agreements import SignerChoice
from linli.money.payments.gateways.embedded.callbacks import Waiting
from linli.money.payments.gateways.embedded.charges import ActResult, Outcome, PayerAct, PayerActs
from linli.money.payments.gateways.embedded.switches import Difference, Name, Plant, Setting
from linli.money.payments.gateways.embedded.transfers import Wire
from linli.money.payments.gateways.protocol import ChargeStatus, GatewayRefused, GatewayUnavailable
from linli.money.payments.gateways.signing import merchant_identity
from linli.money.payments.gateways.withholding import AgreementStatus
from linli.spine import decoding

T = TypeVar("T")
READY = "embedded provider ready: "
_READY_TIMEOUT_S = 20.0
_STOP_TIMEOUT_S = 10.0
_LIMIT = 500


class CallbackReport(msgspec.Struct, frozen=True):
    """The provider's call-backs: how many in which state, and the latest."""

    tally: dict[str, int]
    latest: list[Waiting]


class PlantedLine(msgspec.Struct, frozen=True):
    kind: Difference
    reference: str


class Driver:
    """The payers and the mischief of a running embedded provider."""

    def __init__(self, url: str, *, timeout_s: float = 10.0) -> None:
        self.url = url
        self._pool = urllib3.PoolManager(maxsize=8, block=True, retries=False, timeout=timeout_s)

    def pay(
        self, reference: str, *, occurred_at: datetime | None = None, outcome: Outcome = Outcome.PAY
    ) -> ChargeStatus:
        """This will let a payer pay (or decline) one charge."""
        act = {"outcome": outcome, "occurred_at": occurred_at}
        return self._call("POST", f"/embedded/pay/{reference}", act, ChargeStatus)

    def pay_many(self, acts: Sequence[PayerAct]) -> list[ActResult]:
        """This will let up to 500 payers act in one transaction."""
        if len(acts) > _LIMIT:
            raise ValueError(f"at most {_LIMIT} at once")
        return self._call("POST", "/embedded/pay", PayerActs(list(acts)), list[ActResult])

    def sign(self, reference: str, choice: SignerChoice = SignerChoice.SIGN) -> AgreementStatus:
        """This will let a payer sign an agreement, not sign it, or end it."""
        return self._call("POST", f"/embedded/sign/{reference}", {"choice": choice}, AgreementStatus)

    def turn(self, settings: Mapping[Name, Setting]) -> None:
        """This will set the named switches and leave the others as they are."""
        self._call("POST", "/embedded/switches", dict(settings), dict[Name, Setting])

    def turn_all_off(self) -> None:
        """This will make the provider behave."""
        self.turn({name: Setting() for name in Name})

    def plant(self, day: date, differences: Mapping[Difference, int]) -> None:
        """This will plant differences in the bill of a day."""
        plants = [Plant(day.isoformat(), kind, count) for kind, count in differences.items()]
        self._call("POST", "/embedded/plants", plants, dict[str, int])

    def planted(self, day: date) -> list[PlantedLine]:
        """This will tell which lines of that bill were altered, as they stand now."""
        return self._call("GET", f"/embedded/plants/{day.isoformat()}", None, list[PlantedLine])

    def wire(self, made: Wire) -> None:
        """This will have somebody transfer money into the custody account, or out of it."""
        self._call("POST", "/embedded/wires", made, dict[str, int])

    def callbacks(self) -> CallbackReport:
        """This will tell what has been said to the merchant and what waits."""
        return self._call("GET", "/embedded/callbacks", None, CallbackReport)

    def _call(self, method: str, path: str, content: object, answer_type: type[T]) -> T:
        body = None if content is None else msgspec.json.encode(content)
        try:
            response = self._pool.request(
                method, self.url + path, body=body, headers={"Content-Type": "application/json"}
            )
        except urllib3.exceptions.HTTPError as error:
            raise GatewayUnavailable(str(error)) from error
        if response.status != 200:
            said = decoding.decode(response.data, dict[str, str])
            raise GatewayRefused(said.get("code", ""), said.get("message", ""))
        return decoding.decode(response.data, answer_type)


@dataclass
class ProviderProcess:
    """An embedded provider that this program started. Its folder outlives it."""

    home: Path
    callback_url: str
    port: int = 0
    pace: float = 1.0
    extra: tuple[str, ...] = ()
    url: str = field(default="", init=False)
    _process: subprocess.Popen[str] | None = field(default=None, init=False)

    def start(self) -> Self:
        """This will start it and wait until it answers; once started it keeps its port over restarts."""
        command = [sys.executable, "-m", "linli.money.payments.gateways.embedded", "--home", str(self.home)]
        command += [
            "--port",
            str(self.port),
            "--callback-url",
            self.callback_url,
            "--pace",
            str(self.pace),
            *self.extra,
        ]
        # One small allocator arena for all threads keeps the process lean where the C library would give each
        # thread its own.
        environment = {**os.environ, "MALLOC_ARENA_MAX": "1", "PYTHONPATH": _same_packages()}
        self._process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=environment)  # noqa: S603
        self.url = _wait_until_ready(self._process)
        self.port = int(self.url.rsplit(":", 1)[1])
        return self

    @property
    def pid(self) -> int:
        """This will give the number of the running process."""
        if self._process is None:
            raise RuntimeError("not started")
        return self._process.pid

    def gateway(self, limits: Limits | None = None) -> HttpGateway:
        """This will make a gateway that speaks to it with the keys in its folder."""
        return HttpGateway(self.url, merchant_identity(self.home / "keys"), limits=limits)

    def driver(self) -> Driver:
        """This will make a driver for its payers and switches."""
        return Driver(self.url)

    def stop(self) -> None:
        """This will end it in order."""
        self._end(kill=False)

    def kill(self) -> None:
        """This will end it as a power cut of its process would."""
        self._end(kill=True)

    def _end(self, *, kill: bool) -> None:
        process, self._process = self._process, None
        if process is None:
            return
        if kill:
            process.kill()
        else:
            process.terminate()
        try:
            process.wait(_STOP_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait(_STOP_TIMEOUT_S)
        if process.stdout:
            process.stdout.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()


def _same_packages() -> str:
    # The child runs the very sources that this program runs, installed or not.
    here = str(Path(linli.__file__).parent.parent)
    return os.pathsep.join(filter(None, (here, os.environ.get("PYTHONPATH", ""))))


def _wait_until_ready(process: subprocess.Popen[str]) -> str:
    # A process that hangs before it is ready is killed, which ends the read below.
    alarm = threading.Timer(_READY_TIMEOUT_S, process.kill)
    alarm.start()
    try:
        line = process.stdout.readline() if process.stdout else ""
    finally:
        alarm.cancel()
    if not line.startswith(READY):
        process.kill()
        process.wait(_STOP_TIMEOUT_S)
        raise RuntimeError(f"the embedded provider did not start in time (said {line!r}; its error output tells why)")
    return line.removeprefix(READY).strip()
