"""The house that is measured: its database, and its web process and worker as they run for everybody."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import urllib3

from linli.works.bench.shopping import Paid
from linli.works.bench.town import Town
from linli.works.leash import Leashed, stop_all
from linli.works.ports import ADDRESS

READY_LIMIT_S = 60.0


@dataclass(frozen=True)
class House:
    """Where everything is; made by the command, which alone knows how the parts are wired."""

    folder: Path
    database_url: str
    superuser_url: str
    postmaster: int
    environment: Mapping[str, str]
    web_module: str
    port: int
    town: Town
    paid: Paid
    source: str

    @property
    def together(self) -> Leashed:
        """Web process and worker with their parent, as they run for everybody; not yet started."""
        return self._process("web", self.web_module, [str(self.port)])

    @property
    def web(self) -> Leashed:
        """The web process, not yet started."""
        return self._process("web", self.web_module, [str(self.port), "--no-worker"])

    @property
    def worker(self) -> Leashed:
        """A worker of its own, so that its CPU can be told from the pages'; not yet started."""
        return self._process("worker", "linli", ["worker"])

    def _process(self, name: str, module: str, arguments: list[str]) -> Leashed:
        known = {**self.environment, "LINLI_PROCESS": name}
        return Leashed(name, module, arguments, known, self.folder / f"{name}.log")

    @contextmanager
    def running(self, *, web: bool = True, together: bool = False) -> Iterator[dict[str, int]]:
        """This will keep web and worker running inside the block, and give the families to meter."""
        processes = [self.together] if together else [self.web, self.worker] if web else [self.worker]
        try:
            for each in processes:
                each.start()
            if web:
                wait_until_answered(self.port, processes[0])
            yield {each.name: each.pid for each in processes} | {"database": self.postmaster}
        finally:
            stop_all(processes)


def wait_until_answered(port: int, by: Leashed, path: str = "/api/v1/categories") -> float:
    """This will wait for the first answer, and tell how long that took."""
    began = time.monotonic()
    while True:
        try:
            if urllib3.request("GET", f"http://{ADDRESS}:{port}{path}", timeout=10.0, retries=False).status < 500:
                return time.monotonic() - began
        except urllib3.exceptions.HTTPError:
            pass
        if not by.is_alive or time.monotonic() - began > READY_LIMIT_S:
            raise RuntimeError(f"the {by.name} does not answer. Its last words:\n{by.last_words()}")
        time.sleep(0.01)
