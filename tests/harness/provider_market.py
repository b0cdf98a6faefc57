"""An embedded provider, a merchant that listens to it, and words for what happens between them."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from harness.merchant_ear import MerchantEar
from linli.money.payments.gateways.client import HttpGateway, Limits
from linli.money.payments.gateways.embedded.driver import Driver, ProviderProcess
from linli.money.payments.gateways.protocol import Channel, Charge, Refund, Transfer
from linli.money.payments.gateways.signing import Signer, merchant_identity

AT = datetime(2026, 7, 31, 2, 0, tzinfo=UTC)  # ten in the morning in Shanghai
QUICK = Limits(first_pause_s=0.02, read_timeout_s=1.0)


@dataclass
class Market:
    """Everything a test needs, and words to make references that no other test uses."""

    process: ProviderProcess
    gateway: HttpGateway
    driver: Driver
    ear: MerchantEar
    names: Callable[[str], str]

    @property
    def signer(self) -> Signer:
        """The merchant's own key, to sign by hand."""
        return merchant_identity(self.process.home / "keys").signer

    def now_s(self) -> int:
        return int(time.time())

    def charge(self, amount_minor: int = 5700, *, at: datetime = AT, held: bool = False) -> Charge:
        return Charge(
            reference=self.names("charge"),
            amount_minor=amount_minor,
            currency="CNY",
            channel=Channel.WECHAT,
            description="水果与蔬菜 Fruit & vegetables",
            requested_at=at,
            expires_at=at + timedelta(minutes=15),
            held_for_split=held,
        )

    def paid(self, amount_minor: int = 5700, *, at: datetime = AT, held: bool = False) -> Charge:
        """A charge that its payer paid one minute after it was asked for."""
        charge = self.charge(amount_minor, at=at, held=held)
        self.gateway.prepare(charge)
        self.driver.pay(charge.reference, occurred_at=at + timedelta(minutes=1))
        return charge

    def refund(self, charge: Charge, amount_minor: int, *, at: datetime | None = None) -> Refund:
        return Refund(
            reference=self.names("refund"),
            charge_reference=charge.reference,
            amount_minor=amount_minor,
            currency="CNY",
            reason="one was bruised",
            requested_at=at or charge.requested_at + timedelta(hours=1),
        )

    def transfer(self, amount_minor: int = 120_000, *, at: datetime = AT) -> Transfer:
        return Transfer(
            reference=self.names("payout"),
            amount_minor=amount_minor,
            currency="CNY",
            receiver_name="老王水果店",
            receiver_account="6222020200112233445",
            receiver_bank="ICBC",
            memo="July",
            requested_at=at,
        )

    def restart_after_kill(self) -> None:
        self.process.kill()
        self.process.start()
