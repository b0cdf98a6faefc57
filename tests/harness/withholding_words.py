"""Words for tests of deductions: a signed agreement, and a provider with agreements that says what it shall."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from harness.payments_words import NOW, PSP, SaidProvider, as_the_house
from linli.kernel import ids
from linli.kernel.ids import AgreementId, CityId, CollectionId, PartyId
from linli.kernel.money import Money
from linli.money.ledger.rules import Leg
from linli.money.payments import actions
from linli.money.payments.actions.agreements import Said, record_agreement
from linli.money.payments.gateways import protocol as says
from linli.money.payments.gateways import withholding
from linli.money.payments.rules import AgreementVerb
from linli.spine.scope import SYSTEM

FIFTY = Money(5000)


@dataclass
class SaidWithholder(SaidProvider):
    """A provider with agreements; `outcome` is how the next deduction stands when it is asked for."""

    agreement: withholding.AgreementState = withholding.AgreementState.PENDING
    outcome: says.ChargeState = says.ChargeState.PAID
    reason: str = ""
    taken: dict[str, int] = field(default_factory=dict)

    def contract(self, agreement: withholding.Agreement) -> withholding.Signing:
        self._called(agreement)
        url = f"https://pay.example/sign/{agreement.reference}"
        return withholding.Signing(reference=agreement.reference, sign_url=url, qr_text=url)

    def query_agreement(self, reference: str) -> withholding.AgreementStatus:
        self._called(reference)
        return self._status(reference)

    def terminate(self, reference: str) -> withholding.AgreementStatus:
        self._called(("terminate", reference))
        self.agreement = withholding.AgreementState.ENDED
        return self._status(reference)

    def announce(self, notice: withholding.DeductionNotice) -> withholding.AgreementStatus:
        self._called(notice)
        return self._status(notice.agreement_reference)

    def withhold(self, deduction: withholding.Deduction) -> says.ChargeStatus:
        self._called(deduction)
        self.taken[deduction.reference] = deduction.amount_minor
        return self._charge(deduction.reference, says.ChargeState.PENDING)

    def query_charge(self, reference: str) -> says.ChargeStatus:
        self._called(reference)
        return self._charge(reference, self.outcome)

    def close_charge(self, reference: str) -> says.ChargeStatus:
        self._called(("close", reference))
        if reference not in self.taken:
            raise says.GatewayRefused("NOT_FOUND", "no such charge")
        return self._charge(reference, self.outcome)

    def _charge(self, reference: str, state: says.ChargeState) -> says.ChargeStatus:
        return says.ChargeStatus(
            reference=reference,
            provider_reference="dd-1",
            state=state,
            amount_minor=self.taken[reference],
            currency="CNY",
            channel=says.Channel.WECHAT,
            fee_minor=0,
            refunded_minor=0,
            paid_at=NOW if state is says.ChargeState.PAID else None,
            reason=self.reason if state is says.ChargeState.DECLINED else "",
        )

    def _status(self, reference: str) -> withholding.AgreementStatus:
        return withholding.AgreementStatus(
            reference=reference,
            provider_reference="ag-1",
            state=self.agreement,
            most_minor=5000,
            currency="CNY",
            reason=self.reason,
            changed_at=NOW,
        )


def an_agreement(*, payer: PartyId | None = None, city: CityId | None = None) -> AgreementId:
    """This will ask somebody for their leave to take 50.00 at a time."""
    agreement = AgreementId(ids.new())
    actions.ask_agreement(
        SYSTEM,
        agreement=agreement,
        purpose="bill",
        for_=ids.new(),
        city=city or CityId(ids.new()),
        payer=payer or PartyId(ids.new()),
        channel="wechat",
        most=FIFTY,
        description="Property fees",
        expires_at=NOW + timedelta(hours=1),
        at=NOW,
    )
    return agreement


def a_signed_agreement() -> AgreementId:
    """This will have the provider say that the payer signed."""
    agreement = an_agreement()
    said = Said(str(agreement), "ag-1", AgreementVerb.SIGN)
    assert record_agreement(SYSTEM, source=PSP, said=said, at=NOW) == "sign"
    return agreement


def a_deduction(agreement: AgreementId, minor: int = 3000) -> CollectionId:
    """This will ask for a deduction of what the payer of an agreement owes."""
    ((city, payer),) = as_the_house("SELECT city, payer FROM payments_agreement WHERE id = %s", agreement)
    collection = CollectionId(ids.new())
    actions.request_collection(
        SYSTEM,
        collection=collection,
        purpose="deduction",
        for_=ids.new(),
        city=CityId(city),
        payer=PartyId(payer),
        amount=Money(minor),
        legs=(Leg(f"order_escrow:{ids.new()}", -Money(minor)),),
        expires_at=NOW + timedelta(days=3),
        at=NOW,
    )
    actions.request_deduction(SYSTEM, collection=collection, agreement=agreement, at=NOW)
    return collection


def state_of(agreement: AgreementId) -> str:
    return str(as_the_house("SELECT state FROM payments_agreement WHERE id = %s", agreement)[0][0])


def has_more_to_do(collection: CollectionId) -> bool:
    ((due_at,),) = as_the_house("SELECT due_at FROM payments_deduction WHERE collection_id = %s", collection)
    return due_at is not None
