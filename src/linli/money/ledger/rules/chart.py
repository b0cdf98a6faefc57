"""The chart of accounts, and the addresses that it allows. The database carries the same rows in `ledger_chart`."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from uuid import UUID

from linli.kernel.ids import CityId, CommunityId, OrderId, PartyId, SpaceBookingId
from linli.kernel.refusals import Invalid
from linli.kernel.words import _


class BookKind(StrEnum):
    """The platform's books, one per city, and the property companies' own; no journal touches two."""

    PLATFORM = "platform"
    PROPERTY = "property"


class Nature(StrEnum):
    """What a balance means: held, owed, put in, earned, spent."""

    ASSET = "asset"
    LIABILITY = "liability"
    EQUITY = "equity"
    REVENUE = "revenue"
    EXPENSE = "expense"


class UnknownAddress(ValueError):
    """A defect: the chart allows no such address in that book."""


_UUID = "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
_REF = "[a-z0-9][a-z0-9_.-]{0,63}"
_BY_NAME = frozenset({"psp", "account", "holder", "campaign", "desk", "item", "kind"})
"""Parts that are named by a short reference; all the others are UUIDs. A holder of cash may be a party or a desk."""
_L, _P = (BookKind.PLATFORM,), (BookKind.PROPERTY,)
_BOTH = _L + _P


@dataclass(frozen=True, slots=True)
class ChartRow:
    """A kind of account: one per ... `parts`. `subject` is the part that says whose it is."""

    code: int
    word: str
    nature: Nature
    books: tuple[BookKind, ...]
    parts: tuple[str, ...] = ()
    guarded: bool = False
    subject: str | None = None

    @property
    def is_cached(self) -> bool:
        """Guarded and long-lived; an escrow lives for one order or booking and its few postings are summed instead."""
        return self.guarded and not self.word.endswith("_escrow")

    @property
    def sign(self) -> int:
        """1 where a debit makes more of it (assets and expenses), -1 where a credit does."""
        return 1 if self.nature in (Nature.ASSET, Nature.EXPENSE) else -1

    @property
    def pattern(self) -> str:
        return "^" + ":".join([self.word, *(_REF if p in _BY_NAME else _UUID for p in self.parts)]) + "$"

    def place(self, part: str | None) -> int:
        """This will tell where a part stands in the address, counting the word as 1; 0 is nowhere."""
        return self.parts.index(part) + 2 if part in self.parts else 0


def _row(
    code: int, word: str, books: tuple[BookKind, ...], parts: str = "", *, guarded: bool = False, of: str | None = None
) -> ChartRow:
    nature = (Nature.ASSET, Nature.LIABILITY, Nature.EQUITY, Nature.REVENUE, Nature.EXPENSE)[code // 1000 - 1]
    return ChartRow(code, word, nature, books, tuple(parts.split()), guarded, of)


_ROWS = (
    _row(1010, "psp_clearing", _L, "psp"),
    _row(1020, "bank", _L, "account"),
    _row(1030, "cash_due", _L, "holder", of="holder"),
    _row(1040, "merchant_receivable", _L, "merchant", of="merchant"),
    _row(1041, "property_receivable", _L, "company", of="company"),
    _row(1042, "payee_receivable", _L, "payee", of="payee"),
    _row(1045, "due_from_platform", _P, "city"),
    _row(1050, "fee_receivable", _P, "subject obligor", of="obligor"),
    _row(1060, "desk_cash", _P, "desk"),
    _row(1061, "own_bank", _P),
    _row(2010, "order_escrow", _L, "order", guarded=True, of="order"),
    _row(2015, "booking_escrow", _L, "booking", guarded=True, of="booking"),
    _row(2020, "merchant_pending", _L, "merchant", guarded=True, of="merchant"),
    _row(2021, "merchant_available", _L, "merchant", guarded=True, of="merchant"),
    _row(2030, "property_pending", _L, "company community", guarded=True, of="company"),
    _row(2031, "property_available", _L, "company community", guarded=True, of="company"),
    _row(2040, "delivery_payable", _L, "payee", guarded=True, of="payee"),
    _row(2050, "guarantee_deposit", _L, "merchant", guarded=True, of="merchant"),
    _row(2060, "compensation_fund", _L, "city", guarded=True),
    _row(2070, "wallet", _L, "person", guarded=True, of="person"),
    _row(2071, "fee_credit", _L, "subject obligor", guarded=True, of="obligor"),
    _row(2080, "refund_in_transit", _L, "psp"),
    _row(2081, "payout_in_transit", _L, "payee", of="payee"),
    _row(2090, "tax_payable", _BOTH),
    _row(2095, "suspense", _BOTH),
    _row(2100, "property_fee_collected", _L, "company community", of="company"),
    _row(2110, "prepaid_fee", _P, "subject obligor", guarded=True, of="obligor"),
    _row(2120, "home_deposit", _P, "subject obligor kind", guarded=True, of="obligor"),
    _row(2130, "prepaid_term", _P, "subject obligor", guarded=True, of="obligor"),
    _row(2140, "fee_wallet", _P, "community person kind", guarded=True, of="person"),
    _row(3010, "opening_balance", _P),
    _row(3020, "own_funds", _L),
    _row(4010, "platform_commission", _L),
    _row(4020, "service_fee", _L),
    _row(4030, "delivery_fees", _L),
    _row(4110, "fee_income", _P, "item"),
    _row(4120, "late_fee_income", _P),
    _row(5010, "psp_fees", _BOTH),
    _row(5020, "marketing_subsidy", _L, "campaign"),
    _row(5030, "compensation_expense", _L),
    _row(5040, "bad_debt", _BOTH),
    _row(5050, "courier_pay", _L),
    _row(5110, "waiver", _P, "item"),
    _row(5120, "gift_months", _P),
)
CHART: dict[str, ChartRow] = {row.word: row for row in _ROWS}
"""Every kind of account, by its word."""
_PATTERNS = {word: re.compile(row.pattern) for word, row in CHART.items()}
_BOOK = re.compile(f"^(platform|property):({_UUID})$")


@dataclass(frozen=True, slots=True)
class Address:
    """An address taken apart: its row of the chart and its parts by name."""

    row: ChartRow
    parts: dict[str, str]


def parse_address(address: str) -> Address:
    """This will take an address apart, or raise `UnknownAddress` for one that the chart does not allow."""
    word, *parts = address.split(":")
    row = CHART.get(word)
    if row is None or not _PATTERNS[word].fullmatch(address):
        raise UnknownAddress(address)
    return Address(row, dict(zip(row.parts, parts, strict=True)))


def parse_book(book: str) -> tuple[BookKind, UUID]:
    """This will take the name of a book apart: whose kind of book it is, and of which city or company."""
    found = _BOOK.fullmatch(book)
    if not found:
        raise UnknownAddress(book)
    return BookKind(found[1]), UUID(found[2])


def is_allowed(book: str, address: str) -> bool:
    """This will tell whether an account of this address may stand in that book."""
    try:
        return parse_book(book)[0] in parse_address(address).row.books
    except UnknownAddress:
        return False


def platform_book(city: CityId) -> str:
    """This will name the book of the platform in a city."""
    return f"platform:{city}"


def property_book(company: PartyId) -> str:
    """This will name the book of a property company."""
    return f"property:{company}"


def _builder(word: str) -> Callable[..., str]:
    def build(*parts: UUID | str) -> str:
        address = ":".join([word, *map(str, parts)])
        parse_address(address)
        return address

    build.__doc__ = f"This will build the address `{':'.join([word, *('{' + p + '}' for p in CHART[word].parts)])}`."
    return build


def till(name: str) -> str:
    """This will name a till as its account is named: what a cashier types as "Till 2" is `till-2`.

    Refused at the field `desk` where an address of the ledger cannot bear the name.
    """
    named = "-".join(unicodedata.normalize("NFKC", name).lower().split())
    if not re.fullmatch(_REF, named):
        raise Invalid(
            "desk", _("Name the till in letters from a to z, digits and hyphens, as {example}."), example="till-2"
        )
    return named


def desk_cash(desk: str) -> str:
    """This will build the address `desk_cash:{desk}` of a till that a person named; see `till`."""
    return _cash_of_desk(till(desk))


# Builders: one for each row of the chart that has parts; the others are their own address.
psp_clearing: Callable[[str], str] = _builder("psp_clearing")
bank: Callable[[str], str] = _builder("bank")
cash_due: Callable[[PartyId | str], str] = _builder("cash_due")
merchant_receivable: Callable[[PartyId], str] = _builder("merchant_receivable")
property_receivable: Callable[[PartyId], str] = _builder("property_receivable")
payee_receivable: Callable[[PartyId], str] = _builder("payee_receivable")
due_from_platform: Callable[[CityId], str] = _builder("due_from_platform")
_cash_of_desk: Callable[[str], str] = _builder("desk_cash")
fee_receivable: Callable[[UUID, PartyId], str] = _builder("fee_receivable")
order_escrow: Callable[[OrderId], str] = _builder("order_escrow")
booking_escrow: Callable[[SpaceBookingId], str] = _builder("booking_escrow")
merchant_pending: Callable[[PartyId], str] = _builder("merchant_pending")
merchant_available: Callable[[PartyId], str] = _builder("merchant_available")
property_pending: Callable[[PartyId, CommunityId], str] = _builder("property_pending")
property_available: Callable[[PartyId, CommunityId], str] = _builder("property_available")
delivery_payable: Callable[[PartyId], str] = _builder("delivery_payable")
guarantee_deposit: Callable[[PartyId], str] = _builder("guarantee_deposit")
compensation_fund: Callable[[CityId], str] = _builder("compensation_fund")
wallet: Callable[[PartyId], str] = _builder("wallet")
fee_credit: Callable[[UUID, PartyId], str] = _builder("fee_credit")
refund_in_transit: Callable[[str], str] = _builder("refund_in_transit")
payout_in_transit: Callable[[PartyId], str] = _builder("payout_in_transit")
property_fee_collected: Callable[[PartyId, CommunityId], str] = _builder("property_fee_collected")
prepaid_fee: Callable[[UUID, PartyId], str] = _builder("prepaid_fee")
home_deposit: Callable[[UUID, PartyId, str], str] = _builder("home_deposit")
prepaid_term: Callable[[UUID, PartyId], str] = _builder("prepaid_term")
fee_wallet: Callable[[CommunityId, PartyId, str], str] = _builder("fee_wallet")
fee_income: Callable[[str], str] = _builder("fee_income")
marketing_subsidy: Callable[[str], str] = _builder("marketing_subsidy")
waiver: Callable[[str], str] = _builder("waiver")
OWN_BANK, TAX_PAYABLE, SUSPENSE = "own_bank", "tax_payable", "suspense"
OPENING_BALANCE, OWN_FUNDS = "opening_balance", "own_funds"
PLATFORM_COMMISSION, SERVICE_FEE, LATE_FEE_INCOME = "platform_commission", "service_fee", "late_fee_income"
DELIVERY_FEES, COURIER_PAY = "delivery_fees", "courier_pay"
PSP_FEES, COMPENSATION_EXPENSE, BAD_DEBT, GIFT_MONTHS = "psp_fees", "compensation_expense", "bad_debt", "gift_months"
