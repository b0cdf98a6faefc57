"""Sign-in: a phone number and a one-time code become a session, and a session wears one hat at a time.

Words: a *challenge* is a code that was sent; a *session* is a signed-in device; a *hat* is a role at a place that the
person may wear (`ground.people`); the *second check* asks for something a stranger with a recycled phone number would
not know; an *access token* is a signed copy of the scope that lives five minutes and saves the session's read.

An *authenticator* is an app that shows a new code every half minute (RFC 6238); *recovery codes* are for the day on
which its phone is lost. Who has one is asked for it at every sign-in, and of staff it may be insisted on. A *loss* is
the report that phone and codes are gone, by another who answers for the person (`actions/losses.py`).

Invariants: codes and tokens are stored hashed; a code lives five minutes, has five tries and one use; requests are
limited per phone and per address; known and unknown phones get the same answer; a new device, or a phone unused for 90
days, sees no home, wallet or pass before the second check, which has five tries a sign-in and ten a day; an ended
session is refused at the next renewal at latest; no code of an authenticator is taken twice; nobody takes one off
themselves without a code, nor an operator's on one word in less than a day; an erased person has no session.

Doors: rules, actions.{request_code, redeem_code, pass_second_check, switch_hat, end_session, begin_authenticator,
confirm_authenticator, remove_authenticator, report_loss, confirm_loss, stop_loss, take_off_due,
take_off_on_the_machine}, queries.{session_access, scope_of_access_token, access_token, sessions, my_authenticator,
authenticator_of, my_loss, losses}.
"""
