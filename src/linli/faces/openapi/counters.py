"""Counters of the property company as programs of residents meet them: a closed one is not there."""

from __future__ import annotations

from typing import Protocol, cast

from linli.faces.openapi.endpoints import ApiRequest
from linli.ground.policies.queries import policy
from linli.ground.policies.rules import Policy
from linli.kernel.refusals import NotFound
from linli.spine.scope import Role


class _Offering(Protocol):
    @property
    def is_offered(self) -> bool: ...


def insist_offered(request: ApiRequest, cls: type[Policy]) -> None:
    """This will refuse a resident whose community has closed the counter; the company's staff finish what is there."""
    if request.scope.role is not Role.RESIDENT:
        return
    for community in request.scope.communities:
        if not cast("_Offering", policy(request.scope, cls, at=request.at, community=community)).is_offered:
            raise NotFound("counter")
