"""Zones: opened around a hub by the 3 km rule, edited by the platform, closed when nothing is on its way any more."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from linli.ground.places import queries as places
from linli.ground.places import rules as geography
from linli.ground.policies.queries import policy
from linli.kernel import ids
from linli.kernel.ids import CityId, CommunityId, SlotId, ZoneId
from linli.kernel.refusals import Invalid, NotFound, Refusal
from linli.kernel.words import _
from linli.spine import sql
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.scope import SYSTEM, Scope
from linli.trade.delivery import rules
from linli.trade.delivery.actions import drops
from linli.trade.delivery.actions.held import of_the_city
from linli.trade.delivery.models import Slot, Zone, ZoneCommunity

MOST_COMMUNITIES = 200
MOST_DROPS = 1000


class InAnotherZone(Refusal):
    """A community is brought to from one hub only."""

    says = _("This community belongs to another zone.")


class StillOrdered(Refusal):
    """Somebody waits for a slot of this zone."""

    says = _("Somebody has ordered for a coming slot of this zone. Call the slot off first, or wait until it is over.")


@action(needs=May.KEEP_ZONES)
def open_zone(
    scope: Scope,
    *,
    city: CityId,
    name: dict[str, str],
    lat: float,
    lon: float,
    communities: Sequence[CommunityId] | None = None,
    radius_m: int | None = None,
    drops: int = 60,
    at: datetime,
) -> ZoneId:
    """This will open a zone around a hub with the communities named, or else with those within 3 km that are in none.

    With a radius, communities that are added within it later join by themselves.
    """
    lat, lon = geography.degrees(lat), geography.degrees(lon)
    _check(name, drops, radius_m)
    of_the_city(scope, city)
    zone = Zone(
        id=ids.new(), city=city, name=name, lat=lat, lon=lon, radius_m=radius_m, drops=drops, opened_at=at,
        measure_at=at,
    )  # fmt: skip
    if communities is None:
        near = places.communities_near(lat=lat, lon=lon, distance_m=radius_m or rules.REACH_M)
        found = [each.community for each in near]
        taken = set(ZoneCommunity.objects.filter(community__in=found).values_list("community", flat=True))
        communities = [each for each in found if each not in taken]
    zone.save(force_insert=True)
    _put(zone, communities)
    _open_slots([zone], at)
    return ZoneId(zone.pk)


@action(needs=May.KEEP_ZONES)
def edit_zone(
    scope: Scope,
    *,
    zone: ZoneId,
    name: dict[str, str],
    communities: Sequence[CommunityId],
    radius_m: int | None = None,
    drops: int,
    at: datetime,
) -> None:
    """This will set a zone's name, communities and what its runs carry; what is held already stays held."""
    _check(name, drops, radius_m)
    row = locked(zone)
    of_the_city(scope, CityId(row.city))
    Zone.objects.filter(pk=row.pk).update(name=name, radius_m=radius_m, drops=drops, measure_at=at)
    ZoneCommunity.objects.filter(zone=row).delete()
    _put(row, communities)
    _open_slots([row], at)


@action(needs=May.KEEP_ZONES)
def close_zone(scope: Scope, *, zone: ZoneId, at: datetime) -> None:
    """This will bring nothing to a zone any more; refused while somebody has ordered for a coming slot."""
    row = locked(zone)
    of_the_city(scope, CityId(row.city))
    coming = Slot.objects.filter(zone=row, end_at__gt=at).values_list("pk", flat=True)
    held = sql.fetch_one("SELECT 1 FROM delivery_hold WHERE slot_id = ANY(%s::uuid[]) LIMIT 1", list(coming))
    if held:
        raise StillOrdered
    ZoneCommunity.objects.filter(zone=row).delete()
    Zone.objects.filter(pk=row.pk).update(closed_at=at)


@action(needs=May.RUN_CLOCKS)
def join_zone(scope: Scope, *, community: CommunityId, at: datetime) -> bool:
    """This will put a new community into the nearest zone that takes in what lies within its radius; tells whether."""
    card = places.community(community)
    if ZoneCommunity.objects.filter(community=community).exists():
        return False
    around = Zone.objects.filter(city=card.city, closed_at__isnull=True, radius_m__isnull=False)[:MOST_COMMUNITIES]
    far = sorted((geography.distance_m(z.lat, z.lon, card.lat, card.lon), z.pk, z) for z in around)
    for metres, _pk, zone in far:
        if zone.radius_m is not None and metres <= zone.radius_m:
            ZoneCommunity.objects.create(zone=zone, community=community, distance_m=metres)
            Zone.objects.filter(pk=zone.pk).update(measure_at=at)
            return True
    return False


