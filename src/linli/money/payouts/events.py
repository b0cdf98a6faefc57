"""What other floors may hear of payouts."""

from __future__ import annotations

from linli.kernel.facts import Fact
from linli.kernel.ids import PartyId, PayoutId
from linli.kernel.money import Money


class PayoutSettled(Fact):
    """The bank has booked the payout out of the custody account."""

    payout: PayoutId
    payee: PartyId
    amount: Money


class PayoutReturned(Fact):
    """The payout failed or came back; its lines are open again and its payee is held until somebody has looked."""

    payout: PayoutId
    payee: PartyId
    amount: Money
    reason: str
