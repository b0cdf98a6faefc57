"""Clockwork: days of a community played in minutes, on a clock that nobody waits for. The replay and the demo use it.

Words: an *outing* is one household's checkout at its instant; a *fate* is what becomes of an outing and its orders,
drawn from its key; a *player* takes outings to their ends; *nightfall* is all the clocks of a day at its end; the *ear*
hears the provider.

Invariants: nothing sleeps, `at` is passed down; all that an outing does is decided by its key and keyed by it, so
that playing it twice, or on from where a killed process left it, comes to the same end; money moves only through the
embedded provider over HTTP and its signed call-backs.
"""
