"""Patterns: a community is set up as another one is, and set back if that was a mistake.

Words: the *source* is the community that things are taken from, the *target* the one that gets them; a *part* is one
sort of things (the settings of one counter, tariffs, promises, patrols, the parking tariff, venues); a *row* sets one
thing of the source beside the same thing of the target; a *batch* is what was taken over at one time.

Invariants: what is shown is what is done; one transaction; the same again changes nothing; settings and tariffs hold
from a day on, the rest at once; only what the target lacks or has otherwise is touched, and what it has otherwise only
where that was asked for; a batch is taken back as a whole, and not where something of it was used or changed since.

Doors: queries.{likeness, batches}; actions.{take_over, undo}; rules (BATCH_LIFE, PARTS, compared).
"""
