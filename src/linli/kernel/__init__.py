"""The kernel: the few ideas that every floor of the house speaks in.

Words: `Money` (a whole number of minor units), `Period` (half-open, [start, end)), `ids` (UUIDv7, one type per thing),
`Life` (the states of a thing and the verbs between them), `Fact` (what happened, in the past tense), `Refusal` (the
business saying no), `words._` (marks a sentence for the catalogue).

Invariants: nothing here does I/O, reads a clock or knows Django; every value is immutable; parts of a split always sum
to the whole; a life refuses every move that its table does not name.

Doors: everything public in this package is a door.
"""
