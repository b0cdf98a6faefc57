"""Signing buyers in as they do it: a code, the number of the home, a session, an access token."""

from __future__ import annotations

import re
from datetime import UTC, datetime

from linli.ground.people import queries as people
from linli.reach.notify import queries as notify
from linli.reach.sign_in import actions as sign_in
from linli.reach.sign_in import queries as sessions
from linli.spine.scope import GUEST, SYSTEM
from linli.works.bench.town import Town

SESSION, ACCESS = "linli_session", "linli_access"

_CODE = re.compile(r"\d{6}")


def tokens(town: Town, *, at: datetime, only: tuple[str, ...] | None = None) -> tuple[str, ...]:
    """This will sign buyers in, all of them by default, and give access tokens that live for five minutes."""
    return tuple(_token(phone, f"device {nth}", at) for nth, phone in enumerate(only or town.phones))


def signed_in(town: Town, *, nth: int = 0) -> str:
    """This will give the cookies of a buyer who has signed in with a browser."""
    (token,) = tokens(town, at=datetime.now(UTC), only=(town.phones[nth],))
    return f"{SESSION}=kept; {ACCESS}={token}"


def _token(phone: str, device: str, at: datetime) -> str:
    sign_in.request_code(GUEST, phone=phone, address=device, at=at)
    code = _CODE.search(notify.inbox(SYSTEM, limit=1)[0].body)
    made = sign_in.redeem_code(
        GUEST, phone=phone, code=code[0] if code else "", device=device, device_name="bench", at=at
    )
    if made.needs_second_check:
        (lives, *_) = people.residents_homes(SYSTEM, person=made.person, at=at)
        sign_in.pass_second_check(SYSTEM, session=made.session, answer=lives.home.door, at=at)
    access = sessions.session_access(SYSTEM, token=made.token, at=at)
    if access is None or not access.scope.homes:
        raise RuntimeError("the buyer's sign-in did not lead home")
    return sessions.access_token(access)
