"""Asking for something to be done: by a resident, by staff, from a patrol's finding or by a device."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from uuid import UUID

from linli.estate.workorders import events, rules
from linli.estate.workorders.actions.held import said
from linli.estate.workorders.actions.photos import kept_photos
from linli.estate.workorders.actions.types import add_default_types
from linli.estate.workorders.models import Quote
from linli.estate.workorders.rules import Kind, Source
from linli.ground.places import queries as places
from linli.ground.places.rules import business_day
from linli.kernel import ids
from linli.kernel.ids import CommunityId, FileId, HomeId, PartyId, WorkOrderId
from linli.kernel.money import Money
from linli.kernel.refusals import Invalid, NotFound, Refusal
from linli.kernel.words import _
from linli.spine import sql
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.outbox import tell
from linli.spine.scope import SYSTEM, Scope

MOST_PLACE = 120
PHOTO = "work_photo"

_TERMS = """
    SELECT c.company, t.id, t.kind, t.price_minor, t.at_home, h.community,
        coalesce(s.accept_minutes, t.accept_minutes), coalesce(s.arrive_minutes, t.arrive_minutes),
        coalesce(s.finish_minutes, t.finish_minutes),
        t.price_minor IS NOT NULL AND EXISTS (
            SELECT FROM workorders_order AS o WHERE o.home = %s AND o.type_id = t.id
                AND o.charged_at + make_interval(hours => 24 * t.warranty_days) > %s)
    FROM people_companies_of(ARRAY[%s::uuid], %s) AS c
    LEFT JOIN workorders_type AS t ON t.company = c.company AND t.retired_at IS NULL
        AND CASE WHEN %s::uuid IS NULL THEN t.kind = %s AND t.under_id IS NULL ELSE t.id = %s::uuid END
    LEFT JOIN LATERAL (
        SELECT * FROM workorders_sla AS own WHERE own.community = %s AND own.type_id = t.id
            AND own.start_on <= places_day(own.community, %s) ORDER BY own.start_on DESC LIMIT 1) AS s ON true
    LEFT JOIN places_communities_of(ARRAY[%s::uuid]) AS h ON true
    ORDER BY t.nth LIMIT 1
"""
_RAISE = "SELECT workorders_raise(%s::jsonb, %s, %s, %s, %s)"


class PriceChanged(Refusal):
    """The price that was agreed to is not (or no longer) the one of this service."""

    says = _("The price is {price} now. Please look at it again.")


@dataclass(frozen=True, slots=True)
class Terms:
    """What is promised for a type in a community, and what it costs."""

    company: PartyId
    type: UUID
    kind: Kind
    price: Money | None
    minutes: rules.Minutes


@action(needs=May.RAISE_WORK_ORDER, private=("place", "words", "uploads"))
def raise_work_order(
    scope: Scope,
    *,
    community: CommunityId,
    kind: Kind = Kind.REPAIR,
    type_id: UUID | None = None,
    home: HomeId | None = None,
    place: str = "",
    words: str = "",
    photos: Sequence[FileId] = (),
    uploads: Sequence[tuple[str, bytes]] = (),
    source: Source | None = None,
    about: UUID | None = None,
    on_behalf_of: PartyId | None = None,
    wanted_at: datetime | None = None,
    agrees_to: Money | None = None,
    at: datetime,
) -> WorkOrderId:
    """This will ask for something to be done, at a home or at a public `place`, with the promise of its type.

    Without a type it is the first of its `kind`. Residents ask for themselves; staff may ask for a resident, and the
    modules above for what they are `about`. A type with a fixed price wants it agreed to, except under its warranty.
    """
    who = _who(scope, community, home, source, on_behalf_of)
    where = said(place, MOST_PLACE, field="place")
    if home is None and not where:
        raise Invalid("place", _("Please say where it is."))
    terms = _terms(community, kind, type_id, home, at)
    if terms.price is not None and agrees_to != terms.price:
        raise PriceChanged(field="agrees_to", price=terms.price)
    order = WorkOrderId(ids.new())
    row = {
        **_clocks(rules.promise(at, terms.minutes, wanted_at), at),
        "id": order,
        "company": terms.company,
        "community": community,
        "kind": terms.kind,
        "type_id": terms.type,
        "home": home,
        "place": where,
        "words": said(words),
        "photos": kept_photos(scope, photos, uploads, purpose=PHOTO, at=at),
        "source": who[0],
        "about": about,
        "raised_by": who[1],
        "wanted_at": wanted_at,
        "price_minor": terms.price.minor if terms.price else 0,
    }
    day = business_day(at, places.market_of(community).timezone)
    sql.fetch(_RAISE, sql.as_json(row), ids.new(), day, scope.role.value, scope.person)
    if terms.price is not None:
        _agree(order, community, terms.price, who[1], at)
    tell(
        events.WorkOrderRaised(
            order=order, community=community, work=terms.kind, source=who[0], about=about, home=home, at=at
        )
    )
    return order


def _clocks(promise: rules.Promise, at: datetime) -> dict[str, object]:
    """How an order begins: it waits for somebody to accept it."""
    begins = {"state": rules.WorkState.RAISED, "raised_at": at, "clock_at": at}
    return {**begins, **asdict(promise), "due_at": promise.accept_due_at, "escalates_at": promise.accept_due_at}


def _who(
    scope: Scope, community: CommunityId, home: HomeId | None, source: Source | None, on_behalf_of: PartyId | None
) -> tuple[Source, PartyId | None]:
    """Who noticed it and who asked. What is none of the asker's business is answered as if it were not there."""
    if scope.is_inside:
        return source or Source.STAFF, on_behalf_of
    if community not in scope.communities:
        raise NotFound("community")
    if scope.company is not None:
        return source or Source.STAFF, on_behalf_of or scope.person
    if home is not None and home not in scope.homes:
        raise NotFound("home")
    return Source.OWNER, scope.person


def _terms(community: CommunityId, kind: Kind, asked: UUID | None, home: HomeId | None, at: datetime) -> Terms:
    asks = (home, at, community, at, asked, kind.value, asked, community, at, home)
    row = sql.fetch_one(_TERMS, *asks)
    if row is None:
        raise NotFound("company")
    if row[1] is None and asked is None and add_default_types(SYSTEM, company=PartyId(row[0]), at=at):
        row = sql.fetch_one(_TERMS, *asks)
    if row is None or row[1] is None:
        raise NotFound("type", field="type_id")
    company, found, of_kind, price_minor, at_home, homes_community, accept, arrive, finish, is_free = row
    if home is not None and homes_community != community:
        raise NotFound("home", field="home")
    price = None if price_minor is None or is_free or (home is None and at_home) else Money(price_minor)
    if price is not None and home is None:
        raise Invalid("home", _("Please say at which home."))
    return Terms(
        PartyId(company), found, Kind(of_kind), price, rules.Minutes(accept=accept, arrive=arrive, finish=finish)
    )


def _agree(order: WorkOrderId, community: CommunityId, price: Money, person: PartyId | None, at: datetime) -> None:
    """The fixed price of a service is agreed to when it is asked for."""
    Quote.objects.create(
        order_id=order,
        community=community,
        labour_minor=price.minor,
        materials_minor=0,
        amount_minor=price.minor,
        what="",
        state=rules.QuoteState.AGREED.value,
        quoted_by=None,
        quoted_at=at,
        due_at=at,
        answered_at=at,
        answered_by=person,
    )
