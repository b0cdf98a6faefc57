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
from linli.estate.notices.actions.tagging import tag_homes, untag_homes
from linli.estate.notices.actions.together import NotPublished, pin_many, withdraw_many
from linli.estate.notices.actions.writing import (
    ApprovalNeeded,
    OwnNotice,
    ask_approval,
    discard,
    forget_person,
    recall,
    rewrite,
    send_back,
    write,
)

__all__ = [
    "ApprovalNeeded",
    "NotPublished",
    "OwnNotice",
    "ToldLately",
    "acknowledge",
    "add_reader",
    "approve",
    "ask_approval",
    "discard",
    "forget_person",
    "pin",
    "pin_many",
    "publish",
    "publish_due",
    "read",
    "recall",
    "rewrite",
    "send_back",
    "tag_homes",
    "tell_again",
    "tell_some",
    "tidy_up",
    "untag_homes",
    "withdraw",
    "withdraw_many",
    "write",
]
