"""Invoices: asked for by who paid, never above what they paid; issued with a number, refused, or taken back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import UUID

from linli.estate.billing import rules
from linli.estate.billing.actions.crediting import MOST_REASON_CHARACTERS, insist_on_reason
from linli.estate.billing.actions.telling import tell_people
from linli.estate.billing.models import Invoice, Receipt, Repayment
from linli.ground.files import actions as files
from linli.ground.policies.queries import policy
from linli.kernel import ids
from linli.kernel.ids import CommunityId, PartyId, ReceiptId
from linli.kernel.money import Money
from linli.kernel.refusals import Invalid, NotFound, Refusal
from linli.kernel.words import _
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.scope import Scope

MOST_RECEIPTS = 100
MOST_TITLE, MOST_TAX_NUMBER, MOST_NUMBER = 100, 30, 40
LIVE = (rules.InvoiceState.ASKED.value, rules.InvoiceState.ISSUED.value)
TELLS = {
    rules.InvoiceVerb.ISSUE: "invoice_issued",
    rules.InvoiceVerb.REFUSE: "invoice_refused",
    rules.InvoiceVerb.REVOKE: "invoice_revoked",
}


class AlreadyInvoiced(Refusal):
    """A receipt is invoiced once."""

    says = _("An invoice was already asked for over one of these payments.")


@action(needs=May.PAY, private=("title", "tax_number"))
def ask_invoice(scope: Scope, *, receipts: Sequence[ReceiptId], title: str, tax_number: str = "", at: datetime) -> UUID:
    """This will ask for one invoice over receipts of one's own, of what they paid and did not go back."""
    if not 0 < len(title.strip()) <= MOST_TITLE:
        raise Invalid("title", _("An invoice needs a title."))
    if tax_number.strip() and not (tax_number.strip().isalnum() and len(tax_number.strip()) <= MOST_TAX_NUMBER):
        raise Invalid("tax_number", _("A tax number has letters and figures only."))
    if not 0 < len(receipts) <= MOST_RECEIPTS:
        raise Invalid("receipts", _("Between 1 and {most} receipts."), most=MOST_RECEIPTS)
    payer = scope.person
    if payer is None:
        raise NotFound("receipt")
    rows = list(Receipt.objects.within(scope).select_for_update().filter(pk__in=receipts).order_by("id"))
    if len(rows) != len(set(receipts)) or any(row.payer != payer for row in rows):
        raise NotFound("receipt")
    if any(row.channel == rules.Channel.TAKEN_OVER.value for row in rows):
        raise Invalid("receipts", _("This was paid before the company moved here. Its invoice is of that time."))
    if len({(row.company, row.community) for row in rows}) > 1:
        raise Invalid("receipts", _("One invoice is of one company and community."))
    if Invoice.objects.within(scope).filter(receipts__overlap=[row.pk for row in rows], state__in=LIVE).exists():
        raise AlreadyInvoiced
    community = CommunityId(rows[0].community)
    days = policy(scope, rules.BillingPolicy, at=at, community=community).invoice_days
    amount = _paid(scope, rows)
    if not amount:
        raise Invalid("receipts", _("Nothing of this was paid for anything yet."))
    row = Invoice.objects.create(
        id=ids.new(),
        company=rows[0].company,
        community=community,
        payer=payer,
        receipts=[each.pk for each in rows],
        title=title.strip(),
        tax_number=tax_number.strip(),
        amount_minor=amount.minor,
        state=rules.INVOICE_LIFE.birth.value,
        asked_at=at,
        answer_by=at + timedelta(days=days),
    )
    return UUID(str(row.pk))


def _paid(scope: Scope, rows: Sequence[Receipt]) -> Money:
    """What they paid for: what is kept for later, and what went back, is no sale."""
    back = Repayment.objects.within(scope).filter(receipt__in=rows).values_list("amount_minor", flat=True)
    return Money(sum(row.amount_minor - row.rest_minor for row in rows) - sum(back))


@action(needs=May.TAKE_FEES, private=("upload",))
def issue_invoice(
    scope: Scope, *, invoice: UUID, number: str, upload: Sequence[tuple[str, bytes]] = (), at: datetime
) -> None:
    """This will note the number of an invoice that the company has issued, and keep its file (name and bytes)."""
    if not 0 < len(number.strip()) <= MOST_NUMBER:
        raise Invalid("number", _("An invoice has a number."))
    row = _held(scope, invoice)
    kept = files.keep_files(scope, uploads=upload, field="file", most=1, at=at)
    row.number, row.file = number.strip(), kept[0] if kept else None
    _decided(scope, row, rules.InvoiceVerb.ISSUE, "", at)


@action(needs=May.TAKE_FEES, private=("answer",))
def refuse_invoice(scope: Scope, *, invoice: UUID, answer: str, at: datetime) -> None:
    """This will refuse to issue an invoice, and say why."""
    insist_on_reason(answer)
    _decided(scope, _held(scope, invoice), rules.InvoiceVerb.REFUSE, answer, at)


@action(needs=May.TAKE_FEES, private=("answer",))
def revoke_invoice(scope: Scope, *, invoice: UUID, answer: str, at: datetime) -> None:
    """This will take an issued invoice back, so that its payments may be given back or invoiced anew."""
    insist_on_reason(answer)
    _decided(scope, _held(scope, invoice), rules.InvoiceVerb.REVOKE, answer, at)


def _held(scope: Scope, invoice: UUID) -> Invoice:
    row = Invoice.objects.within(scope).select_for_update().filter(pk=invoice).first()
    if row is None or (not scope.is_inside and row.community not in scope.communities):
        raise NotFound("invoice")
    return row


def _decided(scope: Scope, row: Invoice, verb: rules.InvoiceVerb, answer: str, at: datetime) -> None:
    """The payer asked on the phone and waits: each answer of the desk is told there."""
    row.state = rules.INVOICE_LIFE.after(rules.InvoiceState(row.state), verb).value
    row.answer, row.decided_by, row.decided_at = answer.strip()[:MOST_REASON_CHARACTERS], scope.person, at
    row.save(update_fields=["state", "number", "file", "answer", "decided_by", "decided_at"])
    tell_people([PartyId(row.payer)], TELLS[verb], CommunityId(row.community), at)
