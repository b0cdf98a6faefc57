"""Chores: long work that somebody asked for, which the worker carries out while they may go on, leave and come back.

Words: a *kind* says what is done (`billing.issue_month`), who may ask for it and how long it may take; a *chore* is one
piece of it that was asked for; what it is *about* is the same for two who want the same; of one *lane* (a community)
one chore is carried out at a time; its *answer* is what the work gave, its *refusal* what the business said no to.

Invariants: of the same about the same one is under way, whoever asks; what a chore does and that it is done commit
together, so that a worker that dies has done nothing, and nothing is done twice; who carries a chore holds a lock of
its connection, so that a dead worker's chores are taken up at once and a living one's never; how far it is, is told on
another connection and decides nothing; a chore that nobody takes up, that takes too long or breaks off too often ends
and says so; chores, what they were given and what they made are forgotten after a time.

Doors: rules.{undertakes, Work, Progress, unheard, ChorePolicy, CHORE_LIFE}; queries.{chore, chores, under_way, check};
actions.{ask, stop_chore, carry_one}.
"""
