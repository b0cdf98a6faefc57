"""Codes, tokens and limits; plain values, no clock and no secret of its own."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from enum import StrEnum

import pyotp

from linli.ground.people.rules import Hat
from linli.ground.policies.rules import Policy, setting
from linli.kernel.life import Life
from linli.kernel.words import _
from linli.spine.scope import Role, Scope

CODE_LIFE = timedelta(minutes=5)
CODE_TRIES = 5
ACCESS_LIFE = timedelta(minutes=5)
SESSION_LIFE = timedelta(days=60)
KEEP_ENDED = timedelta(days=30)
"""How long a session is still listed after it ended or expired."""
UNUSED_PHONE = timedelta(days=90)
"""A number silent for so long may have been given to somebody else by its telephone company."""
SECOND_CHECK_TRIES = 5
SECOND_CHECK_TRIES_A_DAY = 10
"""Of one person, however often somebody signs in anew: who holds a recycled number may not go through the doors."""

PHONE_LIMITS = ((timedelta(minutes=1), 1), (timedelta(hours=1), 5), (timedelta(days=1), 10))
ADDRESS_LIMITS = ((timedelta(minutes=1), 10), (timedelta(hours=1), 60))
"""How many codes may be asked for within each window, per phone and per network address."""


def new_code() -> str:
    """This will draw a six-digit code."""
    return f"{secrets.randbelow(1_000_000):06d}"


def new_token() -> str:
    """This will draw a session token of 256 bits."""
    return secrets.token_urlsafe(32)


def digest(text: str, secret: bytes, purpose: str) -> bytes:
    """This will hash a code, phone, address or token with the house's secret, so that a stolen table says nothing."""
    return hmac.digest(secret, f"{purpose}\0{text}".encode(), hashlib.sha256)


def seal(payload: bytes, secret: bytes) -> str:
    """This will sign a payload; the result is `payload.signature` in URL-safe base64."""
    body = base64.urlsafe_b64encode(payload).rstrip(b"=")
    mark = hmac.digest(secret, b"linli.access\0" + body, hashlib.sha256)
    return (body + b"." + base64.urlsafe_b64encode(mark).rstrip(b"=")).decode()


def unseal(token: str, secret: bytes) -> bytes | None:
    """This will give the payload of a token that we signed, or None for any other text."""
    body, _, mark = token.encode("ascii", "replace").partition(b".")
    right = base64.urlsafe_b64encode(hmac.digest(secret, b"linli.access\0" + body, hashlib.sha256)).rstrip(b"=")
    if not hmac.compare_digest(mark, right):
        return None
    return base64.urlsafe_b64decode(body + b"=" * (-len(body) % 4))


def over_limit(asked: list[datetime], limits: tuple[tuple[timedelta, int], ...], at: datetime) -> bool:
    """This will tell whether one more request would break any of the limits."""
    return any(sum(1 for t in asked if t > at - window) >= most for window, most in limits)


def needs_second_check(*, known_device: bool, last_seen_at: datetime | None, at: datetime) -> bool:
    """This will tell whether the person must show more than the phone before homes, wallet and passes appear."""
    return not known_device or last_seen_at is None or at - last_seen_at > UNUSED_PHONE


def first_name(phone: str) -> str:
    """This will call somebody who has not told a name yet by the end of their number: 邻居 5678."""
    return f"邻居 {phone[-4:]}"


def same_answer(given: str, right: str) -> bool:
    """This will compare what a person typed with a label, forgiving spaces, dashes, case and the words for building."""
    return bool(_bare(given)) and hmac.compare_digest(_bare(given).encode(), _bare(right).encode())


def _bare(text: str) -> str:
    kept = "".join(c for c in text.casefold() if c.isalnum())
    for word in ("building", "unit", "号楼", "栋", "幢", "楼", "单元", "室", "号"):
        kept = kept.replace(word, "")
    return kept


