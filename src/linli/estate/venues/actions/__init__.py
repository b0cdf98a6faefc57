"""The verbs of venues."""

from linli.estate.venues.actions.alike import take_back_template, take_over_template
from linli.estate.venues.actions.booking import (
    block,
    book,
    call_off_booking,
    cancel_booking,
    check_in,
    forget_person,
    miss_booking,
)
from linli.estate.venues.actions.deposits import (
    give_deposit_back,
    keep_deposit,
    lapse_booking,
    note_deposit,
    note_settled,
)
from linli.estate.venues.actions.keeping import add_venue_picture, keep_venue, remove_venue_picture, retire_venue
from linli.estate.venues.rules import VenueDraft

__all__ = [
    "VenueDraft",
    "add_venue_picture",
    "block",
    "book",
    "call_off_booking",
    "cancel_booking",
    "check_in",
    "forget_person",
    "give_deposit_back",
    "keep_deposit",
    "keep_venue",
    "lapse_booking",
    "miss_booking",
    "note_deposit",
    "note_settled",
    "remove_venue_picture",
    "retire_venue",
    "take_back_template",
    "take_over_template",
]
