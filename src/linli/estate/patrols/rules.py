"""What a patrol is: its life, what is in order, and whether somebody can have been where they say they were."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from enum import StrEnum
from zoneinfo import ZoneInfo

from linli.ground.places.rules import distance_m
from linli.ground.policies.rules import Policy, setting
from linli.kernel.life import Life
from linli.kernel.refusals import Invalid
from linli.kernel.words import _
from linli.spine.may import Duty

FASTEST_M_S = Decimal("2.5")
"""A brisk run; who was faster was not on foot, or not there."""
CODE_STEP_S = 30
CODE_DIGITS = 6
BELIEVED = timedelta(hours=1)
"""How long a phone may have been without a network and still be asked when a point was checked."""
MOST_ITEMS, MOST_STOPS = 20, 100
LONGEST_WORDS = 300


class PatrolPolicy(Policy):
    """Patrols of a community."""

    word = "patrols"
    says = _("Patrols")
    of_company = True

    is_offered: bool = setting(True, says="Whether the community is patrolled by plans here")
    far_m: int = setting(80, low=10, high=2_000, says="Metres from a point at which a check becomes doubtful")
    wants_position: bool = setting(False, says="Whether a check has to say where it was made")


class ItemKind(StrEnum):
    """How an item is answered: in order or not, or with a value."""

    CHECK = "check"
    VALUE = "value"


class Outcome(StrEnum):
    OK = "ok"
    FINDING = "finding"


class PatrolState(StrEnum):
    DUE = "due"
    WALKING = "walking"
    DONE = "done"
    INCOMPLETE = "incomplete"
    MISSED = "missed"
    CALLED_OFF = "called_off"


class PatrolVerb(StrEnum):
    TAKE = "take"
    FINISH = "finish"
    MISS = "miss"
    BREAK_OFF = "break_off"
    CALL_OFF = "call_off"


PATROL_LIFE = Life(
    birth=PatrolState.DUE,
    moves={
        (PatrolState.DUE, PatrolVerb.TAKE): PatrolState.WALKING,
        (PatrolState.DUE, PatrolVerb.MISS): PatrolState.MISSED,
        (PatrolState.DUE, PatrolVerb.CALL_OFF): PatrolState.CALLED_OFF,
        (PatrolState.WALKING, PatrolVerb.FINISH): PatrolState.DONE,
        (PatrolState.WALKING, PatrolVerb.BREAK_OFF): PatrolState.INCOMPLETE,
        (PatrolState.WALKING, PatrolVerb.CALL_OFF): PatrolState.CALLED_OFF,
    },
)
"""A patrol waits for whoever walks it, until its window closes; then the clock says what was absent."""


class CheckState(StrEnum):
    OPEN = "open"
    VISITED = "visited"
    ABSENT = "absent"


class CheckVerb(StrEnum):
    VISIT = "visit"
    LAPSE = "lapse"


CHECK_LIFE = Life(
    birth=CheckState.OPEN,
    moves={
        (CheckState.OPEN, CheckVerb.VISIT): CheckState.VISITED,
        (CheckState.OPEN, CheckVerb.LAPSE): CheckState.ABSENT,
    },
)


class Doubt(StrEnum):
    """What makes a visit doubtful."""

    TOO_FAST = "too_fast"
    TOO_FAR = "too_far"
    NO_POSITION = "no_position"
    TOLD_LATE = "told_late"


@dataclass(frozen=True, slots=True)
class Item:
    """Something to look at; a value has limits, either of which may be open."""

    key: str
    words: str
    kind: ItemKind = ItemKind.CHECK
    low: Decimal | None = None
    high: Decimal | None = None
    measure: str = ""


@dataclass(frozen=True, slots=True)
class Place:
    """Where something is on the map."""

    lat: float
    lon: float


@dataclass(frozen=True, slots=True)
class Seen:
    """An answer to an item as the walker gave it."""

    key: str
    outcome: Outcome = Outcome.OK
    value: Decimal | None = None
    words: str = ""


@dataclass(frozen=True, slots=True)
class Judged:
    """An answer with its item: a value beyond its limits is a finding whatever was ticked."""

    item: Item
    outcome: Outcome
    value: Decimal | None
    words: str


def judged(items: Sequence[Item], seen: Sequence[Seen]) -> tuple[Judged, ...]:
    """This will judge the answers to all items of a point, or refuse at the first that is missing or makes no sense."""
    answers = {each.key: each for each in seen}
    found = []
    for item in items:
        answer = answers.get(item.key)
        if answer is None:
            raise Invalid(f"items.{item.key}", _("Please answer this too."))
        if len(answer.words) > LONGEST_WORDS:
            raise Invalid(f"items.{item.key}", _("At most {most} characters."), most=LONGEST_WORDS)
        outcome = answer.outcome
        if item.kind is ItemKind.VALUE:
            if answer.value is None or not answer.value.is_finite():
                raise Invalid(f"items.{item.key}", _("Please write the value."))
            beyond = (item.low is not None and answer.value < item.low) or (
                item.high is not None and answer.value > item.high
            )
            outcome = Outcome.FINDING if beyond else outcome
        elif outcome is Outcome.FINDING and not answer.words.strip():
            raise Invalid(f"items.{item.key}", _("Please say what is not in order."))
        found.append(Judged(item, outcome, answer.value, answer.words.strip()))
    return tuple(found)


def checked_items(items: Sequence[Item]) -> tuple[Item, ...]:
    """This will give items back, or refuse them with the place where they are wrong."""
    if len(items) > MOST_ITEMS:
        raise Invalid("items", _("At most {most} items."), most=MOST_ITEMS)
    for nth, item in enumerate(items):
        if not item.words.strip() or len(item.words) > 100:
            raise Invalid(f"items.{nth}", _("Say what is to be looked at, in at most {most} characters."), most=100)
        if item.low is not None and item.high is not None and item.low > item.high:
            raise Invalid(f"items.{nth}", _("The lower limit is above the upper one."))
    return tuple(items)


def least_seconds(before: Place | None, here: Place | None, least_minutes: int) -> int:
    """This will tell how long the way from one point to the next takes at the least: by the route, or running."""
    ran = 0
    if before is not None and here is not None:
        ran = int(Decimal(distance_m(before.lat, before.lon, here.lat, here.lon)) / FASTEST_M_S)
    return max(least_minutes * 60, ran)


def walked_at(said_at: datetime | None, *, before: datetime | None, at: datetime) -> datetime:
    """This will tell when a point was checked: now, or when the phone says that had no network for a while.

    It cannot have been before the point `before`, nor later than now, nor is a phone asked for ever.
    """
    if said_at is None or not at - BELIEVED <= said_at <= at:
        return at
    return said_at if before is None else max(said_at, before)


def doubts(
    *,
    since_last_s: int | None,
    least_s: int,
    here: Place | None,
    stood: Place | None,
    far_m: int,
    wants_position: bool,
    late_code: bool = False,
) -> tuple[Doubt, ...]:
    """This will tell what makes a visit doubtful; it is kept all the same, for a person to look at.

    `late_code`: the code of a display was told when it stood there no longer, so it may have been photographed.
    """
    found = [Doubt.TOLD_LATE] if late_code else []
    if since_last_s is not None and since_last_s < least_s:
        found.append(Doubt.TOO_FAST)
    if stood is None:
        if wants_position and here is not None:
            found.append(Doubt.NO_POSITION)
    elif here is not None and distance_m(here.lat, here.lon, stood.lat, stood.lon) > far_m:
        found.append(Doubt.TOO_FAR)
    return tuple(found)


def rotating_code(secret: str, at: datetime) -> str:
    """This will give the code that a display shows for half a minute; a photograph of it is soon worthless."""
    step = int(at.timestamp()) // CODE_STEP_S
    digest = hmac.new(secret.encode(), step.to_bytes(8, "big"), hashlib.sha256).digest()
    start = digest[-1] & 0x0F
    number = int.from_bytes(digest[start : start + 4], "big") & 0x7FFFFFFF
    return f"{number % 10**CODE_DIGITS:0{CODE_DIGITS}d}"


def mark_of(secret: str) -> str:
    """This will give what a phone may know of a point's secret before it was there; whoever scans it makes the same."""
    return hashlib.sha256(secret.encode()).hexdigest()


