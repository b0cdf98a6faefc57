"""The embedded payment provider as a process beside a demo or a replay."""

from __future__ import annotations

import json
import random
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from linli.works.leash import Leashed
from linli.works.ports import ADDRESS, PROVIDER_PORTS, free_port

SOURCE = "embedded"
"""The name under which the embedded provider stands in events and in the ledger."""


@dataclass(frozen=True, slots=True)
class Provider:
    """The process, where it answers, and what everybody who speaks to it must have in the environment."""

    process: Leashed
    port: int
    url: str
    variables: dict[str, str]


def embedded_provider(
    home: Path, *, callback_url: str, environment: Mapping[str, str], log: Path, port: int | None = None
) -> Provider:
    """This will prepare the provider that lives in a folder; it keeps its port, for pay pages name it."""
    # At random, so that two demos or replays that start at the same moment do not both take the first free one.
    port = port or free_port([*_kept_port(home), *random.sample(PROVIDER_PORTS, len(PROVIDER_PORTS))])
    url = f"http://{ADDRESS}:{port}"
    process = Leashed(
        name="payment provider",
        module="linli.money.payments.gateways.embedded",
        arguments=["--home", str(home), "--port", str(port), "--callback-url", callback_url],
        environment={**environment, "MALLOC_ARENA_MAX": "1"},
        log=log,
    )
    told = json.dumps({SOURCE: {"url": url, "keys": str(home / "keys")}})
    return Provider(process, port, url, {"LINLI_PAYMENT_PROVIDERS": told, "LINLI_PAY_ORIGINS": url})


def _kept_port(home: Path) -> list[int]:
    try:
        return [int((home / "port").read_text(encoding="ascii"))]
    except (OSError, ValueError):
        return []
