"""What a resident keeps and has agreed with the property company: receipts, wallets, months ahead, instalments, and
automatic payment."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

import msgspec
from msgspec import Meta

from linli.estate.billing import actions, queries
from linli.estate.billing.queries import (
    InvoiceCard,
    MandateCard,
    MandatePage,
    PlanCard,
    PlanPage,
    ReceiptCard,
    ReceiptPage,
    TermCard,
    TermPage,
    WalletCard,
    WalletLine,
)
from linli.estate.billing.rules import BillingPolicy, Bucket
from linli.faces.openapi.counters import insist_offered
from linli.faces.openapi.endpoints import ApiRequest, endpoint
from linli.faces.openapi.resources.bills import BillPaymentMade
from linli.faces.openapi.shapes import Amount, Body, Listed, Paged, Query, page_of
from linli.kernel.ids import CommunityId, HomeId, MandateId, ReceiptId
from linli.kernel.refusals import NotFound
from linli.money.payments import actions as payments
from linli.spine.scope import Role

RESIDENT = Role.RESIDENT


class PagedByNumber(Query):
    """A page of a statement: what follows the entry `after`, and how many."""

    after: Annotated[int, Meta(ge=1)] | None = None
    limit: Annotated[int, Meta(ge=1, le=50)] = 30


class NewTopUp(Body):
    """Money into a bucket of the wallet in a community."""

    community: CommunityId
    bucket: Bucket
    amount: Amount


class NewInvoice(Body):
    """In whose name the invoice is issued, and the tax number where that is a company."""

    title: Annotated[str, Meta(min_length=1, max_length=100)]
    tax_number: Annotated[str, Meta(max_length=30)] = ""


class InvoiceAsked(msgspec.Struct):
    invoice: UUID


class NewMandate(Body):
    """What is to be paid automatically: for which home, how much at most, and whether the wallet pays first."""

    home: HomeId
    channel: Annotated[str, Meta(max_length=20)]
    most: Amount
    month_most: Amount | None = None
    wallet_first: bool = True


class MandateMade(msgspec.Struct):
    """It is in force once its payer has signed at `sign_url`."""

    mandate: MandateId
    sign_url: str


class Wallets(msgspec.Struct):
    wallets: tuple[WalletCard, ...]


class Terms(msgspec.Struct):
    terms: tuple[TermCard, ...]


class Plans(msgspec.Struct):
    plans: tuple[PlanCard, ...]


class Mandates(msgspec.Struct):
    mandates: tuple[MandateCard, ...]


@endpoint("GET", "fee-receipts", role=RESIDENT, summary="List what the resident has paid, the latest first.")
def list_receipts(request: ApiRequest, query: Paged) -> Listed[ReceiptCard]:
    insist_offered(request, BillingPolicy)
    after = ReceiptId(query.after) if query.after else None
    rows = queries.my_receipts(request.scope, after=after, limit=query.limit + 1)
    return page_of(rows, query.limit, lambda card: card.receipt)


@endpoint("GET", "fee-receipts/<uuid:receipt>", role=RESIDENT, summary="Show a receipt and the lines that it paid.")
def show_receipt(request: ApiRequest, receipt: ReceiptId) -> ReceiptPage:
    insist_offered(request, BillingPolicy)
    return queries.receipt_page(request.scope, receipt=receipt)


@endpoint(
    "POST",
    "fee-receipts/<uuid:receipt>/invoice",
    role=RESIDENT,
    status=201,
    summary="Ask the property company for an invoice over a receipt: of what it paid and did not go back.",
)
def ask_invoice(request: ApiRequest, receipt: ReceiptId, body: NewInvoice) -> InvoiceAsked:
    insist_offered(request, BillingPolicy)
    invoice = actions.ask_invoice(
        request.scope, receipts=[receipt], title=body.title, tax_number=body.tax_number, at=request.at
    )
    return InvoiceAsked(invoice)


@endpoint(
    "GET",
    "fee-receipts/<uuid:receipt>/invoice",
    role=RESIDENT,
    summary="Show the invoice that the resident asked for over a receipt last: its state, number and answer.",
)
def show_invoice(request: ApiRequest, receipt: ReceiptId) -> InvoiceCard:
    insist_offered(request, BillingPolicy)
    found = queries.my_invoice(request.scope, receipt=receipt)
    if found is None:
        raise NotFound("invoice")
    return found


@endpoint("GET", "wallets/<uuid:community>", role=RESIDENT, summary="Show the resident's wallet in a community.")
def show_wallet(request: ApiRequest, community: CommunityId) -> Wallets:
    insist_offered(request, BillingPolicy)
    _insist_on_here(request, community)
    return Wallets(queries.my_wallets(request.scope, community=community))


@endpoint(
    "GET", "wallets/<uuid:community>/entries", role=RESIDENT, summary="List the movements of the wallet, latest first."
)
def list_entries(request: ApiRequest, community: CommunityId, query: PagedByNumber) -> Listed[WalletLine]:
    insist_offered(request, BillingPolicy)
    _insist_on_here(request, community)
    rows = queries.wallet_statement(
        request.scope, community=community, person=request.person, after=query.after, limit=query.limit + 1
    )
    return page_of(rows, query.limit, lambda line: line.entry)


@endpoint(
    "POST",
    "wallet-top-ups",
    role=RESIDENT,
    status=201,
    summary="Ask for one payment into the wallet. Pay the collection of the answer.",
)
def create_top_up(request: ApiRequest, body: NewTopUp) -> BillPaymentMade:
    insist_offered(request, BillingPolicy)
    _insist_on_here(request, body.community)
    collection = actions.begin_topup(
        request.scope, community=body.community, bucket=body.bucket, amount=body.amount.money, at=request.at
    )
    return BillPaymentMade(collection)


@endpoint("GET", "prepaid-terms", role=RESIDENT, summary="List the months of fees that the resident has paid ahead.")
def list_terms(request: ApiRequest) -> Terms:
    insist_offered(request, BillingPolicy)
    return Terms(queries.my_terms(request.scope))


@endpoint("GET", "prepaid-terms/<uuid:term>", role=RESIDENT, summary="Show a prepaid term, month by month.")
def show_term(request: ApiRequest, term: UUID) -> TermPage:
    insist_offered(request, BillingPolicy)
    return queries.term_page(request.scope, term=term)


@endpoint("GET", "instalment-plans", role=RESIDENT, summary="List the debts that the resident pays in instalments.")
def list_plans(request: ApiRequest) -> Plans:
    insist_offered(request, BillingPolicy)
    return Plans(queries.my_plans(request.scope))


@endpoint("GET", "instalment-plans/<uuid:plan>", role=RESIDENT, summary="Show a plan, part by part.")
def show_plan(request: ApiRequest, plan: UUID) -> PlanPage:
    insist_offered(request, BillingPolicy)
    return queries.plan_page(request.scope, plan=plan)


@endpoint(
    "POST",
    "instalment-plans/<uuid:plan>/payments",
    role=RESIDENT,
    status=201,
    summary="Ask for one payment of the next part. Pay the collection of the answer.",
)
def create_plan_payment(request: ApiRequest, plan: UUID) -> BillPaymentMade:
    insist_offered(request, BillingPolicy)
    return BillPaymentMade(actions.begin_plan_payment(request.scope, plan=plan, at=request.at))


@endpoint("GET", "mandates", role=RESIDENT, summary="List what is paid automatically, with what was taken last.")
def list_mandates(request: ApiRequest) -> Mandates:
    insist_offered(request, BillingPolicy)
    return Mandates(queries.my_mandates(request.scope))


@endpoint("GET", "mandates/<uuid:mandate>", role=RESIDENT, summary="Show a mandate: what comes, what was taken.")
def show_mandate(request: ApiRequest, mandate: MandateId) -> MandatePage:
    insist_offered(request, BillingPolicy)
    return queries.mandate_page(request.scope, mandate=mandate, at=request.at)


@endpoint(
    "POST",
    "mandates",
    role=RESIDENT,
    status=201,
    summary="Ask to have a home's bills paid automatically; it is in force once it is signed at the provider.",
)
def create_mandate(request: ApiRequest, body: NewMandate) -> MandateMade:
    insist_offered(request, BillingPolicy)
    mandate = actions.ask_mandate(
        request.scope,
        home=body.home,
        channel=body.channel,
        most=body.most.money,
        month_most=body.month_most.money if body.month_most else None,
        wallet_first=body.wallet_first,
        at=request.at,
    )
    shown = queries.mandate_page(request.unkeyed, mandate=mandate, at=request.at)
    page = payments.begin_agreement(request.unkeyed, agreement=shown.card.agreement, at=request.at)
    return MandateMade(mandate, page.url)


@endpoint("DELETE", "mandates/<uuid:mandate>", role=RESIDENT, status=204, summary="End a mandate, from this instant.")
def end_mandate(request: ApiRequest, mandate: MandateId) -> None:
    insist_offered(request, BillingPolicy)
    actions.end_mandate(request.scope, mandate=mandate, at=request.at)


def _insist_on_here(request: ApiRequest, community: CommunityId) -> None:
    if community not in request.scope.communities:
        raise NotFound("community")
