"""The verbs of payouts: what payees earn and when it is free, and how it leaves and is booked."""

from linli.money.payouts.actions.booking import CUSTODY, Imported, fetch_bank_file, import_bank_file
from linli.money.payouts.actions.earning import (
    NothingEarned,
    TakesTooMuch,
    add_lines,
    free_payee,
    hold_payee,
    release_holds,
    set_hold_days,
    set_receiver,
    take_back,
)
from linli.money.payouts.actions.leaving import (
    BankFile,
    claim_payouts,
    draw_payouts,
    record_signal,
    record_transfer_event,
    send_payouts,
    write_bank_file,
)

__all__ = [
    "CUSTODY",
    "BankFile",
    "Imported",
    "NothingEarned",
    "TakesTooMuch",
    "add_lines",
    "claim_payouts",
    "draw_payouts",
    "fetch_bank_file",
    "free_payee",
    "hold_payee",
    "import_bank_file",
    "record_signal",
    "record_transfer_event",
    "release_holds",
    "send_payouts",
    "set_hold_days",
    "set_receiver",
    "take_back",
    "write_bank_file",
]
