"""The verbs of contracts."""

from linli.estate.contracts.actions.clock import forget_person, see_to_end
from linli.estate.contracts.actions.drafting import (
    ContractDraft,
    KnownByAnotherName,
    SumsDiffer,
    add_contract_paper,
    draft_contract,
    drop_draft,
    revise_draft,
    sign_contract,
)
from linli.estate.contracts.actions.running import (
    amend_contract,
    charge_row,
    mark_paid,
    note_row_open,
    note_row_paid,
    terminate_contract,
)

__all__ = [
    "ContractDraft",
    "KnownByAnotherName",
    "SumsDiffer",
    "add_contract_paper",
    "amend_contract",
    "charge_row",
    "draft_contract",
    "drop_draft",
    "forget_person",
    "mark_paid",
    "note_row_open",
    "note_row_paid",
    "revise_draft",
    "see_to_end",
    "sign_contract",
    "terminate_contract",
]
