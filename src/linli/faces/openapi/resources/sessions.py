"""Sessions: a code becomes one, it wears one hat at a time, and it gives access tokens that live five minutes."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from linli.faces.openapi.callers import SignInNeeded
from linli.faces.openapi.endpoints import SIGNED_IN, ApiRequest, endpoint
from linli.faces.openapi.shapes import Body, Line, Listed
from linli.ground.people import queries as people
from linli.kernel.ids import CityId, CommunityId, HomeId, PartyId, SessionId, ShopId
from linli.kernel.refusals import NotFound
from linli.reach.sign_in import actions as sign_in
from linli.reach.sign_in import queries as sessions
from linli.reach.sign_in.queries import SessionCard
from linli.spine.scope import SYSTEM, Role


class NewSession(Body):
    """A code that was sent. `device` is a mark that the program keeps and sends again at the next sign-in."""

    phone: Line
    code: Annotated[str, Meta(min_length=1, max_length=20)]
    device: Line
    device_name: Annotated[str, Meta(max_length=80)] = ""


class SignedIn(msgspec.Struct, kw_only=True):
    """The session token is shown this once. Until the second check is passed, no home, shop or company appears."""

    session: SessionId
    token: str
    person: PartyId
    needs_second_check: bool


class AccessToken(msgspec.Struct, kw_only=True):
    """A token that answers without asking the database."""

    token: str
    expires_at: datetime


class Me(msgspec.Struct, kw_only=True):
    """Who the token stands for, and how far it reaches."""

    session: SessionId
    person: PartyId
    role: Role
    city: CityId | None
    communities: tuple[CommunityId, ...]
    homes: tuple[HomeId, ...]
    shop: ShopId | None
    company: PartyId | None
    needs_second_check: bool


class HatCard(msgspec.Struct, kw_only=True):
    """A role that the person may put on."""

    role: Role
    level: str
    place: UUID | None
    label: dict[str, str]


class Check(Body):
    """What a stranger with a recycled number would not know: a home's door, or where the person works."""

    answer: Line


class Hat(Body):
    """One of the hats in the list, as it stands there."""

    role: Role
    level: Annotated[str, Meta(max_length=20)] = ""
    place: UUID | None = None


def _session(request: ApiRequest) -> SessionId:
    if request.session is None:
        raise SignInNeeded(field="Authorization")
    return request.session


@endpoint("POST", "sessions", status=201, summary="Sign in with the code; the answer carries the session token.")
def create_session(request: ApiRequest, body: NewSession) -> SignedIn:
    made = sign_in.redeem_code(
        request.unkeyed,
        phone=body.phone,
        code=body.code,
        device=body.device,
        device_name=body.device_name,
        at=request.at,
    )
    return SignedIn(
        session=made.session, token=made.token, person=made.person, needs_second_check=made.needs_second_check
    )


@endpoint("GET", "sessions", role=SIGNED_IN, surely=True, summary="List the devices that are signed in.")
def list_sessions(request: ApiRequest) -> Listed[SessionCard]:
    return Listed(sessions.sessions(request.scope, at=request.at, limit=100))


@endpoint("DELETE", "sessions/<uuid:session>", role=SIGNED_IN, summary="Sign a device out.")
def end_session(request: ApiRequest, session: SessionId) -> None:
    sign_in.end_session(request.scope, session=session, at=request.at)


@endpoint("GET", "session", role=SIGNED_IN, surely=True, summary="Tell who is signed in, and how far they reach.")
def show_session(request: ApiRequest) -> Me:
    scope = request.scope
    return Me(
        session=_session(request),
        person=request.person,
        role=scope.role,
        city=scope.city,
        communities=scope.communities,
        homes=scope.homes,
        shop=scope.shop,
        company=scope.company,
        needs_second_check=request.check_due,
    )


@endpoint("DELETE", "session", role=SIGNED_IN, summary="Sign out.")
def end_own_session(request: ApiRequest) -> None:
    sign_in.end_session(request.scope, session=_session(request), at=request.at)


@endpoint("POST", "session/checks", role=SIGNED_IN, summary="Pass the second check.")
def create_check(request: ApiRequest, body: Check) -> None:
    sign_in.pass_second_check(request.unkeyed, session=_session(request), answer=body.answer, at=request.at)


@endpoint("GET", "session/hats", role=SIGNED_IN, surely=True, summary="List the roles that the person may put on.")
def list_hats(request: ApiRequest) -> Listed[HatCard]:
    if request.check_due:
        return Listed(())
    hats = people.hats(SYSTEM, person=request.person, at=request.at)
    return Listed(tuple(HatCard(role=h.role, level=h.level.value, place=h.place, label=h.label) for h in hats))


@endpoint("PUT", "session/hat", role=SIGNED_IN, summary="Put on another hat; ask for a new access token afterwards.")
def put_on_hat(request: ApiRequest, body: Hat) -> None:
    sign_in.switch_hat(
        request.scope,
        session=_session(request),
        role=body.role.value,
        level=body.level,
        place=str(body.place or ""),
        at=request.at,
    )


@endpoint(
    "POST",
    "session/access-tokens",
    role=SIGNED_IN,
    status=201,
    summary="Get an access token for five minutes; call with the session token.",
)
def create_access_token(request: ApiRequest) -> AccessToken:
    token = request.http.headers.get("Authorization", "").partition(" ")[2]
    access = sessions.session_access(SYSTEM, token=token, at=request.at)
    if access is None:
        raise NotFound("session")
    sign_in.note_seen(SYSTEM, session=access.session, at=request.at)
    return AccessToken(token=sessions.access_token(access), expires_at=access.expires_at)
