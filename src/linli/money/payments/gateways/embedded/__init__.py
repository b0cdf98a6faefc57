"""The embedded payment provider: a real HTTP server in a process of its own, in which no real money moves.

It exists so that everything above the gateway can be used, replayed, measured and broken on one machine exactly as
with a real provider: signed requests and call-backs, retries, refunds, payouts by a custody bank, splits, daily bills
and bank files. Its switches make it misbehave in every way a provider can. It says what it is on its root page and in
the header `X-Linli-Embedded: yes`.

Words: the *payer's side* is the pay page and `/embedded/pay`; the *merchant's side* is `/v1`, signed; a *switch* is a
planted misbehaviour.
Invariants: a reference has one object for ever; every movement of money is one row, unique by kind and reference;
state, movement and call-back are kept in one transaction, so a killed process loses nothing it has answered and
doubles nothing; a call-back is told at least once, always under the same event id. It listens on 127.0.0.1 only.
docs/embedded-provider.md tells how to drive it.
"""
