"""A neighbour who has bills taken automatically: asked for on the phone and signed at the provider, as a payer does."""

from __future__ import annotations

from datetime import datetime

from linli.estate.billing import actions as billing
from linli.estate.billing import queries as known
from linli.ground.people import queries as people
from linli.kernel.money import Money
from linli.kernel.refusals import Refusal
from linli.money.payments import actions as payments
from linli.spine.scope import Scope
from linli.works.payers import sign_agreement

MOST = Money.parse("800.00")


def sign_up(resident: Scope, *, provider_url: str, at: datetime) -> None:
    """This will set up automatic payment for the first home of a resident; the provider tells that it was signed."""
    if resident.person is None:
        return
    homes = people.residents_homes(resident, person=resident.person, at=at)
    if not homes:
        return
    try:
        mandate = billing.ask_mandate(resident, home=homes[0].home.id, channel="wechat", most=MOST, at=at)
        card = known.mandate_page(resident, mandate=mandate, at=at).card
        payments.begin_agreement(resident, agreement=card.agreement, at=at)
    except Refusal:  # a town whose community takes nothing automatically, or whose provider is away, does without
        return
    sign_agreement(provider_url, reference=str(card.agreement))
