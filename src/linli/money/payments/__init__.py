"""Payments: how money is collected, refunded and confirmed, and what the payment provider says about it.

Words: a *collection* is a sum that somebody shall pay once, with the *plan* (the legs that its capture posts) frozen at
request; an *event* is one thing a provider, a cash holder or the bank told us about a reference; the *effect* of an
event is what it changed, decided once; an *attempt* is one charge prepared at a provider; a *refund* is money on its
way back; a *difference* is something that the provider's bill and our books do not agree on.

Invariants: collections and events are insert-only, and what was captured, refunded or closed is derived from events; an
event takes effect once per (source, external id), under one lock on its collection; call-back, active query, sweep and
bill end in one handler; only one success serves a collection: any other is given back by itself and revives nothing;
a refund is claimed before the provider is called, and the same refund is called again under the same key.

Doors: actions.{request_collection, begin_payment, record_event, close_collection, take_cash, request_refund, ...},
queries.{collection, collections_for, differences, provider_health}, events, rules; SQL `payments_request`,
`payments_record`, `payments_close`, `payments_request_refunds`. They cross the wall as the house itself: who calls
them has decided that it may.
"""
