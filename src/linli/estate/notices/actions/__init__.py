"""The verbs of notices."""

from linli.estate.notices.actions.publishing import (
    ToldLately,
    acknowledge,
    add_reader,
    approve,
    pin,
    publish,
    publish_due,
    read,
    tell_again,
    tell_some,
    tidy_up,
    withdraw,
)
from linli.estate.notices.actions.writing import (
    ApprovalNeeded,
    OwnNotice,
    ask_approval,
    discard,
    recall,
    rewrite,
    send_back,
    write,
)

__all__ = [
    "ApprovalNeeded",
    "OwnNotice",
    "ToldLately",
    "acknowledge",
    "add_reader",
    "approve",
    "ask_approval",
    "discard",
    "pin",
    "publish",
    "publish_due",
    "read",
    "recall",
    "rewrite",
    "send_back",
    "tell_again",
    "tell_some",
    "tidy_up",
    "withdraw",
    "write",
]
