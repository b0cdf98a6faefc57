"""Reasons that one person gives to another. Private to the actions."""

from __future__ import annotations

from linli.kernel.refusals import Invalid
from linli.kernel.words import _

LONGEST_REASON = 200


def reason_of(text: str, field: str = "reason") -> str:
    """This will read a reason, or refuse an empty or endless one."""
    said = " ".join(text.split())
    if not 0 < len(said) <= LONGEST_REASON:
        raise Invalid(field, _("Please say why, in at most {most} characters."), most=LONGEST_REASON)
    return said
