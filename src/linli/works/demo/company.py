"""The demo's company: the processes that make it up, on free ports of this machine, each on a leash."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from linli.works.leash import Leashed
from linli.works.ports import ADDRESS, EAR_PORTS, WEB_PORTS, any_free_port, free_port
from linli.works.provider import SOURCE, embedded_provider


@dataclass(frozen=True, slots=True)
class Company:
    """The processes of a demo and where they answer; `variables` are what all of them must know of each other.

    The worker lives beside the pages, in the family of `web`.
    `past_provider` is the same provider while the town's past is played: its call-backs go to an ear of the clockwork,
    which dates what it hears by the provider's word, and not to the pages, which live now.
    """

    folder: Path
    provider: Leashed
    web: Leashed
    past_provider: Leashed
    ear_port: int
    provider_url: str
    url: str
    variables: dict[str, str]

    @property
    def processes(self) -> tuple[Leashed, ...]:
        """In the order in which they are stopped: first whoever takes new work."""
        return (self.web, self.provider)


def gather(home: Path, *, port: int | None, web_module: str, environment: Mapping[str, str]) -> Company:
    """This will prepare the processes: web on the port, or on a free one."""
    folder = home / "demo"
    folder.mkdir(parents=True, exist_ok=True)
    web_port = free_port([port] if port else WEB_PORTS)
    url = f"http://{ADDRESS}:{web_port}/"
    provider = embedded_provider(
        home / "provider",
        callback_url=f"{url}callbacks/payments/{SOURCE}/",
        environment=environment,
        log=folder / "provider.log",
    )
    ear_port = any_free_port(EAR_PORTS)
    past = embedded_provider(
        home / "provider",
        callback_url=f"http://{ADDRESS}:{ear_port}/callbacks/payments/{SOURCE}/",
        environment=environment,
        log=folder / "provider.log",
        port=provider.port,
    )
    known = {**environment, **provider.variables}
    return Company(
        folder=folder,
        provider=provider.process,
        past_provider=past.process,
        ear_port=ear_port,
        web=Leashed(
            name="web",
            module=web_module,
            arguments=[str(web_port)],
            environment={**known, "LINLI_PROCESS": "web"},
            log=folder / "web.log",
        ),
        provider_url=provider.url,
        url=url,
        variables=provider.variables,
    )
