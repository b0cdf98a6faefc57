"""What other floors hear about people: ids only, never a name or a phone."""

from __future__ import annotations

from datetime import date
from uuid import UUID

from linli.kernel.facts import Fact
from linli.kernel.ids import CommunityId, HomeId, PartyId


class PersonErased(Fact):
    """A person's name and phone are gone; whoever keeps something personal of them erases it too."""

    person: PartyId


class RoleGranted(Fact):
    """A party wears a role at a level, or has another duty in it, from now on; `place` is None for the platform."""

    person: PartyId
    role: str
    level: str
    place: UUID | None


class RoleRevoked(Fact):
    """A party wears the role no more."""

    person: PartyId
    role: str
    level: str
    place: UUID | None


class MovedIn(Fact):
    """A residency begins on `start_on`."""

    person: PartyId
    home: HomeId
    community: CommunityId
    residency: str
    start_on: date


class MovedOut(Fact):
    """A residency ends; `end_on` is the first day that no longer belongs to it."""

    person: PartyId
    home: HomeId
    community: CommunityId
    residency: str
    end_on: date


class CommunityEntrusted(Fact):
    """A property company looks after a community from `start_on`."""

    community: CommunityId
    company: PartyId
    start_on: date
