"""Counters of the property company as residents meet them: what each is called, and whether it is open here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol, cast

from linli.estate.billing import queries as billing
from linli.estate.billing.rules import BillingPolicy
from linli.faces.owner import neighbourhoods
from linli.faces.shell.requests import OwnerRequest
from linli.ground.places.queries import CommunityCard
from linli.ground.policies import queries as policies
from linli.ground.policies.queries import policy
from linli.ground.policies.rules import Level, Policy
from linli.kernel.ids import CommunityId
from linli.kernel.refusals import NotFound


class _Offering(Protocol):
    @property
    def is_offered(self) -> bool: ...


def nothing_waits(_request: OwnerRequest) -> str:
    """This will say nothing under a counter's name."""
    return ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Counter:
    """One tile of the page: its own page, its word (marked with `_` for the catalogue), its icon, whose policy says
    whether it is open, and what waits there in a word or two (translated; one statement, empty where nothing does)."""

    page: str
    name: str
    icon: str
    policy: type[Policy]
    waits: Callable[[OwnerRequest], str] = nothing_waits

    def __post_init__(self) -> None:
        if "is_offered" not in self.policy.settings():
            raise TypeError(f"{self.policy.__name__} does not say whether its counter is offered")


def closed_counters(request: OwnerRequest, community: CommunityId) -> frozenset[str]:
    """This will give the words of the policies whose counters a community keeps closed, in one statement."""
    book = policies.book(request.scope, level=Level.COMMUNITY, place=community, at=request.at)
    return frozenset(
        each.word for each in book for one in each.settings if one.setting == "is_offered" and one.value is False
    )


def insist_offered(request: OwnerRequest, cls: type[Policy]) -> CommunityCard:
    """This will give the resident's community and tell times in its zone; a counter that it does not offer is not
    there. Every page of a counter asks this first. Bills are there for those, too, who live nowhere any more."""
    community = _left(request, cls) or neighbourhoods.own(request)
    held = policy(request.scope, cls, at=request.at, community=community)
    if not cast("_Offering", held).is_offered:
        raise NotFound("counter")
    return neighbourhoods.look_at(community)


def _left(request: OwnerRequest, cls: type[Policy]) -> CommunityId | None:
    """The community where somebody who has no home has still to do with the company: sold, and not yet paid up."""
    if request.communities or request.scope.person is None or cls is not BillingPolicy:
        return None
    return billing.left_behind(request.scope)