def proves(secret: str, code: str, at: datetime) -> bool:
    """This will tell whether a code was shown now, or in the half minutes beside: clocks differ."""
    steps = (timedelta(seconds=CODE_STEP_S * n) for n in (-2, -1, 0, 1))
    return any(hmac.compare_digest(rotating_code(secret, at + step), code.strip()) for step in steps)


def window(day: date, start_minute: int, minutes: int, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """This will give the window of a plan on a day; it may reach into the next."""
    start = datetime.combine(day, time(start_minute // 60, start_minute % 60), zone)
    return start, datetime.fromtimestamp(start.timestamp() + minutes * 60, zone)


def whose_turn(people: int, weekdays: Collection[int], start_on: date, on: date) -> int:
    """This will say which of so many people walks on a day: they take turns walk by walk from the first day on."""
    weeks, rest = divmod((on - start_on).days, 7)
    begun = sum((start_on + timedelta(days=nth)).weekday() in weekdays for nth in range(rest))
    return (weeks * len(weekdays) + begun) % people


@dataclass(frozen=True, slots=True)
class PointShape:
    """A point as another community may have it: where it is and its QR are its own."""

    place: str
    items: tuple[Item, ...]
    wants_code: bool


@dataclass(frozen=True, slots=True)
class RouteShape:
    """A route by the names of its points, and the least minutes of the way to each."""

    in_order: bool
    stops: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class PlanShape:
    """When a route is walked and by which duty; whom it names is the community's own."""

    route: str
    weekdays: tuple[int, ...]
    start_minute: int
    minutes: int
    duty: Duty
