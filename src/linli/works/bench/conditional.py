"""`linli bench conditional`: the shared shelf given again from memory, whole and as 304, beside nginx with its body."""

from __future__ import annotations

from collections.abc import Mapping

import urllib3

from linli.works.bench import nginx, soundness
from linli.works.bench.asking import ask_again_and_again
from linli.works.bench.crowd import gather
from linli.works.bench.doorbell import signed_in
from linli.works.bench.house import House
from linli.works.bench.meters import Meter
from linli.works.bench.report import Figure, Report
from linli.works.bench.shelf import page_of
from linli.works.ports import ADDRESS, WEB_PORTS, free_port

TIMEOUT_S = 10.0
WARM_S = 0.5
_NO_NGINX = "No nginx was found (on the path, or named by LINLI_NGINX), so there is nothing to divide by."


def bench(house: House, *, seconds: float, clients: int) -> Report:
    """This will ask for the shelf that neighbours share, and for the same body from a web server of files."""
    cookies, path = {"Cookie": signed_in(house.town)}, page_of(house)
    figures: dict[str, Figure] = {}
    checks: dict[str, bool] = {}
    with house.running() as families:
        body, tag = _look(house.port, path, cookies)
        for what, headers in (("whole", cookies), ("304", {**cookies, "If-None-Match": tag})):
            found, right = _measure(house.port, path, headers, families, seconds=seconds, clients=clients)
            figures |= {f"{name}_{what}": value for name, value in found.items()}
            checks[f"every_{what}_answer_was_right"] = right == {("304" if what == "304" else "200")}
        checks["the_page_stayed_the_same"] = _look(house.port, path, cookies) == (body, tag)
    ratio = None
    if found_nginx := nginx.program():
        beside, same = _beside(found_nginx, house, body, seconds=seconds, clients=clients)
        figures |= {f"nginx_{name}": value for name, value in beside.items()}
        checks["nginx_gave_the_same_body"] = same
        ratios = [
            float(figures[f"answers_per_s_{what}"] or 0) / float(beside[f"answers_per_s_{what}"] or 1)
            for what in ("whole", "304")
        ]
        figures |= {"ratio_whole": round(ratios[0], 4), "ratio_304": round(ratios[1], 4)}
        ratio = round(min(ratios), 4)
    return Report(
        name="conditional",
        parameters={"seconds": seconds, "clients": clients, "body_bytes": len(body)},
        figures=figures,
        limit={"ratio": 0.02},
        ratio=ratio,
        note="" if ratio is not None else _NO_NGINX,
        checks={**soundness.checks(house.superuser_url), **checks},
    )


def _beside(program: str, house: House, body: bytes, *, seconds: float, clients: int) -> tuple[dict[str, Figure], bool]:
    port, figures, right = free_port(WEB_PORTS), dict[str, Figure](), True
    with nginx.serving(program, body, house.folder / "nginx", port=port) as pid:
        same, tag = _look(port, "/shelf", {})
        for what, headers in (("whole", {}), ("304", {"If-None-Match": tag})):
            found, said = _measure(port, "/shelf", headers, {"nginx": pid}, seconds=seconds, clients=clients)
            figures |= {f"{name}_{what}": value for name, value in found.items()}
            right = right and said == {"304" if what == "304" else "200"}
    return figures, right and same == body


def _look(port: int, path: str, headers: Mapping[str, str]) -> tuple[bytes, str]:
    said = urllib3.request("GET", f"http://{ADDRESS}:{port}{path}", headers=dict(headers), timeout=TIMEOUT_S)
    return said.data, said.headers["ETag"]


def _measure(
    port: int, path: str, headers: Mapping[str, str], families: Mapping[str, int], *, seconds: float, clients: int
) -> tuple[dict[str, Figure], set[str]]:
    told = [(port, path, dict(headers))] * clients
    gather(ask_again_and_again, told, seconds=min(WARM_S, seconds))
    meter = Meter(families)
    crowd = gather(ask_again_and_again, told, seconds=seconds)
    used = sum(meter.used_ms().values())
    asked = max(1, sum(count for count, _ in crowd.said))
    figures: dict[str, Figure] = {
        "answers_per_s": round(asked / crowd.seconds, 1),
        "cpu_ms_per_answer": round(used / asked, 4),
    }
    return figures, set().union(*(statuses for _, statuses in crowd.said))
