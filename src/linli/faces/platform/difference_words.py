"""The five kinds of difference in words: what each is called, what it means, and what to do about it."""

from __future__ import annotations

from dataclasses import dataclass

from linli.kernel.words import _
from linli.money.payments.rules import DifferenceKind


@dataclass(frozen=True)
class Meaning:
    """What a kind of difference is called, what it means, and what to do about it."""

    title: str
    means: str
    to_do: str


MEANINGS = {
    DifferenceKind.CHANNEL_MISSING: Meaning(
        _("We took a payment that the provider does not bill"),
        _("Our books say that the money came; the provider's bill of that day says nothing of it."),
        _("Payments near midnight stand in the next day's bill and close by themselves. Else ask the provider."),
    ),
    DifferenceKind.LOCAL_MISSING: Meaning(
        _("The provider or the bank took money that we never heard of"),
        _("The bill or the bank file has a line, and our books have nothing under its reference."),
        _("Record what the bill says. If it belongs to nobody, place it on suspense and match it later."),
    ),
    DifferenceKind.AMOUNT_MISMATCH: Meaning(
        _("The amounts differ"),
        _("Both sides know the payment, and each says another amount."),
        _("What was paid wrongly waits on suspense: give it back, or match it to where it belongs."),
    ),
    DifferenceKind.STATUS_MISMATCH: Meaning(
        _("The provider says that it failed or was reversed"),
        _("We took it as paid; the provider's bill says otherwise."),
        _("Ask the provider. If the buyer got the goods, the money has to be asked for again."),
    ),
    DifferenceKind.REFUND_MISMATCH: Meaning(
        _("A refund differs"),
        _("A refund is missing on one side, or its amount differs."),
        _("Record what the bill says; if the bill lacks it, wait for the next day's and then ask the provider."),
    ),
}
"""Every kind; a test holds the two together."""