@action(needs=May.RUN_CLOCKS)
def open_slots(scope: Scope, *, at: datetime) -> int:
    """This will make the slots that communities of open zones are offered from now on; tells how many are new."""
    return _open_slots(list(Zone.objects.filter(closed_at__isnull=True)[:MOST_COMMUNITIES]), at)


def _check(name: dict[str, str], drops: int, radius_m: int | None) -> None:
    if not all(name.get(language, "").strip() for language in ("zh", "en")):
        raise Invalid("name", _("A name in both languages is needed"))
    if not 1 <= drops <= MOST_DROPS:
        raise Invalid("drops", _("Between 1 and {most} orders"), most=MOST_DROPS)
    if radius_m is not None and not 1 <= radius_m <= 20_000:
        raise Invalid("radius_m", _("Between 1 and 20,000 metres"))


def locked(zone: ZoneId) -> Zone:
    """This will lock an open zone until the transaction ends, or refuse with `NotFound`."""
    row = Zone.objects.select_for_update().filter(pk=zone, closed_at__isnull=True).first()
    if row is None:
        raise NotFound("zone")
    return row


def _put(zone: Zone, communities: Sequence[CommunityId]) -> None:
    wanted = list(dict.fromkeys(communities))
    if not 0 < len(wanted) <= MOST_COMMUNITIES:
        raise Invalid("communities", _("Between 1 and {most} communities"), most=MOST_COMMUNITIES)
    cards = {card.id: card for card in places.communities(ids=wanted, city=CityId(zone.city))}
    elsewhere = set(ZoneCommunity.objects.filter(community__in=wanted).values_list("community", flat=True))
    rows = []
    for n, community in enumerate(wanted):
        if community not in cards:
            raise Invalid(f"communities.{n}", _("There is no such community in the zone's city"))
        if community in elsewhere:
            raise InAnotherZone(field=f"communities.{n}", community=str(community))
        card = cards[community]
        metres = geography.distance_m(zone.lat, zone.lon, card.lat, card.lon)
        rows.append(ZoneCommunity(zone=zone, community=community, distance_m=metres))
    ZoneCommunity.objects.bulk_create(rows)


def _open_slots(zones: Sequence[Zone], at: datetime) -> int:
    """Communities with the same window share a slot; it closes when the last of them may order no more."""
    members = ZoneCommunity.objects.filter(zone__in=zones).values_list("zone", "community")
    windows: dict[tuple[ZoneId, datetime, datetime], datetime] = {}
    timezones: dict[ZoneId, str] = {}
    for zone_id, community_id in members:
        zone, community = ZoneId(zone_id), CommunityId(community_id)
        market = places.market_of(community)
        timezones[zone] = market.timezone
        terms = policy(SYSTEM, rules.DeliveryPolicy, at=at, community=community, city=market.city)
        for offer in rules.offers(terms, market.timezone, at):
            key = (zone, offer.start_at, offer.end_at)
            windows[key] = max(windows.get(key, offer.cut_off_at), offer.cut_off_at)
    slots = sorted((*window, cut_off) for window, cut_off in windows.items())
    opened = sql.fetch(
        "INSERT INTO delivery_slot (id, zone_id, start_at, end_at, cut_off_at, state) SELECT n.* FROM unnest("
        "%s::uuid[], %s::uuid[], %s::timestamptz[], %s::timestamptz[], %s::timestamptz[], %s::text[]) AS n"
        " ON CONFLICT (zone_id, start_at, end_at) DO NOTHING RETURNING id, zone_id",
        [ids.new() for _ in slots],
        [slot[0] for slot in slots],
        [slot[1] for slot in slots],
        [slot[2] for slot in slots],
        [slot[3] for slot in slots],
        [rules.SLOT_LIFE.birth.value for _ in slots],
    )
    drops.expect([(SlotId(slot), timezones[ZoneId(zone)]) for slot, zone in opened], at=at)
    return len(opened)
