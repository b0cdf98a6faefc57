"""The verbs of permits."""

from linli.estate.permits.actions.asking import (
    ask_extension,
    ask_permit,
    report_finished,
    withdraw_permit,
)
from linli.estate.permits.actions.clock import forget_person, keep_deadline, keep_relocation, tell_what_is_late
from linli.estate.permits.actions.deciding import decide_extension, decide_permit, inspect_works, settle_deposit
from linli.estate.permits.actions.paying import note_deposit, note_fee, note_settled
from linli.estate.permits.actions.releasing import ask_release, expire_release, let_out, revoke_release
from linli.estate.permits.actions.relocating import (
    ask_relocation,
    call_off_relocation,
    check_relocation,
    finish_relocation,
)

__all__ = [
    "ask_extension",
    "ask_permit",
    "ask_release",
    "ask_relocation",
    "call_off_relocation",
    "check_relocation",
    "decide_extension",
    "decide_permit",
    "expire_release",
    "finish_relocation",
    "forget_person",
    "inspect_works",
    "keep_deadline",
    "keep_relocation",
    "let_out",
    "note_deposit",
    "note_fee",
    "note_settled",
    "report_finished",
    "revoke_release",
    "settle_deposit",
    "tell_what_is_late",
    "withdraw_permit",
]
