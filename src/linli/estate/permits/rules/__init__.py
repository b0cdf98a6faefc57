"""The rules of permits."""

from linli.estate.permits.rules.lives import (
    DESK_WAITS_IN,
    MANAGERS,
    NOBODY,
    PERMIT_LIFE,
    RELEASE_LIFE,
    RELOCATION_LIFE,
    SETTLED_IN,
    STEWARDS,
    Check,
    Direction,
    Look,
    PermitState,
    PermitVerb,
    ReleaseState,
    ReleaseVerb,
    RelocationState,
    RelocationVerb,
)
from linli.estate.permits.rules.papers import Paper, Work, checks_of, missing_papers, papers_needed
from linli.estate.permits.rules.policy import PermitPolicy

__all__ = [
    "DESK_WAITS_IN",
    "MANAGERS",
    "NOBODY",
    "PERMIT_LIFE",
    "RELEASE_LIFE",
    "RELOCATION_LIFE",
    "SETTLED_IN",
    "STEWARDS",
    "Check",
    "Direction",
    "Look",
    "Paper",
    "PermitPolicy",
    "PermitState",
    "PermitVerb",
    "ReleaseState",
    "ReleaseVerb",
    "RelocationState",
    "RelocationVerb",
    "Work",
    "checks_of",
    "missing_papers",
    "papers_needed",
]
