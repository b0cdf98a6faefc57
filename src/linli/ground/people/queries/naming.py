"""What people are called, as far as who asks may know it: whole inside, masked at the desks of property companies."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from linli.ground.people import models, rules
from linli.ground.people.rules import PartyKind, ResidencyKind
from linli.ground.places import queries as places
from linli.kernel.ids import HomeId, PartyId
from linli.kernel.refusals import NotFound
from linli.spine.action import query
from linli.spine.scope import SYSTEM, Role, Scope

MOST = 1000


@dataclass(frozen=True, slots=True)
class Resident:
    """One member of a household; the phone is masked, and empty where the asker may not see even that."""

    party: PartyId
    name: str
    phone: str
    kind: str
    start_on: date


@dataclass(frozen=True, slots=True)
class Housemate:
    """One of those who live in a home, as another of them sees it."""

    party: PartyId
    name: str
    phone: str
    kind: str
    start_on: date
    is_me: bool
    may_be_ended: bool


@query
def household(scope: Scope, *, home: HomeId, at: datetime) -> tuple[Resident, ...]:
    """This will list who lives in, rents or owns a home, with masked phones; residents see themselves only.

    To staff of a property company the names are masked, too, as `names` has them."""
    day = places.day_in(places.home(home).community, at)
    lives = (
        models.Residency.objects.within(scope)
        .filter(home=home, start_on__lte=day)
        .exclude(end_on__lte=day)
        .order_by("start_on", "id")
        .values_list("party", "party__name", "party__contact__phone", "kind", "start_on")[:MOST]
    )
    return tuple(
        Resident(
            PartyId(party),
            _as_seen(scope, PartyId(party), name),
            rules.masked_phone(phone) if phone else "",
            kind,
            start_on,
        )
        for party, name, phone, kind, start_on in lives
    )


@query
def housemates(scope: Scope, *, home: HomeId, at: datetime) -> tuple[Housemate, ...]:
    """This will list who lives in a home, to each of them: names and phones masked, their own name as it is."""
    if home not in scope.homes:
        raise NotFound("home")
    lives = household(SYSTEM, home=home, at=at)
    is_kept = rules.keeps_household(each.kind for each in lives if each.party == scope.person)
    return tuple(
        Housemate(
            each.party,
            each.name if each.party == scope.person else rules.masked_name(each.name),
            each.phone,
            each.kind,
            each.start_on,
            is_me=each.party == scope.person,
            may_be_ended=each.kind == ResidencyKind.FAMILY and (is_kept or each.party == scope.person),
        )
        for each in lives
    )


@query
def names(scope: Scope, *, parties: Iterable[PartyId]) -> dict[PartyId, str]:
    """This will name parties the scope may know; erased persons are nameless. Staff of a property company know who
    lives in their communities, and who works, or worked, for the company.

    To staff of a property company other persons are masked (王**) on every page and in every sheet, so that none can
    forget it: who needs a whole name says why (`actions.reveal_name`)."""
    rows = models.Party.objects.within(scope).filter(id__among=list(parties)).values_list("id", "name", "kind")[:MOST]
    return {
        PartyId(who): _as_seen(scope, PartyId(who), name) if kind == PartyKind.PERSON else name
        for who, name, kind in rows
    }


@query
def masked_names(scope: Scope, *, parties: Iterable[PartyId]) -> dict[PartyId, str]:
    """This will name parties as those may read them who need not know them: persons in part, organisations whole,
    because a company's name is no secret and a masked one tells nobody who acted."""
    rows = models.Party.objects.within(scope).filter(id__among=list(parties)).values_list("id", "name", "kind")[:MOST]
    return {PartyId(who): rules.masked_name(name) if kind == PartyKind.PERSON else name for who, name, kind in rows}


@query
def names_to_compare(scope: Scope, *, parties: Iterable[PartyId]) -> dict[PartyId, str]:
    """This will give whole names for comparing them with what a bank says; they are shown to nobody."""
    rows = models.Party.objects.within(scope).filter(id__among=list(parties)).values_list("id", "name")[:MOST]
    return {PartyId(party): name for party, name in rows}


def _as_seen(scope: Scope, person: PartyId, name: str) -> str:
    return rules.masked_name(name) if scope.role is Role.PROPERTY and person != scope.person else name


@query
def masked_contacts(scope: Scope, *, parties: Iterable[PartyId]) -> dict[PartyId, str]:
    """This will show phones so that staff know them and cannot call them (138****8000)."""
    rows = models.Contact.objects.within(scope).filter(party__among=list(parties)).values_list("party", "phone")[:MOST]
    return {PartyId(party): rules.masked_phone(phone) for party, phone in rows}
