"""One of many that is refused stops none of the others, and its refusal is said later as it would have been at once."""

from __future__ import annotations

from uuid import UUID

import msgspec

from linli.kernel import ids
from linli.kernel.life import WrongState
from linli.kernel.refusals import Invalid, NotFound
from linli.kernel.together import NotDone, Together, missing, sorted_out

ONE, TWO, THREE = (UUID(str(ids.new())) for _nth in range(3))


def test_what_is_refused_is_kept_apart_with_its_reason():
    def check(nth: int) -> str:
        if nth == 2:
            raise WrongState(state="done", verb="give")
        return str(nth)

    found, refused = sorted_out((1, 2, 3), {1: ONE, 2: TWO, 3: THREE}.__getitem__, check)
    assert found == ["1", "3"]
    assert [(each.of, str(each.refusal)) for each in refused] == [(TWO, "This is done: “give” is not possible now.")]


def test_what_is_not_there_is_named_once():
    assert [each.of for each in missing((ONE, TWO, TWO), {ONE}, "order")] == [TWO]


def test_an_outcome_that_was_written_down_is_read_again_and_says_the_same():
    refused = (NotDone.because(ONE, NotFound("order")), NotDone.because(TWO, Invalid("x", "At most {most}.", most=3)))
    kept = msgspec.json.encode(Together((THREE,), refused))
    again = msgspec.json.decode(kept, type=Together)
    assert again == Together((THREE,), refused)
    assert [str(each.refusal) for each in again.refused] == ["There is no such order here.", "At most 3."]
