"""The verbs of assets."""

from linli.estate.assets.actions.clock import forget_person, tell_what_waits
from linli.estate.assets.actions.counting import begin_taking, call_off_taking, close_taking, count_asset, lapse_taking
from linli.estate.assets.actions.maintaining import (
    Certificate,
    ask_again,
    call_off_task,
    complete_task,
    let_go_of_order,
    note_worked,
    report_damage,
)
from linli.estate.assets.actions.planning import PlanDraft, add_plan, end_plan, open_task
from linli.estate.assets.actions.registering import (
    AssetDraft,
    add_paper,
    change_asset,
    move_on,
    register_asset,
    relocate_asset,
    remove_paper,
    renew_asset_code,
)
from linli.estate.assets.actions.sheets import SheetPreview, TakenOver, preview_assets, take_over_assets, undo_assets

__all__ = [
    "AssetDraft",
    "Certificate",
    "PlanDraft",
    "SheetPreview",
    "TakenOver",
    "add_paper",
    "add_plan",
    "ask_again",
    "begin_taking",
    "call_off_taking",
    "call_off_task",
    "change_asset",
    "close_taking",
    "complete_task",
    "count_asset",
    "end_plan",
    "forget_person",
    "lapse_taking",
    "let_go_of_order",
    "move_on",
    "note_worked",
    "open_task",
    "preview_assets",
    "register_asset",
    "relocate_asset",
    "remove_paper",
    "renew_asset_code",
    "report_damage",
    "take_over_assets",
    "tell_what_waits",
    "undo_assets",
]
