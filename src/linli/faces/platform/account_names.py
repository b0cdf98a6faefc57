"""What accounts and journals are called on screen: the chart's words said plainly, and whose an account is."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from uuid import UUID

from linli.faces.shell import formats, messages
from linli.faces.shell.addresses import url
from linli.faces.shell.requests import PageRequest
from linli.ground.people import queries as people
from linli.ground.places import queries as places
from linli.kernel.ids import CommunityId, OrderId, PartyId
from linli.kernel.words import _
from linli.money.ledger.rules import Address, parse_address
from linli.trade.orders import queries as orders

ACCOUNTS = {
    "psp_clearing": _("Captured, not yet settled by the provider"),
    "bank": _("Custody bank account"),
    "cash_due": _("Cash taken for the house"),
    "merchant_receivable": _("Owed by a merchant"),
    "property_receivable": _("Owed by a property company"),
    "payee_receivable": _("Owed by a courier"),
    "due_from_platform": _("To come from the platform"),
    "fee_receivable": _("Bills issued, not yet paid"),
    "desk_cash": _("The company's cash desk"),
    "own_bank": _("The company's own bank"),
    "order_escrow": _("Escrow of an order"),
    "booking_escrow": _("Escrow of a booked parking space"),
    "merchant_pending": _("Earned by a merchant, held"),
    "merchant_available": _("Earned by a merchant, free"),
    "property_pending": _("Earned by a property company, held"),
    "property_available": _("Earned by a property company, free"),
    "delivery_payable": _("Earned by a courier"),
    "delivery_fees": _("Delivery fees of pooled runs"),
    "courier_pay": _("Pay of couriers"),
    "guarantee_deposit": _("Guarantee deposit of a merchant"),
    "compensation_fund": _("Compensation fund"),
    "wallet": _("Wallet of a person"),
    "fee_credit": _("Credit for property fees"),
    "refund_in_transit": _("Refunds on their way"),
    "payout_in_transit": _("Payouts on their way"),
    "tax_payable": _("Taxes to be paid"),
    "suspense": _("Suspense: money of nobody we know yet"),
    "property_fee_collected": _("Property fees collected for a company"),
    "prepaid_fee": _("Fees paid in advance"),
    "home_deposit": _("Deposit of a home"),
    "prepaid_term": _("Months of a fee paid ahead"),
    "fee_wallet": _("Wallet with a property company"),
    "opening_balance": _("Opening balance"),
    "own_funds": _("The operator's own funds"),
    "platform_commission": _("Commission of the platform"),
    "service_fee": _("Service fees"),
    "fee_income": _("Income from property fees"),
    "late_fee_income": _("Income from late fees"),
    "psp_fees": _("Fees of the payment provider"),
    "marketing_subsidy": _("Subsidies of the platform"),
    "compensation_expense": _("Compensation paid"),
    "bad_debt": _("Debt that was given up"),
    "waiver": _("Fees waived"),
    "gift_months": _("Months given away"),
}
"""Every word of the chart; a test holds the two together."""

EVENTS = {
    "capture": _("Payment captured"),
    "capture_to_refund": _("Payment captured, to be given back"),
    "charged_back": _("Charged back"),
    "hold_released": _("Hold is over"),
    "order_completed": _("Order completed and shared"),
    "payout_booked": _("Payout booked by the bank"),
    "payout_booked_back": _("Payout booked back by the bank"),
    "payout_drawn": _("Payout drawn"),
    "payout_reopened": _("Payout came back"),
    "psp_settled": _("Settled by the provider"),
    "refund_astray": _("Refund that nobody asked for"),
    "refund_confirmed": _("Refund confirmed"),
    "refund_failed": _("Refund failed"),
    "refund_requested": _("Refund asked for"),
    "refund_to_retry": _("Refund tried again"),
    "suspense_matched": _("Matched from suspense"),
    "to_suspense": _("Placed on suspense"),
}
"""What journals tell of; a kind that is not here is shown as it is."""

SOURCES = {"order": "platform:order", "payout": "platform:payout"}
"""The pages of what journals come from, by the kind that their document begins with."""

_PARTIES = frozenset({"merchant", "company", "payee", "obligor", "person", "holder"})


class Names:
    """The names of a page's accounts, asked for all of them at once."""

    def __init__(self, request: PageRequest, addresses: Iterable[str]) -> None:
        known = [parse_address(address) for address in addresses]
        parties = {PartyId(id_) for found in known for id_ in _ids(found, _PARTIES)}
        communities = {CommunityId(id_) for found in known for id_ in _ids(found, frozenset({"community"}))}
        named = people.names(request.scope, parties=parties) if parties else {}
        cards = places.communities(ids=communities) if communities else ()
        bought = {OrderId(id_) for found in known for id_ in _ids(found, frozenset({"order"}))}
        numbers = orders.order_numbers(request.scope, orders=bought) if bought else {}
        self._names = {str(party): name for party, name in named.items()}
        self._names |= {str(order): number for order, number in numbers.items()}
        self._names |= {str(card.id): messages.in_language(card.name) for card in cards}

    def kind(self, word: str) -> str:
        """This will say what kind of account a word of the chart is."""
        return messages.gettext(ACCOUNTS[word])

    def event(self, kind: str) -> str:
        """This will say what a journal tells of."""
        return messages.gettext(EVENTS[kind]) if kind in EVENTS else kind.replace("_", " ")

    def source(self, document: str) -> str | None:
        """This will give the address of the page of what a journal comes from, where there is one."""
        kind, _colon, id_ = document.partition(":")
        try:
            return url(SOURCES[kind], UUID(id_)) if kind in SOURCES else None
        except ValueError:
            return None

    def account(self, address: str) -> str:
        """This will say what kind of account an address is and whose; ids that have no name stay as they are."""
        found = parse_address(address)
        about = [
            self._names.get(value) or (formats.provider(value) if part == "psp" else value)
            for part, value in found.parts.items()
        ]
        return " · ".join([self.kind(found.row.word), *about])


def _ids(found: Address, wanted: frozenset[str]) -> Iterator[UUID]:
    """The ids among some parts; a desk that holds cash is named by a word."""
    for part, value in found.parts.items():
        if part in wanted:
            try:
                yield UUID(value)
            except ValueError:
                continue
