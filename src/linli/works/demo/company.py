"""The demo's company: the processes that make it up, on free ports of this machine, each on a leash."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from linli.works.leash import Leashed
from linli.works.ports import ADDRESS, PROVIDER_PORTS, WEB_PORTS, free_port

SOURCE = "embedded"
"""The name under which the embedded provider stands in events and in the ledger."""


@dataclass(frozen=True, slots=True)
class Company:
    """The processes of a demo and where they answer; `variables` are what all of them must know of each other."""

    provider: Leashed
    web: Leashed
    worker: Leashed
    provider_url: str
    url: str
    variables: dict[str, str]

    @property
    def processes(self) -> tuple[Leashed, ...]:
        """In the order in which they are stopped: first whoever takes new work."""
        return (self.web, self.worker, self.provider)


def gather(home: Path, *, port: int | None, web_module: str, environment: Mapping[str, str]) -> Company:
    """This will prepare the processes; the provider keeps its port over restarts, for pay pages name it."""
    folder = home / "demo"
    folder.mkdir(parents=True, exist_ok=True)
    provider_home = home / "provider"
    web_port = free_port([port] if port else WEB_PORTS)
    # At random, so that two demos or replays that start at the same moment do not both take the first free one.
    provider_port = free_port([*_kept_port(provider_home), *random.sample(PROVIDER_PORTS, len(PROVIDER_PORTS))])
    url, provider_url = f"http://{ADDRESS}:{web_port}/", f"http://{ADDRESS}:{provider_port}"
    variables = {
        "LINLI_PAYMENT_PROVIDERS": json.dumps({SOURCE: {"url": provider_url, "keys": str(provider_home / "keys")}}),
        "LINLI_PAY_ORIGINS": provider_url,
    }
    known = {**environment, **variables}
    told = ["--home", str(provider_home), "--port", str(provider_port)]
    told += ["--callback-url", f"{url}callbacks/payments/{SOURCE}/"]
    return Company(
        provider=Leashed(
            name="payment provider",
            module="linli.money.payments.gateways.embedded",
            arguments=told,
            environment={**known, "MALLOC_ARENA_MAX": "1"},
            log=folder / "provider.log",
        ),
        web=Leashed(
            name="web",
            module=web_module,
            arguments=[str(web_port)],
            environment={**known, "LINLI_PROCESS": "web"},
            log=folder / "web.log",
        ),
        worker=Leashed(
            name="worker",
            module="linli",
            arguments=["worker"],
            environment={**known, "LINLI_PROCESS": "worker"},
            log=folder / "worker.log",
        ),
        provider_url=provider_url,
        url=url,
        variables=variables,
    )


def _kept_port(home: Path) -> list[int]:
    try:
        return [int((home / "port").read_text(encoding="ascii"))]
    except (OSError, ValueError):
        return []
