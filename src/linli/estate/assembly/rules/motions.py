"""What a ballot may say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from linli.estate.assembly.rules.lives import Matter
from linli.kernel.ids import MotionId
from linli.kernel.names import Names
from linli.kernel.refusals import Invalid
from linli.kernel.words import _

DECISION: tuple[Names, ...] = (
    {"zh": "同意", "en": "In favour"},
    {"zh": "反对", "en": "Against"},
    {"zh": "弃权", "en": "Abstain"},
)
"""The options of what is decided by yes or no; the first one consents."""
Answers = Mapping[MotionId, tuple[int, ...]]
"""The options picked for each motion, by their places."""


@dataclass(frozen=True, slots=True)
class MotionTerms:
    """A motion as the counting sees it: its matter, how many options it has, and how many may be picked."""

    motion: MotionId
    matter: Matter
    options: int
    most: int = 1

    @property
    def least(self) -> int:
        """Yes, no and abstention stand on the ballot; between options one may leave all of them."""
        return 1 if self.matter in (Matter.ORDINARY, Matter.RESERVED) else 0


def checked(motions: Sequence[MotionTerms], answers: Answers) -> dict[MotionId, tuple[int, ...]]:
    """This will give a ballot in order, or refuse it by the motion that is wrong: every motion is answered."""
    known = {each.motion for each in motions}
    for motion in answers:
        if motion not in known:
            raise Invalid(f"answer.{motion}", _("This is not put to the vote here."))
    ballot = {}
    for each in motions:
        picked = tuple(sorted(set(answers.get(each.motion, ()))))
        field = f"answer.{each.motion}"
        if len(picked) < each.least:
            raise Invalid(field, _("Please choose: yes, no, or abstain."))
        if len(picked) > each.most:
            raise Invalid(field, _("Please choose at most {most}."), most=each.most)
        if any(not 0 <= option < each.options for option in picked):
            raise Invalid(field, _("Please choose one of the values offered."))
        ballot[each.motion] = picked
    return ballot
