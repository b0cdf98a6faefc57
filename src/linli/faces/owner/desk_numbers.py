"""On which number residents reach their property company's desk; told whatever counters are closed."""

from __future__ import annotations

import re

from linli.estate.workorders.rules import WorkOrderPolicy
from linli.faces.owner import neighbourhoods
from linli.faces.shell.requests import OwnerRequest
from linli.ground.policies.queries import policy

SHORTEST_NUMBER = 5
_NOT_DIALLED = re.compile(r"[^\d+]")


def desk_phone(request: OwnerRequest) -> tuple[str, str] | None:
    """This will give the number of the desk as it is written and as it is dialled; None where none is set."""
    held = policy(request.scope, WorkOrderPolicy, at=request.at, community=neighbourhoods.own(request))
    return dialled(held.desk_phone)


def dialled(number: str) -> tuple[str, str] | None:
    """This will give a number as it is written and as a link that dials it; None for what no phone could dial."""
    digits = _NOT_DIALLED.sub("", number)
    return (number.strip(), f"tel:{digits}") if len(digits) >= SHORTEST_NUMBER else None
