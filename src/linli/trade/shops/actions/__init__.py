"""The verbs of shops: ask to sell, be judged, keep hours and zone, and the terms of the sale."""

from linli.trade.shops.actions.applying import (
    DecidedAlready,
    NoCommunityNear,
    amend,
    apply,
    judge_licence,
    open_licence,
    reapply,
    submit_licence,
    upload_licence,
)
from linli.trade.shops.actions.keeping import (
    NoCourier,
    TooFar,
    entrust_delivery,
    issue_deposit_slip,
    pause,
    resume,
    set_cash,
    set_communities,
    set_delivery,
    set_holidays,
    set_opening,
)
from linli.trade.shops.actions.receiving import set_receiver
from linli.trade.shops.actions.staffing import NotTheMerchant, add_staff, remove_staff
from linli.trade.shops.actions.standing import (
    LicenceMissing,
    approve,
    close,
    refuse,
    reinstate,
    suspend,
)
from linli.trade.shops.actions.terms import TermsOverlap, set_terms

__all__ = [
    "DecidedAlready",
    "LicenceMissing",
    "NoCommunityNear",
    "NoCourier",
    "NotTheMerchant",
    "TermsOverlap",
    "TooFar",
    "add_staff",
    "amend",
    "apply",
    "approve",
    "close",
    "entrust_delivery",
    "issue_deposit_slip",
    "judge_licence",
    "open_licence",
    "pause",
    "reapply",
    "refuse",
    "reinstate",
    "remove_staff",
    "resume",
    "set_cash",
    "set_communities",
    "set_delivery",
    "set_holidays",
    "set_opening",
    "set_receiver",
    "set_terms",
    "submit_licence",
    "suspend",
    "upload_licence",
]
