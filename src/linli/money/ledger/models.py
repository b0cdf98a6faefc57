"""The ledger's tables. Only the SQL functions in `sql/` write them; the walls refuse everybody else."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models.functions import Length, Now
from django.db.models.lookups import LessThanOrEqual

LINK: dict[str, Any] = {"on_delete": models.DO_NOTHING, "db_constraint": False, "db_index": False}
"""A reference that the ledger's own trigger checks, once per statement: a foreign key would lock hot accounts' rows."""


def _is_plain(column: str) -> models.Q:
    """Keys and documents: something, on one line (the lines of a journal's canonical text stay apart).

    The length is a condition of its own: counted by the expression (`{0,199}`) each text cost 60 µs, so it costs 1.
    """
    plain = {f"{column}__regex": "^[^[:cntrl:][:space:]][^[:cntrl:]]*$"}
    return models.Q(LessThanOrEqual(Length(column), 200), **plain)


class ChartRow(models.Model):
    """The chart of accounts as the database reads it; a test holds it equal to `rules.CHART`.

    `subject_part`, `company_part` and `community_part` say which part of an address (2 is the first after the word)
    names whose account it is, the property company and the community; 0 is none.
    """

    insert_only: ClassVar[bool] = True

    pk = models.CompositePrimaryKey("word", "book_kind")
    word = models.TextField()
    book_kind = models.TextField()
    code = models.SmallIntegerField()
    nature = models.TextField()
    pattern = models.TextField()
    guarded = models.BooleanField()
    cached = models.BooleanField()
    subject_part = models.SmallIntegerField()
    company_part = models.SmallIntegerField()
    community_part = models.SmallIntegerField()

    class Meta:
        db_table = "ledger_chart"
        constraints: ClassVar = [
            models.CheckConstraint(
                condition=models.Q(book_kind__in=["platform", "property"]), name="ledger_chart_book"
            ),
            models.CheckConstraint(
                condition=models.Q(nature__in=["asset", "liability", "equity", "revenue", "expense"]),
                name="ledger_chart_nature",
            ),
            models.CheckConstraint(
                condition=models.Q(guarded=False) | models.Q(nature="liability"), name="ledger_chart_guard"
            ),
        ]


class Book(models.Model):
    """One set of accounts that balances in itself, in one currency; its days are days of its zone."""

    insert_only: ClassVar[bool] = True

    id = models.AutoField(primary_key=True)
    name = models.TextField(unique=True)
    kind = models.TextField()
    subject = models.UUIDField()
    currency = models.TextField()
    timezone = models.TextField(db_default="Asia/Shanghai")
    opened_at = models.DateTimeField(db_default=Now())

    class Meta:
        db_table = "ledger_book"
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(kind__in=["platform", "property"]), name="ledger_book_kind"),
            models.CheckConstraint(condition=models.Q(currency__regex="^[A-Z]{3}$"), name="ledger_book_currency"),
        ]


class Account(models.Model):
    """A place for money in a book. `subject`, `company` and `community` are read from the address, for the wall."""

    insert_only: ClassVar[bool] = True

    id = models.BigAutoField(primary_key=True)
    book = models.ForeignKey(Book, **LINK)
    address = models.TextField()
    code = models.SmallIntegerField()
    guarded = models.BooleanField()
    cached = models.BooleanField()
    subject = models.UUIDField(null=True)
    company = models.UUIDField(null=True)
    community = models.UUIDField(null=True)
    opened_at = models.DateTimeField()

    class Meta:
        db_table = "ledger_account"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["book", "address"], name="ledger_account_once"),
        ]
        indexes: ClassVar = [
            models.Index(fields=["subject"], name="ledger_account_subject"),
            models.Index(fields=["company"], name="ledger_account_company"),
        ]


class Journal(models.Model):
    """One business event in money. `business_on` is its day in the book's zone, `created_at` when it was recorded."""

    insert_only: ClassVar[bool] = True

    id = models.BigAutoField(primary_key=True)
    book = models.ForeignKey(Book, **LINK)
    key = models.TextField()
    currency = models.TextField()
    kind = models.TextField()
    document = models.TextField()
    at = models.DateTimeField()
    business_on = models.DateField()
    recorded_on = models.DateField()
    reverses = models.OneToOneField("self", null=True, on_delete=models.DO_NOTHING, db_constraint=False)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "ledger_journal"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["book", "key"], name="ledger_journal_once"),
            models.CheckConstraint(condition=_is_plain("key"), name="ledger_journal_key"),
            models.CheckConstraint(condition=_is_plain("document"), name="ledger_journal_document"),
            models.CheckConstraint(
                condition=models.Q(kind__regex="^[a-z][a-z0-9_.]{0,63}$"), name="ledger_journal_kind"
            ),
        ]
        indexes: ClassVar = [
            models.Index(fields=["book", "recorded_on", "id"], name="ledger_journal_day"),
        ]


class Posting(models.Model):
    """The n-th leg of a journal; partitioned by the month of `recorded_at`, which is its journal's `created_at`."""

    insert_only: ClassVar[bool] = True

    pk = models.CompositePrimaryKey("journal_id", "leg", "recorded_at")
    journal = models.ForeignKey(Journal, **LINK)
    leg = models.IntegerField()
    account = models.ForeignKey(Account, **LINK)
    amount_minor = models.BigIntegerField()
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()

    class Meta:
        db_table = "ledger_posting"


class Unfolded(models.Model):
    """A credit of a guarded, long-lived account that its cached balance does not contain yet; deleted when folded."""

    pk = models.CompositePrimaryKey("account_id", "journal_id", "leg")
    account = models.ForeignKey(Account, **LINK)
    journal = models.ForeignKey(Journal, **LINK)
    leg = models.IntegerField()
    amount_minor = models.BigIntegerField()

    class Meta:
        db_table = "ledger_unfolded"


class Balance(models.Model):
    """The folded balance of a guarded, long-lived account; with its unfolded credits it is the sum of its postings."""

    account = models.OneToOneField(Account, primary_key=True, on_delete=models.DO_NOTHING, db_constraint=False)
    balance_minor = models.BigIntegerField(db_default=0)
    folded_at = models.DateTimeField()

    class Meta:
        db_table = "ledger_balance"
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(balance_minor__lte=0), name="ledger_balance_guard"),
        ]


class Seal(models.Model):
    """A closed day of a book: its journals and the hash at the end of their chain, which starts at `previous`."""

    insert_only: ClassVar[bool] = True

    id = models.BigAutoField(primary_key=True)
    book = models.ForeignKey(Book, **LINK)
    recorded_on = models.DateField()
    journals = models.BigIntegerField()
    previous = models.BinaryField()
    hash = models.BinaryField()
    sealed_at = models.DateTimeField()

    class Meta:
        db_table = "ledger_seal"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["book", "recorded_on"], name="ledger_seal_once"),
        ]


class ChainLink(models.Model):
    """The hash of a sealed journal together with everything before it in its book."""

    insert_only: ClassVar[bool] = True

    journal = models.OneToOneField(Journal, primary_key=True, on_delete=models.DO_NOTHING, db_constraint=False)
    seal = models.ForeignKey(Seal, on_delete=models.DO_NOTHING, db_constraint=False)
    hash = models.BinaryField()

    class Meta:
        db_table = "ledger_link"
