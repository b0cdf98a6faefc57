"""The JSON face: the same actions and queries as the pages, for programs.

Words: an *endpoint* is one method of one address; a *shape* is what goes in or comes out; a *resource* is a noun with
its endpoints (`resources/`, one file each); a *caller* is who the token says; a *problem* is a refusal in RFC 9457.

Invariants: nothing is computed here; every refusal is a problem with a stable code; a body names every field it knows
and refuses all others; every change may carry an `Idempotency-Key`; every list has a limit and a stable key; the
OpenAPI document is made from the endpoints, so that it cannot lie.

Doors: none. Everything under `/api/v1/`, and `payment_callbacks`, where payment providers call; docs/api.md is the page
for those who call.
"""
