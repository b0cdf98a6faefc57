"""What people do to be let in: codes, sessions and hats; and the authenticator that staff carry."""

from linli.reach.sign_in.actions.authenticators import (
    AlreadyProtected,
    Seed,
    WrongAuthenticatorCode,
    begin_authenticator,
    confirm_authenticator,
    remove_authenticator,
)
from linli.reach.sign_in.actions.signing import (
    CheckFailed,
    SignedIn,
    TooManyCodes,
    WrongCode,
    end_session,
    forget_old,
    forget_person,
    note_seen,
    pass_second_check,
    redeem_code,
    request_code,
    switch_hat,
)

__all__ = [
    "AlreadyProtected",
    "CheckFailed",
    "Seed",
    "SignedIn",
    "TooManyCodes",
    "WrongAuthenticatorCode",
    "WrongCode",
    "begin_authenticator",
    "confirm_authenticator",
    "end_session",
    "forget_old",
    "forget_person",
    "note_seen",
    "pass_second_check",
    "redeem_code",
    "remove_authenticator",
    "request_code",
    "switch_hat",
]
