"""Measures the embedded provider: charges per second (prepare, pay, call-back heard and verified) and its memory.

    PYTHONPATH=src:tests python bench/embedded_provider.py [charges]

Sketch: a charge costs the provider one signed answer and one signed call-back (0.5 ms each), two requests and one sent
call-back in Python (about 0.7 ms each), and four commits that do not wait for the disk: about 3.5 ms, so some 280 a
second on a core of its own. The merchant's side costs as much again and runs beside it here, so on two cores this
program measures both; 150 a second is what is asked for.
"""

import os
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from itertools import count
from pathlib import Path

from harness.merchant_ear import MerchantEar
from harness.provider_market import AT, Market
from linli.money.payments.gateways.embedded.charges import PayerAct
from linli.money.payments.gateways.embedded.driver import ProviderProcess
from linli.money.payments.gateways.protocol import Charge

PAYERS = 8
BATCH = 50


def main(charges: int) -> None:
    """This will trade payer by payer, then in batches as a replay does, and write what it cost."""
    numbers = count(1)
    with (
        tempfile.TemporaryDirectory() as home,
        MerchantEar() as ear,
        ProviderProcess(home=Path(home), callback_url=ear.url) as process,
    ):
        ear.gateway = process.gateway()
        market = Market(process, ear.gateway, process.driver(), ear, lambda kind: f"{kind}-{next(numbers):07d}")
        _say(f"memory at rest: {_memory_mib(process.pid):.1f} MiB")

        def one_by_one(some: Sequence[Charge]) -> None:
            for charge in some:
                market.gateway.prepare(charge)
                market.driver.pay(charge.reference, occurred_at=AT)

        def together(some: Sequence[Charge]) -> None:
            for charge in some:
                market.gateway.prepare(charge)
            market.driver.pay_many([PayerAct(charge.reference, occurred_at=AT) for charge in some])

        _measure(market, "payer by payer", one_by_one, charges)
        _measure(market, f"in batches of {BATCH}", together, charges)
        lines = sum(1 for _ in market.gateway.fetch_bill((AT + timedelta(hours=1)).date()))
        _say(f"memory after {lines} billed charges: {_memory_mib(process.pid):.1f} MiB")


def _measure(market: Market, manner: str, trade: Callable[[Sequence[Charge]], None], charges: int) -> None:
    asked = [market.charge() for _ in range(charges)]
    portions = [asked[start : start + BATCH] for start in range(0, charges, BATCH)]
    market.ear.heard.clear()
    spent_s, began = _cpu_s(market.process.pid), time.perf_counter()
    with ThreadPoolExecutor(PAYERS) as payers:
        list(payers.map(trade, portions))
    market.ear.wait_until(lambda: len(market.ear.heard) >= charges, timeout_s=120)
    elapsed_s, spent_s = time.perf_counter() - began, _cpu_s(market.process.pid) - spent_s
    each_ms = spent_s * 1000 / charges
    _say(f"{manner}: {charges / elapsed_s:.0f} charges/s until all were heard, {each_ms:.2f} ms of processor time each")


def _memory_mib(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text(encoding="ascii")
    return next(int(line.split()[1]) for line in status.splitlines() if line.startswith("VmRSS")) / 1024


def _cpu_s(pid: int) -> float:
    fields = Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rsplit(")", 1)[1].split()
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 2000)
