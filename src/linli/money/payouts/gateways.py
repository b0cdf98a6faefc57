"""How money leaves: transfers one by one over the provider's gateway, or a file for the custody bank."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from linli.kernel.ids import PayoutId
from linli.kernel.money import Money
from linli.money.payments import actions as payments
from linli.money.payments.actions import GatewayRefused, GatewayUnavailable, TransferState
from linli.money.payouts.rules import Signal, Way, recall_reference


@dataclass(frozen=True, slots=True, kw_only=True)
class Instruction:
    """One payout as the bank is asked for it; the same in every call, so that the bank knows it again."""

    payout: PayoutId
    amount: Money
    currency: str
    receiver_name: str
    receiver_account: str
    receiver_bank: str
    drawn_at: datetime
    way: Way = Way.CUSTODY
    source: str = ""
    charge_reference: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What the bank said at once; `signal` is empty when it will only tell later, or nobody knows."""

    source: str
    signal: Signal | None
    reason: str = ""
    occurred_at: datetime | None = None


class PayoutGateway(Protocol):
    """A way out. Asked again for the same payout it pays nothing again."""

    def pay_out(self, instruction: Instruction) -> Answer:
        """This will ask the bank to pay."""


class CustodyTransfers:
    """Transfers out of the custody account, one call each, over the payment provider's gateway."""

    def pay_out(self, instruction: Instruction) -> Answer:
        """This will ask the bank to pay, or to say how the same payout stands."""
        try:
            source, status = payments.request_transfer(
                reference=str(instruction.payout),
                amount=instruction.amount,
                currency=instruction.currency,
                receiver_name=instruction.receiver_name,
                receiver_account=instruction.receiver_account,
                receiver_bank=instruction.receiver_bank,
                memo=f"Linli {instruction.payout}",
                requested_at=instruction.drawn_at,
            )
        except GatewayUnavailable:
            return Answer(source="", signal=None)
        except GatewayRefused as error:
            return Answer(source="bank", signal=Signal.FAILED, reason=error.code)
        signal = {
            TransferState.SUCCEEDED: Signal.SUCCEEDED,
            TransferState.FAILED: Signal.FAILED,
            TransferState.RETURNED: Signal.RETURNED,
        }.get(status.state)
        return Answer(source=source, signal=signal, reason=status.reason, occurred_at=status.finished_at)


class ProviderSplits:
    """Shares of held charges, one call each; the provider knows the receiver by the name frozen in the payout."""

    def pay_out(self, instruction: Instruction) -> Answer:
        """This will ask the provider to pay a share, or to say what the same share did."""
        try:
            done = payments.request_split(
                source=instruction.source,
                reference=str(instruction.payout),
                charge_reference=instruction.charge_reference,
                receiver=instruction.receiver_account,
                amount=instruction.amount,
                requested_at=instruction.drawn_at,
            )
        except GatewayUnavailable:
            return Answer(source="", signal=None)
        except GatewayRefused as error:
            return Answer(source=instruction.source, signal=Signal.FAILED, reason=error.code)
        return Answer(source=instruction.source, signal=Signal.SUCCEEDED, occurred_at=done.finished_at)

    def take_back(self, instruction: Instruction, *, at: datetime) -> Answer:
        """This will ask the provider to take a share back from its receiver; what it refuses stays paid."""
        try:
            done = payments.request_split_return(
                source=instruction.source,
                reference=recall_reference(instruction.payout),
                split_reference=str(instruction.payout),
                receiver=instruction.receiver_account,
                amount=instruction.amount,
                requested_at=at,
            )
        except GatewayUnavailable:
            return Answer(source="", signal=None)
        except GatewayRefused as error:
            return Answer(source=instruction.source, signal=None, reason=error.code)
        return Answer(source=instruction.source, signal=Signal.RETURNED, occurred_at=done.finished_at)


WAYS: dict[Way, PayoutGateway] = {Way.CUSTODY: CustodyTransfers(), Way.SPLIT: ProviderSplits()}
"""Each payout goes the way that it was drawn for."""

COLUMNS = ("reference", "amount", "currency", "receiver_name", "receiver_account", "receiver_bank", "memo")


def bank_file(instructions: Sequence[Instruction]) -> bytes:
    """This will write the file that a custody bank takes by upload: one payout a line, UTF-8 with a byte-order mark."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for i in instructions:
        row = (
            i.payout,
            i.amount,
            i.currency,
            i.receiver_name,
            i.receiver_account,
            i.receiver_bank,
            f"Linli {i.payout}",
        )
        writer.writerow([harmless(str(cell)) for cell in row])
    return b"\xef\xbb\xbf" + text.getvalue().encode()


def harmless(cell: str) -> str:
    """This will keep a spreadsheet from taking a cell for a formula."""
    return f"'{cell}" if cell[:1] in {"=", "+", "-", "@", "\t", "\r"} else cell
