"""Questions about people: whose phone, which hats, who lives where, who looks after a community."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.db.models import Case, Q, When

from linli.ground.people import models, rules
from linli.ground.people.queries.caring import BuildingCare as BuildingCare
from linli.ground.people.queries.caring import building_stewards as building_stewards
from linli.ground.people.queries.companies import CompanyCard as CompanyCard
from linli.ground.people.queries.companies import Stewardship as Stewardship
from linli.ground.people.queries.companies import companies as companies
from linli.ground.people.queries.companies import stewardships as stewardships
from linli.ground.people.queries.finding import homes_by_phone_tail as homes_by_phone_tail
from linli.ground.people.queries.finding import residents_called as residents_called
from linli.ground.people.queries.naming import Housemate as Housemate
from linli.ground.people.queries.naming import Resident as Resident
from linli.ground.people.queries.naming import household as household
from linli.ground.people.queries.naming import housemates as housemates
from linli.ground.people.queries.naming import masked_contacts as masked_contacts
from linli.ground.people.queries.naming import masked_names as masked_names
from linli.ground.people.queries.naming import names as names
from linli.ground.people.queries.naming import names_to_compare as names_to_compare
from linli.ground.people.queries.operators import Operator as Operator
from linli.ground.people.queries.operators import operators as operators
from linli.ground.people.queries.views import View as View
from linli.ground.people.queries.views import saved_views as saved_views
from linli.ground.people.rules import Binding, Hat, Level, PartyKind, Reached
from linli.ground.places import queries as places
from linli.ground.places.queries import HomeCard
from linli.kernel.ids import CityId, CommunityId, HomeId, PartyId
from linli.kernel.period import Period
from linli.kernel.refusals import NotFound
from linli.spine import sql
from linli.spine.action import open_query, query
from linli.spine.may import Duty
from linli.spine.scope import SYSTEM, Role, Scope

MOST = 1000
"""How many parties, homes or bindings one question may be about."""
MOST_LEFT = 5
"""So many of the homes that somebody left are still theirs to name."""


@dataclass(frozen=True, slots=True)
class LivesIn:
    """A home that a person lives in, rents or owns now."""

    home: HomeCard
    kind: str
    start_on: date


@dataclass(frozen=True, slots=True)
class Wearer:
    """A party that wears a role at a place now; the phone is masked."""

    party: PartyId
    name: str
    phone: str
    start_at: datetime


@dataclass(frozen=True, slots=True)
class StaffMember:
    """Who works for a property company, as what, and where: in all of its communities, or in those named."""

    party: PartyId
    name: str
    phone: str
    since: datetime
    duty: Duty
    is_everywhere: bool
    communities: tuple[CommunityId, ...]

    def is_kept_by(self, scope: Scope) -> bool:
        """Whoever works for some communities keeps those who work there and nowhere else."""
        if not scope.of_a_community:
            return True
        return not self.is_everywhere and set(self.communities) <= set(scope.communities)

    def is_beside(self, scope: Scope) -> bool:
        """Whoever works for some communities works beside those who work there too."""
        return not scope.of_a_community or self.is_everywhere or not set(self.communities).isdisjoint(scope.communities)


@dataclass(frozen=True, slots=True)
class ResidencyRecord:
    home: HomeId
    kind: str
    start_on: date
    end_on: date | None


@dataclass(frozen=True, slots=True)
class RoleRecord:
    role: str
    level: str
    place: UUID | None
    start_at: datetime
    end_at: datetime | None


@dataclass(frozen=True, slots=True)
class PersonExport:
    """Everything that this module holds about a person."""

    person: PartyId
    name: str
    phone: str
    locale: str
    registered_at: datetime
    erased_at: datetime | None
    residencies: tuple[ResidencyRecord, ...]
    roles: tuple[RoleRecord, ...]


@query
def person_by_phone(scope: Scope, *, phone: str) -> PartyId | None:
    """This will find the party reached under a number, among those that the scope may see."""
    number = rules.phone_number(phone)
    if number is None:
        return None
    found = models.Contact.objects.within(scope).filter(phone=number).values_list("party", flat=True).first()
    return None if found is None else PartyId(found)


@query
def known_phones(scope: Scope, *, phones: Iterable[str]) -> frozenset[str]:
    """This will tell which of these numbers (in E.164) lead to a party that the scope may see."""
    found = models.Contact.objects.within(scope).filter(phone__among=list(phones)).values_list("phone", flat=True)
    return frozenset(found)


@query
def residing(
    scope: Scope, *, community: CommunityId, homes: Sequence[HomeId], phones: Sequence[str], kinds: Sequence[str]
) -> frozenset[int]:
    """This will tell of which rows (home, phone in E.164, kind) the person lives there so already, by their numbers."""
    rows = sql.fetch(
        "SELECT n.nth FROM unnest(%s::uuid[], %s::text[], %s::text[]) WITH ORDINALITY AS n(home, phone, kind, nth)"
        " JOIN people_contact c ON c.phone = n.phone JOIN people_residency r ON r.party_id = c.party_id"
        " AND r.home_id = n.home AND r.kind = n.kind AND r.community_id = %s AND r.end_on IS NULL",
        list(homes),
        list(phones),
        list(kinds),
        community,
    )
    return frozenset(int(row[0]) - 1 for row in rows)


@query
def is_live(scope: Scope, *, party: PartyId) -> bool:
    """This will tell whether the scope sees a party that exists and was not erased."""
    return models.Party.objects.within(scope).filter(id=party, erased_at=None).exists()


@query
def phone_of(scope: Scope, *, party: PartyId) -> str | None:
    """This will give a number to send to: for sign-in and messages, which ask as the house itself, or for oneself."""
    if not (scope.role == Role.SYSTEM or scope.person == party):
        raise NotFound("contact")
    found = models.Contact.objects.within(scope).filter(party=party).values_list("phone", flat=True).first()
    return None if found is None else str(found)


@query
def ways_to_reach(scope: Scope, *, parties: Sequence[PartyId]) -> dict[PartyId, tuple[str, str]]:
    """This will give number and language of everybody who can be sent a message, to the house itself."""
    if scope.role != Role.SYSTEM:
        raise NotFound("contact")
    rows = models.Contact.objects.within(scope).filter(party__among=parties)
    return {PartyId(id_): (phone, locale) for id_, phone, locale in rows.values_list("party", "phone", "party__locale")}


@query
def locale_of(scope: Scope, *, party: PartyId) -> str:
    """This will tell in which language a party is spoken to."""
    found = models.Party.objects.within(scope).filter(id=party).values_list("locale", flat=True).first()
    return str(found) if found else rules.LOCALES[0]


@query
def hats(scope: Scope, *, person: PartyId, at: datetime) -> tuple[Hat, ...]:
    """This will list the hats that a person may put on, each with its ready scope; an erased person has none."""
    if not is_live(scope, party=person):
        return ()
    bound = sql.fetch(
        "SELECT role, level, place, label, communities, company, company_name, duty"
        " FROM people_bindings_of(%s, %s) LIMIT %s",
        person,
        at,
        MOST,
    )
    lived = sql.fetch("SELECT home, community FROM people_homes_of(%s, %s) LIMIT %s", person, at, MOST)
    homes = [(HomeId(home), CommunityId(community)) for home, community in lived]
    reached = {community for _home, community in homes} | {c for row in bound for c in row[4]}
    known = {card.id: Reached(card.id, card.city, card.name) for card in places.communities(ids=reached)}
    bindings = [
        Binding(
            Role(role),
            Level(level),
            place,
            sql.from_json(label) or _place_name(level, place, company_name, known),
            tuple(reach),
            company,
            Duty(duty) if duty else None,
        )
        for role, level, place, label, reach, company, company_name, duty in bound
    ]
    return rules.hats_of(person, bindings, homes, known)


def _place_name(
    level: str, place: UUID | None, company_name: str | None, known: dict[CommunityId, Reached]
) -> dict[str, str]:
    if level == Level.COMPANY and company_name:
        return {"zh": company_name, "en": company_name}
    if level == Level.COMMUNITY and place in known:
        return known[CommunityId(place)].name
    if level == Level.CITY and place is not None:
        return places.city(CityId(place)).name
    return {}


@query
def wearers(scope: Scope, *, role: Role, level: Level, place: UUID, at: datetime) -> tuple[Wearer, ...]:
    """This will list who wears a role at a place, for the modules above that know whose place it is."""
    if not scope.is_inside:
        raise NotFound("place")
    rows = (
        models.RoleBinding.objects.within(scope)
        .filter(role=role.value, level=level.value, place=place, start_at__lte=at)
        .exclude(end_at__lte=at)
        .order_by("start_at", "id")
        .values_list("party", "party__name", "party__contact__phone", "start_at")[:MOST]
    )
    return tuple(Wearer(PartyId(p), name, rules.masked_phone(phone or ""), since) for p, name, phone, since in rows)


@query
def residents_homes(scope: Scope, *, person: PartyId, at: datetime) -> tuple[LivesIn, ...]:
    """This will list the homes of a person, as far as the scope may know them."""
    rows = sql.fetch("SELECT home, kind, start_on FROM people_homes_of(%s, %s) LIMIT %s", person, at, MOST)
    if not (scope.is_inside or scope.person == person or scope.role == Role.PROPERTY):
        return ()
    cards = places.homes(HomeId(row[0]) for row in rows)
    return tuple(LivesIn(cards[HomeId(home)], kind, start_on) for home, kind, start_on in rows)


@query
def homes_left(scope: Scope, *, person: PartyId) -> tuple[HomeId, ...]:
    """This will name the homes in which a person lived and lives no more, the last first; asked as the house."""
    rows = models.Residency.objects.within(scope).filter(party=person, end_on__isnull=False)
    return tuple(HomeId(home) for home in rows.order_by("-end_on").values_list("home", flat=True)[:MOST_LEFT])


@query
def lived_in(
    scope: Scope, *, homes: Iterable[HomeId], since: date, until: date
) -> dict[HomeId, tuple[tuple[PartyId, str, Period[date]], ...]]:
    """This will tell who owned, rented or lived in each home on some of the days [since, until): party, kind, period.

    One statement for thousands of homes; a home in which nobody did is absent.
    """
    rows = (
        models.Residency.objects.within(scope)
        .filter(home__among=list(homes), start_on__lt=until)
        .exclude(end_on__lte=since)
        .order_by("home", "start_on", "id")
        .values_list("home", "party", "kind", "start_on", "end_on")
    )
    found: dict[HomeId, list[tuple[PartyId, str, Period[date]]]] = defaultdict(list)
    for home, party, kind, start_on, end_on in rows:
        found[HomeId(home)].append((PartyId(party), kind, Period(start_on, end_on)))
    return {home: tuple(lives) for home, lives in found.items()}


@query
def company_staff(scope: Scope, *, company: PartyId, at: datetime) -> tuple[StaffMember, ...]:
    """This will list who works for a property company, as what and where, masked, to those who do too."""
    if not (scope.is_inside or (scope.role is Role.PROPERTY and scope.company == company)):
        raise NotFound("company")
    found: dict[PartyId, StaffMember] = {}
    for party, name, phone, level, place, duty, since in _staff_rows(SYSTEM, company=company, at=at):
        where = (CommunityId(place),) if level == Level.COMMUNITY else ()
        before = found.get(party)
        found[party] = StaffMember(
            party,
            name if party == scope.person else rules.masked_name(name),
            rules.masked_phone(phone or ""),
            before.since if before else since,
            Duty(duty) if duty else Duty.MANAGER,
            level == Level.COMPANY,
            (*(before.communities if before else ()), *where),
        )
    return tuple(each for each in found.values() if each.is_beside(scope))


@query
def _staff_rows(scope: Scope, *, company: PartyId, at: datetime) -> list[tuple[Any, ...]]:
    """One row a binding, those of the whole company last, so that they are what counts; asked as the house."""
    return list(
        models.RoleBinding.objects.within(scope)
        .filter(
            Q(level=Level.COMPANY.value, place=company)
            | Q(level=Level.COMMUNITY.value, place__in=communities_of(company, at=at))
            & (Q(acts_for=company) | Q(acts_for=None)),
            role=Role.PROPERTY.value,
            start_at__lte=at,
        )
        .exclude(end_at__lte=at)
        .order_by(Case(When(level=Level.COMPANY.value, then=1), default=0), "start_at", "id")
        .values_list("party", "party__name", "party__contact__phone", "level", "place", "duty", "start_at")[:MOST]
    )


@query
def residents_counted(
    scope: Scope, *, communities: Iterable[CommunityId], at: datetime
) -> dict[CommunityId, tuple[int, int]]:
    """This will count who lives in communities, and behind how many doors, as far as the scope may see them."""
    rows = sql.fetch(
        "SELECT r.community_id, count(DISTINCT r.party_id), count(DISTINCT r.home_id)"
        " FROM people_residency r, places_day(r.community_id, %s) AS today WHERE r.community_id = ANY(%s::uuid[])"
        " AND r.start_on <= today AND (r.end_on IS NULL OR today < r.end_on) GROUP BY 1",
        at,
        [c for c in communities if scope.is_inside or c in scope.communities],
    )
    return {CommunityId(community): (persons, homes) for community, persons, homes in rows}


@open_query
def company_of(communities: Iterable[CommunityId], *, at: datetime) -> dict[CommunityId, PartyId]:
    """This will tell which property company looks after each community; one without a company is absent."""
    rows = sql.fetch("SELECT community, company FROM people_companies_of(%s::uuid[], %s)", list(communities), at)
    return {CommunityId(community): PartyId(company) for community, company in rows}


@open_query
def communities_of(company: PartyId, *, at: datetime) -> tuple[CommunityId, ...]:
    """This will list the communities that a property company looks after."""
    rows = sql.fetch("SELECT people_communities_of(%s, %s)", company, at)
    return tuple(CommunityId(c) for c in rows[0][0])


@query
def export_person(scope: Scope, *, person: PartyId) -> PersonExport:
    """This will gather everything that this module holds about a person, for that person or the platform."""
    if not (scope.is_inside or scope.person == person):
        raise NotFound("person")
    party = (
        models.Party.objects.within(scope)
        .filter(id=person, kind=PartyKind.PERSON.value)
        .values_list("name", "contact__phone", "locale", "registered_at", "erased_at")
        .first()
    )
    if party is None:
        raise NotFound("person")
    name, phone, locale, registered_at, erased_at = party
    lives = models.Residency.objects.within(scope).filter(party=person).order_by("start_on", "id")
    wears = models.RoleBinding.objects.within(scope).filter(party=person).order_by("start_at", "id")
    return PersonExport(
        person,
        name,
        phone or "",
        locale,
        registered_at,
        erased_at,
        tuple(
            ResidencyRecord(HomeId(home), kind, start_on, end_on)
            for home, kind, start_on, end_on in lives.values_list("home", "kind", "start_on", "end_on")[:MOST]
        ),
        tuple(RoleRecord(*row) for row in wears.values_list("role", "level", "place", "start_at", "end_at")[:MOST]),
    )
