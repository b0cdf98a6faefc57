"""Handover: the custody of things that wait for somebody, let go against a six-digit code.

Words: a *handover* waits at a *place* for whoever knows its *code*; it is *open* until it is *redeemed* (the right code
was told) or *closed* (nobody will come any more). `for_` is what waits: an order today, a parcel later.

Invariants: one open handover per thing; no two open handovers of a place share a code; a code is seen from inside only
(the module above shows it to its owner, `handover_code`); five wrong tries lock the handover for fifteen minutes, and
a try is counted even though it failed, so redeeming answers with a word instead of refusing.

Doors: actions.{handover_open, handover_redeem, handover_close}; rules.{TRIES, LOCKED_FOR, Redeemed}; their SQL twins of
the same names and `handover_code(for_)` for higher modules' functions.
"""