class SignInPolicy(Policy):
    """Of whom more is asked than a phone: staff see what many people own, owe and earn."""

    word = "sign_in"
    says = _("How staff prove who they are")

    platform_authenticator: bool = setting(True, says="Staff of the platform sign in with an authenticator")
    company_authenticator: bool = setting(False, says="Staff of the property company sign in with an authenticator")
    shop_authenticator: bool = setting(False, says="Staff of shops sign in with an authenticator")
    operator_loss_h: int = setting(
        24,
        says="Hours for which a lost authenticator of an operator waits, unless another operator confirms",
        low=1,
        high=168,
    )

    def insists(self, role: Role) -> bool:
        """This will tell whether whoever wears such a hat needs an authenticator."""
        match role:
            case Role.PLATFORM:
                return self.platform_authenticator
            case Role.PROPERTY:
                return self.company_authenticator
            case Role.MERCHANT:
                return self.shop_authenticator
            case _:
                return False


STEP_S = 30
"""Seconds for which an authenticator shows a code (RFC 6238, section 5.2)."""
STEPS_ASIDE = 1
"""A clock that is half a minute off, or a slow typist, is forgiven."""
RECOVERY_CODES = 10


def new_seed() -> str:
    """This will draw the seed that the house and an authenticator share: 160 bits in base32."""
    return pyotp.random_base32()


def authenticator_uri(seed: str, account: str) -> str:
    """This will write a seed as the address that authenticators read from a QR code."""
    return pyotp.TOTP(seed).provisioning_uri(name=account, issuer_name="Linli 邻里")


def step_of(code: str, seed: str, at: datetime, *, after: int) -> int | None:
    """This will give the half minute whose code this is: the present one or one beside it, and later than `after`."""
    now = int(at.timestamp()) // STEP_S
    totp = pyotp.TOTP(seed, interval=STEP_S)
    typed = "".join(code.split())
    for step in range(now - STEPS_ASIDE, now + STEPS_ASIDE + 1):
        if step > after and hmac.compare_digest(totp.generate_otp(step).encode(), typed.encode()):
            return step
    return None


def new_recovery_codes() -> tuple[str, ...]:
    """This will draw the codes for a lost phone, 50 bits each, in two groups that can be read aloud."""
    drawn = (pyotp.random_base32()[:10].lower() for _n in range(RECOVERY_CODES))
    return tuple(f"{code[:5]}-{code[5:]}" for code in drawn)


def bare_recovery_code(typed: str) -> str:
    """This will read a recovery code however it was typed."""
    return "".join(c for c in typed.casefold() if c.isalnum())


MOST_WHY = 200


class LossState(StrEnum):
    WAITING = "waiting"
    TAKEN_OFF = "taken_off"
    STOPPED = "stopped"


class LossVerb(StrEnum):
    CONFIRM = "confirm"
    WAIT_OUT = "wait_out"
    STOP = "stop"
    FIND = "find"


LOSS_LIFE = Life(
    birth=LossState.WAITING,
    moves={
        (LossState.WAITING, LossVerb.CONFIRM): LossState.TAKEN_OFF,
        (LossState.WAITING, LossVerb.WAIT_OUT): LossState.TAKEN_OFF,
        (LossState.WAITING, LossVerb.STOP): LossState.STOPPED,
        (LossState.WAITING, LossVerb.FIND): LossState.STOPPED,
    },
)


def answers_for(asker: Scope, hats: Iterable[Hat]) -> bool:
    """This will tell whether everything that a person does here is the asker's to answer for.

    Who works for the whole platform answers for everybody. A company, and a merchant, answers for who works for them
    and nowhere else: a hat at another desk must not be guarded less because of a word of this one. Who works for some
    communities of a company answers for who works in those alone.
    """
    if asker.is_everywhere:
        return True
    at_desks = [hat for hat in hats if hat.role in (Role.PLATFORM, Role.PROPERTY, Role.MERCHANT)]
    return bool(at_desks) and all(
        asker.company is not None
        and (hat.role, hat.scope.company) == (asker.role, asker.company)
        and hat.scope.reaches_no_further_than(asker)
        for hat in at_desks
    )


def is_operator(hats: Iterable[Hat]) -> bool:
    """This will tell whether one of the hats is that of an operator of the platform."""
    return any(hat.role is Role.PLATFORM for hat in hats)
