"""The verbs of venues."""

from linli.estate.venues.actions.booking import (
    block,
    book,
    call_off_booking,
    cancel_booking,
    check_in,
    forget_person,
    miss_booking,
)
from linli.estate.venues.actions.keeping import VenueDraft, keep_venue, retire_venue

__all__ = [
    "VenueDraft",
    "block",
    "book",
    "call_off_booking",
    "cancel_booking",
    "check_in",
    "forget_person",
    "keep_venue",
    "miss_booking",
    "retire_venue",
]
