"""The business of notices, plain: lives, drafts, audiences and samples."""

from linli.estate.notices.rules.drafts import (
    LONGEST_BODY,
    LONGEST_TITLE,
    MOST_PAPERS,
    MOST_PICTURES,
    MOST_TARGETS,
    Audience,
    Draft,
    Upload,
    checked,
    rate_bp,
    tell_from,
)
from linli.estate.notices.rules.lives import (
    NOTICE_LIFE,
    URGENT,
    Deed,
    Level,
    NoticeKind,
    NoticeState,
    NoticeVerb,
    Who,
    deed_of_pinning,
)
from linli.estate.notices.rules.policy import NoticePolicy
from linli.estate.notices.rules.samples import SAMPLES, Sample
from linli.estate.notices.rules.tags import LONGEST_TAG, MOST_TAGGED_AT_ONCE, MOST_TAGS, tag_word

__all__ = [
    "LONGEST_BODY",
    "LONGEST_TAG",
    "LONGEST_TITLE",
    "MOST_PAPERS",
    "MOST_PICTURES",
    "MOST_TAGGED_AT_ONCE",
    "MOST_TAGS",
    "MOST_TARGETS",
    "NOTICE_LIFE",
    "SAMPLES",
    "URGENT",
    "Audience",
    "Deed",
    "Draft",
    "Level",
    "NoticeKind",
    "NoticePolicy",
    "NoticeState",
    "NoticeVerb",
    "Sample",
    "Upload",
    "Who",
    "checked",
    "deed_of_pinning",
    "rate_bp",
    "tag_word",
    "tell_from",
]
