"""Opening a shop as a merchant and the platform would: apply, show licences, be approved, settle terms, keep hours."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from io import BytesIO

from PIL import Image, ImageDraw

from linli.ground.files import actions as files
from linli.ground.people import actions as people
from linli.kernel.ids import CityId, CommunityId, PartyId, ShopId
from linli.kernel.money import Money
from linli.money.payouts import actions as payouts
from linli.spine.scope import SYSTEM, Scope
from linli.trade.delivery import actions as delivery
from linli.trade.delivery.rules import Vehicle
from linli.trade.shops import actions as shops
from linli.trade.shops.rules import Carrier, LicenceKind, ShopKind, opening, required_licences

_LICENCE_LASTS = timedelta(days=900)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewShop:
    """What a shop opens with; `hours` that are equal mean round the clock."""

    name: dict[str, str]
    merchant: str
    owner: PartyId
    kind: ShopKind
    city: CityId
    communities: tuple[CommunityId, ...]
    lat: float
    lon: float
    hours: tuple[str, str]
    delivers: bool
    courier: PartyId | None = None
    fee: Money
    free_from: Money | None
    minutes: int
    commission_bp: int
    property_share_bp: int


def open_shop(scope: Scope, new: NewShop, *, at: datetime) -> ShopId:
    """This will open a shop for an owner; its merchant is an organisation whose payouts have somewhere to go."""
    merchant = organisation(scope, new.merchant, at=at)
    asking = replace(SYSTEM, person=new.owner)
    shop = shops.apply(
        asking,
        name=new.name,
        kind=new.kind,
        city=new.city,
        lat=new.lat,
        lon=new.lon,
        address=new.name["zh"],  # a made-up shop stands nowhere; its name has to do
        merchant=merchant,
        at=at,
    )
    for kind in sorted(required_licences(new.kind)):
        _show_licence(asking, shop, kind, at)
    shops.approve(scope, shop=shop, at=at)
    shops.set_terms(
        scope,
        shop=shop,
        communities=new.communities,
        commission_bp=new.commission_bp,
        property_share_bp=new.property_share_bp,
        start_at=at,
        at=at,
    )
    opens, closes = new.hours
    shops.set_opening(scope, shop=shop, openings=[opening(day, opens, closes) for day in range(7)], at=at)
    shops.set_delivery(
        scope,
        shop=shop,
        carrier=Carrier.SHOP if new.delivers else Carrier.NONE,
        fee=new.fee,
        free_from=new.free_from,
        minutes_promised=new.minutes,
        at=at,
    )
    shops.set_cash(scope, shop=shop, takes_cash=True, at=at)
    if new.delivers:
        shops.entrust_delivery(scope, shop=shop, courier=new.courier, at=at)
    return shop


def courier(scope: Scope, *, name: str, phone: str, city: CityId, at: datetime) -> PartyId:
    """This will let a courier carry in the city, who can be paid."""
    person = delivery.add_courier(scope, name=name, phone=phone, city=city, vehicle=Vehicle.TRIKE, at=at)
    return _payable(scope, person, name, at)


def organisation(scope: Scope, name: str, *, at: datetime) -> PartyId:
    """This will register an organisation that can be paid: its bank account is made up, like its bank."""
    return _payable(scope, people.register_organisation(scope, name=name, at=at), name, at)


def _payable(scope: Scope, payee: PartyId, name: str, at: datetime) -> PartyId:
    account = f"6200{payee.int % 10**12:012d}"
    payouts.set_receiver(scope, payee=payee, name=name, account=account, bank="Embedded Bank", at=at)
    return payee


def _show_licence(asking: Scope, shop: ShopId, kind: LicenceKind, at: datetime) -> None:
    licence = shops.submit_licence(
        asking,
        shop=shop,
        kind=kind,
        number=f"DEMO-{kind.value.upper()}",
        file=files.keep_file(asking, name=f"{kind.value}.png", content=_paper(kind), purpose="licence", at=at),
        expires_on=(at + _LICENCE_LASTS).date(),
        at=at,
    )
    shops.judge_licence(asking, licence=licence, accepted=True, at=at)


def _paper(kind: LicenceKind) -> bytes:
    """A sheet that looks like a licence from afar and says what it is from near."""
    sheet = Image.new("RGB", (640, 440), "#fdf8ec")
    pen = ImageDraw.Draw(sheet)
    pen.rectangle((16, 16, 624, 424), outline="#b98a2f", width=4)
    pen.text((48, 60), f"DEMO {kind.value.upper()} LICENCE", fill="#7a1f1f", font_size=36)
    pen.text((48, 130), "Made up for Linli. Not a document.", fill="#333333", font_size=22)
    content = BytesIO()
    sheet.save(content, "PNG", optimize=True)
    return content.getvalue()
