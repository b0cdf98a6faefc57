"""A merchant asks to sell: the shop, its documents, and once more after a refusal."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from linli.ground.files import actions as files
from linli.ground.places import queries as places
from linli.kernel import ids
from linli.kernel.ids import CityId, CommunityId, FileId, PartyId, ShopId
from linli.kernel.refusals import Invalid, NotFound, Refusal
from linli.kernel.words import _
from linli.spine.action import action
from linli.spine.audit import record_reading
from linli.spine.may import May
from linli.spine.outbox import tell
from linli.spine.scope import Scope
from linli.trade.shops import events, rules
from linli.trade.shops.actions.moving import move, own_or_applied_for, reason, write
from linli.trade.shops.models import Licence, Shop, ShopCommunity
from linli.trade.shops.rules import LICENCE_LIFE, REACH_M, Carrier, LicenceKind, LicenceState, LicenceVerb, ShopKind

MOST_NAME = 60
MOST_ADDRESS = 200
MOST_LICENCES = 20
AMENDABLE = frozenset({rules.ShopState.APPLIED.value, rules.ShopState.REFUSED.value})
USUAL_MINUTES = 30


class NoCommunityNear(Refusal):
    """A shop sells to the communities around it; here there are none."""

    says = _("There is no community within {reach_m} metres of this place.")

    def __init__(self) -> None:
        super().__init__(field="lat", reach_m=REACH_M)


class DecidedAlready(Refusal):
    """The platform has judged the shop by what was said of it."""

    says = _("This shop is approved already. Ask the platform to change what was applied for.")


@action(needs=May.APPLY_FOR_SHOP, private=("name", "address"))
def apply(
    scope: Scope,
    *,
    name: dict[str, str],
    kind: ShopKind,
    city: CityId,
    lat: float,
    lon: float,
    address: str,
    merchant: PartyId | None = None,
    at: datetime,
) -> ShopId:
    """This will ask for a shop at a place; its zone is the communities of the city within 3 km.

    The person who asks is paid, unless the platform names another party (an organisation).
    """
    payee = merchant if scope.is_inside and merchant is not None else scope.person
    if payee is None or (merchant is not None and merchant != payee):
        raise Invalid("merchant", _("Only the platform applies for somebody else"))
    said = _said(name, kind, city, lat, lon, address)
    shop = Shop.objects.create(
        id=ids.new(),
        merchant=payee,
        applicant=scope.person,
        state=rules.SHOP_LIFE.birth.value,
        carrier=Carrier.NONE.value,
        delivery_fee_minor=0,
        minutes_promised=USUAL_MINUTES,
        applied_at=at,
        **said,
    )
    _derive_zone(shop)
    write(scope, shop.pk, verb=rules.Beginning.APPLY, before="", after=shop.state, why="", at=at)
    tell(events.ShopApplied(shop=ShopId(shop.pk), city=city, at=at))
    return ShopId(shop.pk)


@action(needs=May.APPLY_FOR_SHOP, private=("name", "address"))
def amend(
    scope: Scope,
    *,
    shop: ShopId,
    name: dict[str, str],
    kind: ShopKind,
    city: CityId,
    lat: float,
    lon: float,
    address: str,
    at: datetime,
) -> None:
    """This will change what was said of a shop that is not approved yet; its zone is derived anew."""
    row = own_or_applied_for(scope, shop)
    if row.state not in AMENDABLE:
        raise DecidedAlready
    for column, value in _said(name, kind, city, lat, lon, address).items():
        setattr(row, column, value)
    row.save()
    ShopCommunity.objects.filter(shop=row).delete()
    _derive_zone(row)
    write(scope, shop, verb="amend", before=row.state, after=row.state, why="", at=at)


def _said(name: dict[str, str], kind: ShopKind, city: CityId, lat: float, lon: float, address: str) -> dict[str, Any]:
    """The columns that an applicant fills, checked."""
    _check_name(name)
    if not address.strip() or len(address) > MOST_ADDRESS:
        raise Invalid("address", _("An address of 1 to {most} characters is needed"), most=MOST_ADDRESS)
    if not (-90 <= lat <= 90 and -180 <= lon <= 180):
        raise Invalid("lat", _("This is no place on earth"))
    timezone = places.city(city).timezone
    return {
        "name": name,
        "kind": kind.value,
        "city": city,
        "lat": lat,
        "lon": lon,
        "address": address.strip(),
        "timezone": timezone,
    }


def _derive_zone(shop: Shop) -> None:
    zone = _zone_around(CityId(shop.city), shop.lat, shop.lon)
    if not zone:
        raise NoCommunityNear
    ShopCommunity.objects.bulk_create(
        ShopCommunity(
            shop=shop, community=card.id, district=card.district_id, city=card.city, distance_m=far, visible=True
        )
        for card, far in zone
    )


def _zone_around(city: CityId, lat: float, lon: float) -> list[tuple[places.CommunityCard, int]]:
    near = {n.community: n.distance_m for n in places.communities_near(lat=lat, lon=lon, distance_m=REACH_M)}
    return [(card, near[card.id]) for card in _cards(list(near)) if card.city == city]


def _cards(communities: list[CommunityId]) -> tuple[places.CommunityCard, ...]:
    return places.communities(ids=communities) if communities else ()


def _check_name(name: dict[str, str]) -> None:
    for language in ("zh", "en"):
        text = name.get(language, "")
        if not text.strip() or len(text) > MOST_NAME:
            raise Invalid(
                f"name.{language}", _("A name of 1 to {most} characters is needed in this language"), most=MOST_NAME
            )


@action(needs=May.APPLY_FOR_SHOP, private=("why",))
def reapply(scope: Scope, *, shop: ShopId, why: str, at: datetime) -> None:
    """This will ask again after a refusal, saying what has changed."""
    row = own_or_applied_for(scope, shop)
    move(scope, row, rules.ShopVerb.REAPPLY, why=reason(why), at=at)
    tell(events.ShopApplied(shop=shop, city=CityId(row.city), at=at))


@action(needs=May.APPLY_FOR_SHOP, private=("number",))
def submit_licence(
    scope: Scope,
    *,
    shop: ShopId,
    kind: LicenceKind,
    number: str,
    file: FileId,
    expires_on: date | None,
    at: datetime,
) -> UUID:
    """This will show the platform a document; a newer one of the same kind stands beside the older until judged."""
    row = own_or_applied_for(scope, shop)
    number = number.strip()
    if not number or len(number) > MOST_NAME:
        raise Invalid("number", _("The number of the licence is missing or too long"))
    if expires_on is not None and expires_on <= at.date():
        raise Invalid("expires_on", _("This licence has already expired"))
    if Licence.objects.inside().filter(shop=row).count() >= MOST_LICENCES:
        raise Invalid("file", _("At most {most} licences can be kept"), most=MOST_LICENCES)
    licence = Licence.objects.create(
        id=ids.new(),
        shop=row,
        kind=kind.value,
        number=number,
        file=file,
        expires_on=expires_on,
        state=LICENCE_LIFE.birth.value,
        why="",
        submitted_at=at,
    )
    write(scope, shop, verb=rules.Beginning.SUBMIT, before="", after=licence.state, why="", at=at, licence=licence.pk)
    return UUID(str(licence.pk))


@action(needs=May.APPLY_FOR_SHOP, private=("number", "file_name", "content"))
def upload_licence(
    scope: Scope,
    *,
    shop: ShopId,
    kind: LicenceKind,
    number: str,
    file_name: str,
    content: bytes,
    expires_on: date | None,
    at: datetime,
) -> UUID:
    """This will keep the picture or PDF of a document, and show it to the platform."""
    own_or_applied_for(scope, shop)
    file = files.keep_file(scope, name=file_name, content=content, purpose="licence", at=at)
    return submit_licence(scope, shop=shop, kind=kind, number=number, file=file, expires_on=expires_on, at=at)


@action(needs=May.APPROVE_SHOPS)
def open_licence(scope: Scope, *, shop: ShopId, licence: UUID, at: datetime) -> FileId:
    """This will give the file of a document to whoever judges it, and note that they looked."""
    row = Licence.objects.inside().filter(pk=licence, shop=shop).values_list("file", "shop__city").first()
    if row is None or not scope.works_in(row[1]):
        raise NotFound("licence")
    record_reading(scope, what="licence", subject=licence, why="", at=at)
    return FileId(row[0])


@action(needs=May.APPROVE_SHOPS, private=("why",))
def judge_licence(scope: Scope, *, licence: UUID, accepted: bool, why: str = "", at: datetime) -> None:
    """This will accept a document, or refuse it with a reason; an accepted one may be refused later."""
    row = Licence.objects.inside().select_for_update(of=("self",)).select_related("shop").filter(pk=licence).first()
    if row is None or not scope.works_in(row.shop.city):
        raise NotFound("licence")
    verb = LicenceVerb.ACCEPT if accepted else LicenceVerb.REFUSE
    before, row.why = row.state, why.strip() if accepted else reason(why)
    row.state = LICENCE_LIFE.after(LicenceState(before), verb).value
    row.save(update_fields=["state", "why"])
    write(scope, row.shop_id, verb=verb.value, before=before, after=row.state, why=row.why, at=at, licence=row.pk)
