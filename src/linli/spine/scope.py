"""A scope is who asks and how far they reach; a face makes it once from the sign-in, never from the request body."""

from __future__ import annotations

from dataclasses import dataclass, fields, replace
from typing import Final, LiteralString
from uuid import UUID

from linli.kernel.ids import CityId, CommunityId, HomeId, PartyId, ShopId
from linli.kernel.refusals import NotFound, Refusal
from linli.kernel.words import _
from linli.spine.may import Duty, May, Role, carries

__all__ = ["GUEST", "SYSTEM", "HoldsEverywhere", "ProvidedScope", "Proviso", "Role", "Scope"]


class HoldsEverywhere(Refusal):
    """Staff of one community would change what its neighbours go by."""

    says = _("This holds in every community of the company. Ask somebody who works for all of them.")


@dataclass(frozen=True, slots=True)
class Proviso:
    """What must hold for a scope to be worth anything, asked of the database: the call raises `sqlstate` if not.

    It goes ahead of everything that the scope's transaction asks, in the same trip, so nothing is read or written
    where it does not hold.
    """

    call: LiteralString
    values: tuple[object, ...]
    sqlstate: str
    refusal: type[Refusal]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """Person, role and reach. Every action and every query starts from one.

    `communities` is the reach of property staff, or the communities a resident lives in; `homes` a resident's homes;
    `shop` the shop a merchant's sign-in is for; `company` whose business it is there: the property
    company, or the shop's merchant; `city` None means every city. `duty` narrows what the staff of a property company
    may do; None narrows nothing. `of_a_community` is staff of a property company that works for some of its communities
    only: what holds for all of them is closed to them.
    `once` is the client's idempotency key for this request, where it sent one.
    """

    role: Role
    person: PartyId | None = None
    city: CityId | None = None
    communities: tuple[CommunityId, ...] = ()
    homes: tuple[HomeId, ...] = ()
    shop: ShopId | None = None
    company: PartyId | None = None
    duty: Duty | None = None
    of_a_community: bool = False
    once: str | None = None

    def may(self, needs: May) -> bool:
        """This will tell whether the role carries the permission."""
        return carries(self.role, needs, self.duty, of_a_city=self.city is not None, of_a_community=self.of_a_community)

    @property
    def is_inside(self) -> bool:
        """The platform's operators and the house itself see every row; all others see their own."""
        return self.role in (Role.PLATFORM, Role.SYSTEM)

    @property
    def is_everywhere(self) -> bool:
        """The house itself, and operators who work for every city."""
        return self.is_inside and self.city is None

    def reaches_no_further_than(self, other: Scope) -> bool:
        """This will tell whether staff of a company works for no community that another does not work for."""
        return not other.of_a_community or (self.of_a_community and set(self.communities) <= set(other.communities))

    def insist_on_all_communities(self) -> None:
        """This will refuse who works for some communities of a company to settle what holds in all of them."""
        if self.of_a_community:
            raise HoldsEverywhere

    def insist_on_settling(self, community: UUID | None) -> None:
        """This will refuse to settle what holds in a community to who does not work there; None: in all of them."""
        if community is None:
            self.insist_on_all_communities()
        elif community not in self.communities:
            raise NotFound("community")

    def works_in(self, city: UUID) -> bool:
        """This will tell whether somebody inside works for a city: its own operators do, those of another do not."""
        return self.is_inside and self.city in (None, city)

    def keyed(self, once: str | None) -> Scope:
        """This will give the same scope with an idempotency key."""
        return replace(self, once=once)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProvidedScope(Scope):
    """A scope of whose sign-in something has not been asked yet; the transaction that acts for it asks first."""

    proviso: Proviso

    @classmethod
    def of(cls, scope: Scope, proviso: Proviso) -> ProvidedScope:
        """This will put a proviso on a scope."""
        return cls(**{name: getattr(scope, name) for name in _PARTS}, proviso=proviso)


_PARTS: Final = tuple(each.name for each in fields(Scope))


SYSTEM = Scope(role=Role.SYSTEM)
"""The house itself: reactions, tasks and the worker."""

GUEST = Scope(role=Role.GUEST)
"""Somebody who has not signed in."""
