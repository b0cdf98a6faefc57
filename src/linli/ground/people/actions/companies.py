"""Property companies: made known with their first manager, entrusted with communities from a day on, and relieved."""

from __future__ import annotations

from datetime import date, datetime

from linli.ground.people import events, queries
from linli.ground.people.actions.register import register_organisation
from linli.ground.people.actions.staffing import add_company_staff
from linli.ground.places import queries as places
from linli.kernel import ids
from linli.kernel.ids import CommunityId, PartyId
from linli.kernel.refusals import NotFound, Refusal
from linli.kernel.words import _
from linli.spine import sql
from linli.spine.action import action
from linli.spine.may import Duty, May
from linli.spine.outbox import tell
from linli.spine.scope import SYSTEM, Scope


class CompanyKnown(Refusal):
    """Two companies of one name could not be told apart by those who live with them."""

    says = _("A property company of this name is known already.")


class StewardshipOverlaps(Refusal):
    """A company, perhaps the same, is entrusted with the community for a later time already."""

    says = _("This community is entrusted to a company from {start_on} on already. End that first.")


class NobodyInCare(Refusal):
    """What nobody looks after on a day cannot be ended on it."""

    says = _("Nobody looks after this community on that day.")


@action(needs=May.KEEP_COMPANIES, private=("name", "manager", "phone"))
def register_company(scope: Scope, *, name: str, manager: str, phone: str, at: datetime) -> PartyId:
    """This will make a property company known, and let its first manager in by their phone."""
    called = " ".join(name.split())
    if any(each.name == called for each in queries.companies(SYSTEM, called=called, at=at)):
        raise CompanyKnown(field="name")
    company = register_organisation(SYSTEM, name=called, at=at)
    name_manager(scope, company=company, name=manager, phone=phone, at=at)
    return company


@action(needs=May.KEEP_COMPANIES, private=("name", "phone"))
def name_manager(scope: Scope, *, company: PartyId, name: str, phone: str, at: datetime) -> PartyId:
    """This will let a person manage a company's desk; an operator of one city does so for companies that work there."""
    _insist_organisation(company)
    if scope.city is not None:
        theirs = [each.community for each in queries.stewardships(company=company)]
        if {card.city for card in places.communities(ids=theirs)} - {scope.city}:
            raise NotFound("company")
    return add_company_staff(SYSTEM, company=company, name=name, phone=phone, duty=Duty.MANAGER, at=at)


@action(needs=May.KEEP_COMPANIES)
def entrust_community(scope: Scope, *, community: CommunityId, company: PartyId, start_on: date, at: datetime) -> None:
    """This will put a community into a property company's care from a day on; the one before it ends that day."""
    _insist_organisation(company)
    _insist_works_there(scope, community)
    sql.run(
        "UPDATE people_stewardship SET end_on = %s WHERE community_id = %s AND company_id <> %s"
        " AND start_on < %s AND (end_on IS NULL OR end_on > %s)",
        start_on,
        community,
        company,
        start_on,
        start_on,
    )
    added = sql.run(
        "INSERT INTO people_stewardship (id, community_id, company_id, start_on) VALUES (%s, %s, %s, %s)"
        " ON CONFLICT DO NOTHING",
        ids.new(),
        community,
        company,
        start_on,
    )
    if added:
        tell(events.CommunityEntrusted(community=community, company=company, start_on=start_on, at=at))
    else:
        _insist_cared_for(community, company, start_on)


def _insist_cared_for(community: CommunityId, company: PartyId, start_on: date) -> None:
    """What stands in the way of a stewardship is the very one, which goes on, or one that has to be ended first."""
    held = sql.fetch_one(
        "SELECT company_id, start_on, end_on FROM people_stewardship WHERE community_id = %s"
        " AND daterange(start_on, end_on) && daterange(%s, NULL) ORDER BY start_on LIMIT 1",
        community,
        start_on,
    )
    if held is None or held[0] != company or held[1] > start_on or held[2] is not None:
        raise StewardshipOverlaps(start_on=held[1] if held else start_on, field="start_on")


@action(needs=May.KEEP_COMPANIES)
def end_stewardship(
    scope: Scope, *, community: CommunityId, end_on: date, company: PartyId | None = None, at: datetime
) -> None:
    """This will leave a community without the company (the one named) from a day on; on its first, it never began."""
    _insist_works_there(scope, community)
    ended = sql.run(
        "UPDATE people_stewardship SET end_on = %s WHERE community_id = %s AND start_on <= %s"
        " AND (end_on IS NULL OR end_on > %s) AND (%s::uuid IS NULL OR company_id = %s)",
        end_on,
        community,
        end_on,
        end_on,
        company,
        company,
    )
    if not ended:
        raise NobodyInCare(field="end_on")


def _insist_organisation(company: PartyId) -> None:
    kind = sql.fetch_one("SELECT kind FROM people_party WHERE id = %s", company)
    if kind != ("organisation",):
        raise NotFound("company", field="company")


def _insist_works_there(scope: Scope, community: CommunityId) -> None:
    """To whoever works for another city there is no such community."""
    if not scope.works_in(places.community(community).city):
        raise NotFound("community", field="community")
