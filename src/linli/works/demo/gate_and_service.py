"""The gate and the drop-off point of the demo town: guests expected, notices read by some, parcels that wait.

It is written through the doors at the end of the town's past, as the resident and the company of the sign-ins would.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from linli.estate.notices import actions as notices
from linli.estate.notices.rules import Draft, NoticeKind
from linli.estate.parcels import actions as parcels
from linli.estate.parcels.rules import Carrier, Scan
from linli.estate.visits import actions as visits
from linli.estate.visits.rules import PassDraft, PassKind, VisitPolicy
from linli.estate.workorders.rules import WorkOrderPolicy
from linli.ground.people import queries as people
from linli.ground.places import queries as places
from linli.ground.policies import actions as policies
from linli.kernel.ids import CommunityId, HomeId
from linli.spine.scope import SYSTEM, Role, Scope
from linli.works.demo import lockers
from linli.works.demo.town import COMPANY_PHONE, RESIDENT_PHONE

_DESK = {"desk_phone": "0512-5550 0101"}
_SAID = (
    (
        NoticeKind.DISCLOSURE,
        {"zh": "公共收益收支公示", "en": "What the shared spaces earned"},
        {
            "zh": "上季度停车与广告收益 86,400 元，维修支出 31,250 元，结余转入维修基金。\n"
            "如有疑问，请到物业前台查阅凭证。",
            "en": "Parking and posters earned 86,400, repairs took 31,250; the rest goes into the repair fund.\n"
            "The receipts lie at the desk for everybody to read.",
        },
    ),
    (
        NoticeKind.GENERAL,
        {"zh": "电梯保养通知", "en": "The lifts are serviced"},
        {
            "zh": "本周四 9:00-11:30 各栋电梯依次保养，每部停用约二十分钟。",
            "en": "On Thursday from 9:00 to 11:30 the lifts are serviced one after the other, twenty minutes each.",
        },
    ),
    (
        NoticeKind.OUTAGE,
        {"zh": "停水通知", "en": "Water will be off"},
        {
            "zh": "因管道检修，明日 14:00-16:00 停水，请提前储水。",
            "en": "Because of work on a pipe there is no water tomorrow from 14:00 to 16:00. Please store some before.",
        },
    ),
)


@dataclass(frozen=True)
class Cast:
    """The two who act: the resident and the company's manager of the demo's sign-ins."""

    resident: Scope
    staff: Scope

    @property
    def community(self) -> CommunityId:
        return self.resident.communities[0]

    @property
    def home(self) -> HomeId:
        return self.resident.homes[0]


def bring_alive(at: datetime) -> None:
    """This will fill the pages of the gate, the notices and the parcels; nothing where the town has other people."""
    resident, staff = _hat(RESIDENT_PHONE, Role.RESIDENT, at), _hat(COMPANY_PHONE, Role.PROPERTY, at)
    if resident is None or staff is None or not resident.homes:
        return
    cast = Cast(resident, staff)
    gates = {"gates": ["南门", "北门"]}
    policies.set_policy(
        SYSTEM, word=VisitPolicy.word, level="community", place=cast.community, values=gates, start_at=at, at=at
    )
    policies.set_policy(
        SYSTEM, word=WorkOrderPolicy.word, level="community", place=cast.community, values=_DESK, start_at=at, at=at
    )
    _notices(cast, at)
    _visitors(cast, at)
    _parcels(cast, at)


def _hat(phone: str, role: Role, at: datetime) -> Scope | None:
    person = people.person_by_phone(SYSTEM, phone=phone)
    hats = people.hats(SYSTEM, person=person, at=at) if person else ()
    return next((hat.scope for hat in hats if hat.role == role), None)


def _notices(cast: Cast, at: datetime) -> None:
    for nth, (kind, title, body) in enumerate(_SAID):
        then = at - timedelta(days=6 - 3 * nth, minutes=30)
        draft = Draft(kind=kind, title=title, body=body, is_pinned=nth == 0, is_important=nth == 2)
        made = notices.write(cast.staff, community=cast.community, draft=draft, at=then)
        notices.publish(cast.staff, notice=made, at=then)
        if nth == 0:
            notices.read(cast.resident, notice=made, at=then + timedelta(hours=2))


def _visitors(cast: Cast, at: datetime) -> None:
    today = places.day_in(cast.community, at)
    drafts = (
        PassDraft(kind=PassKind.ONCE, first_on=today, last_on=today, guest_name="李阿姨", plate="浙A·6K218"),
        PassDraft(
            kind=PassKind.STANDING,
            first_on=today,
            last_on=today + timedelta(days=60),
            weekdays=(0, 2, 4),
            entries=None,
            guest_name="保洁张姐",
        ),
        PassDraft(kind=PassKind.DAYS, first_on=today, last_on=today + timedelta(days=3), entries=6, guest_name="表弟"),
    )
    made = [visits.invite(cast.resident, home=cast.home, draft=draft, at=at) for draft in drafts]
    visits.let_in(cast.staff, visit_pass=made[2], gate="南门", at=at)
    visits.check_code(cast.staff, community=cast.community, code="000000", gate="北门", at=at)


def _parcels(cast: Cast, at: datetime) -> None:
    door = places.home(cast.home).door
    neighbours = [home.door for home in places.find_homes(cast.community, words="", limit=20)]
    others = [(f"YT55001{n}", neighbour) for n, neighbour in enumerate(neighbours[5:15])]
    batches = (
        (Carrier.SF, "A1", at - timedelta(days=3), [("SF1440021768", door), ("SF1440021801", neighbours[3])]),
        (Carrier.ZTO, "B2", at - timedelta(hours=4), [("ZTO7712049", door)]),
        (Carrier.YTO, "B3", at - timedelta(hours=2), others),
    )
    for carrier, shelf, then, lines in batches:
        scans = [Scan(tracking, to) for tracking, to in lines]
        done = parcels.scan_in(cast.staff, community=cast.community, carrier=carrier, shelf=shelf, scans=scans, at=then)
        if carrier is Carrier.ZTO:
            lockers.leave_parcel(cast.staff, done.parcels[0], at=then + timedelta(minutes=20))
        if carrier is Carrier.SF and len(done.parcels) > 1:
            parcels.hand_out_seen(cast.staff, parcel=done.parcels[1], taker="本人", at=then + timedelta(hours=5))
