"""The verbs of chores: ask for one, stop it, carry it out, forget it."""

from linli.ground.chores.actions.asking import Asked, ask, stop_chore
from linli.ground.chores.actions.carrying import carry_one, note_progress
from linli.ground.chores.actions.forgetting import (
    forget_chores,
    forget_person,
    give_up_untaken,
    stop_chores_of,
)

__all__ = [
    "Asked",
    "ask",
    "carry_one",
    "forget_chores",
    "forget_person",
    "give_up_untaken",
    "note_progress",
    "stop_chore",
    "stop_chores_of",
]
