"""The verbs of the assembly."""

from linli.estate.assembly.actions.again import draft_again
from linli.estate.assembly.actions.clock import forget_person, keep_time
from linli.estate.assembly.actions.objecting import note_objection
from linli.estate.assembly.actions.papers import Reading, confirm_paper, enter_paper
from linli.estate.assembly.actions.preparing import (
    MotionDraft,
    add_motion,
    announce_meeting,
    cancel_meeting,
    draft_meeting,
    remove_motion,
)
from linli.estate.assembly.actions.proxies import check_letter, give_proxy, refuse_letter, revoke_proxy
from linli.estate.assembly.actions.voting import cast_ballot

__all__ = [
    "MotionDraft",
    "Reading",
    "add_motion",
    "announce_meeting",
    "cancel_meeting",
    "cast_ballot",
    "check_letter",
    "confirm_paper",
    "draft_again",
    "draft_meeting",
    "enter_paper",
    "forget_person",
    "give_proxy",
    "keep_time",
    "note_objection",
    "refuse_letter",
    "remove_motion",
    "revoke_proxy",
]
