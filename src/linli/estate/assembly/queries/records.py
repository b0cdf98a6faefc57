"""That a person voted, and what they said against a result, for them to take along."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Q

from linli.estate.assembly.models import Objection, Proxy, Voter
from linli.kernel.names import Names
from linli.spine.action import query
from linli.spine.scope import Scope

MOST = 5_000


@dataclass(frozen=True, slots=True)
class VoteRecord:
    """A vote that a person had; what they picked is not told, it may be secret."""

    meeting: str
    title: Names
    voted_at: datetime | None
    way: str


@dataclass(frozen=True, slots=True)
class ProxyRecord:
    """A proxy that a person gave."""

    meeting: str
    given_at: datetime
    revoked_at: datetime | None


@dataclass(frozen=True, slots=True)
class ObjectionRecord:
    """What a person had to say against a result."""

    meeting: str
    text: str
    noted_at: datetime


@dataclass(frozen=True, slots=True)
class AssemblyRecords:
    """All of it, the latest first."""

    votes: tuple[VoteRecord, ...]
    proxies: tuple[ProxyRecord, ...]
    objections: tuple[ObjectionRecord, ...]


@query
def my_assembly_records(scope: Scope, *, limit: int = MOST) -> AssemblyRecords:
    """This will give the votes that the asker had, the proxies they gave, and their objections."""
    limit = min(limit, MOST)
    votes = Voter.objects.within(scope).filter(members__contains=[scope.person]).order_by("-id")
    proxies = Proxy.objects.within(scope).filter(Q(giver=scope.person)).order_by("-id")
    objections = Objection.objects.within(scope).filter(Q(person=scope.person)).order_by("-id")
    columns = ("meeting__label", "meeting__title", "voted_at", "way")
    return AssemblyRecords(
        tuple(VoteRecord(*row) for row in votes.values_list(*columns)[:limit]),
        tuple(
            ProxyRecord(*row) for row in proxies.values_list("voter__meeting__label", "given_at", "revoked_at")[:limit]
        ),
        tuple(ObjectionRecord(*row) for row in objections.values_list("meeting__label", "text", "noted_at")[:limit]),
    )
