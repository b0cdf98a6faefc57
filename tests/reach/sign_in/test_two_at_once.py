"""A lost authenticator that two speak of at the same moment, each on a connection of its own."""

from __future__ import annotations

from harness.at_once import ends_at_once
from linli.reach.sign_in import actions, queries
from linli.spine.scope import SYSTEM, Role, Scope
from reach.sign_in.test_actions import PHONE, ask, redeem
from reach.sign_in.test_authenticators import protected
from reach.sign_in.test_losses import LATER, WHY, an_operator, of


def test_a_confirmation_and_a_stop_at_the_same_moment_are_one_of_the_two(own_database):
    person = an_operator(PHONE)
    protected(person, redeem(ask()).session)
    helper, second = an_operator(), an_operator()
    actions.report_loss(of(helper), person=person, why=WHY, at=LATER)
    (card,) = queries.losses(SYSTEM)
    ends = ends_at_once(
        lambda: actions.confirm_loss(of(second), loss=card.loss, at=LATER),
        lambda: actions.stop_loss(Scope(role=Role.RESIDENT, person=person), loss=card.loss, at=LATER),
    )
    assert ends == {"done": 1, "NotFound": 1}
