"""The daily files, the bill and the custody bank's, streamed line by line from one unchanging view of the books."""

import csv
import hashlib
import io
import sqlite3
from collections.abc import Callable, Iterator
from datetime import date, datetime, time, timedelta

from linli.money.payments.gateways.embedded.store import Store, instant
from linli.money.payments.gateways.embedded.switches import Difference, planted
from linli.money.payments.gateways.embedded.terms import ZONE
from linli.money.payments.gateways.protocol import BankKind, BillKind, BillStatus, Channel

BILL_COLUMNS = (
    "kind",
    "reference",
    "charge_reference",
    "provider_reference",
    "channel",
    "amount_minor",
    "fee_minor",
    "net_minor",
    "currency",
    "status",
    "occurred_at",
)
BANK_COLUMNS = ("line_id", "kind", "reference", "amount_minor", "currency", "booked_on", "counterpart")
PROVIDER_NAME = "Linli embedded payment provider"
_CHUNK_BYTES = 64 * 1024
_NOON = time(12)
_CURRENCIES = 200

Row = tuple[str | int, ...]
Rows = Callable[[sqlite3.Connection], Iterator[Row]]


def digest_and_length(db: sqlite3.Connection, columns: tuple[str, ...], rows: Rows) -> tuple[str, int]:
    """This will read a file once for its digest, so that the digest can be sent before the file."""
    digest, length = hashlib.sha256(), 0
    for chunk in chunks(db, columns, rows):
        digest.update(chunk)
        length += len(chunk)
    return f"sha256={digest.hexdigest()}", length


def chunks(db: sqlite3.Connection, columns: tuple[str, ...], rows: Rows) -> Iterator[bytes]:
    """This will write a file as CSV in pieces of bounded size."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    for row in rows(db):
        writer.writerow(row)
        if text.tell() >= _CHUNK_BYTES:
            yield text.getvalue().encode()
            text.seek(0)
            text.truncate()
    yield text.getvalue().encode()


def bill_rows(day: date) -> Rows:
    """This will give the bill of a day, with the differences that were planted in it."""

    def rows(db: sqlite3.Connection) -> Iterator[Row]:
        for row, _difference in _bill(db, day.isoformat()):
            if row:
                yield row

    return rows


def planted_lines(store: Store, day: date) -> list[tuple[str, str]]:
    """This will tell the truth about the planted differences: kind and reference of each."""
    with store.snapshot() as db:
        return [(difference, reference) for _, (difference, reference) in _bill(db, day.isoformat()) if difference]


def bank_rows(day: date) -> Rows:
    """This will give the bank's bookings of a day: the settlement of the day before, payouts, returns."""

    def rows(db: sqlite3.Connection) -> Iterator[Row]:
        settled_day = (day - timedelta(days=1)).isoformat()
        sums = db.execute(
            "SELECT currency, sum(net) AS net FROM movements WHERE day = ?"
            " GROUP BY currency HAVING sum(net) <> 0 ORDER BY currency LIMIT ?",
            (settled_day, _CURRENCIES),
        )
        for row in sums:
            reference = f"settlement-{settled_day}-{row['currency']}"
            yield (
                reference,
                BankKind.SETTLEMENT,
                reference,
                row["net"],
                row["currency"],
                day.isoformat(),
                PROVIDER_NAME,
            )
        for row in db.execute("SELECT * FROM bank_lines WHERE day = ? ORDER BY id", (day.isoformat(),)):
            line_id = f"{row['kind']}-{row['id']}"
            yield (
                line_id,
                row["kind"],
                row["reference"],
                row["amount"],
                row["currency"],
                row["day"],
                row["counterpart"],
            )

    return rows


def _bill(db: sqlite3.Connection, day: str) -> Iterator[tuple[Row, tuple[str, str]]]:
    """Each line as it is to be shown (empty: left out) and what was planted on it (empty: nothing)."""
    left = planted(db, day)
    nothing = ("", "")
    for row in db.execute("SELECT * FROM movements WHERE day = ? ORDER BY id", (day,)):
        difference = _next_difference(left, BillKind(row["kind"]))
        if difference is None:
            yield _line(row), nothing
            continue
        left[difference] -= 1
        yield _altered(_line(row), difference), (difference, row["reference"])
    for number in range(left.get(Difference.LOCAL_MISSING, 0)):
        reference = f"phantom-{day}-{number + 1}"
        at = datetime.combine(date.fromisoformat(day), _NOON, ZONE).isoformat()
        phantom = (
            BillKind.CHARGE,
            reference,
            reference,
            f"ch{reference}",
            Channel.WECHAT,
            100,
            1,
            99,
            "CNY",
            BillStatus.SUCCEEDED,
            at,
        )
        yield phantom, (Difference.LOCAL_MISSING, reference)


def _next_difference(left: dict[Difference, int], kind: BillKind) -> Difference | None:
    if kind is BillKind.REFUND:
        fitting: tuple[Difference, ...] = (Difference.REFUND_MISMATCH,)
    elif kind is BillKind.CHARGE:
        fitting = (Difference.CHANNEL_MISSING, Difference.AMOUNT_MISMATCH, Difference.STATUS_MISMATCH)
    else:
        return None
    return next((one for one in fitting if left.get(one, 0) > 0), None)


def _altered(row: Row, difference: Difference) -> Row:
    line = dict(zip(BILL_COLUMNS, row, strict=True))
    if difference is Difference.CHANNEL_MISSING:
        return ()
    if difference is Difference.STATUS_MISMATCH:
        line["status"] = BillStatus.REVERSED
    else:
        line["amount_minor"] = int(line["amount_minor"]) + 1
    return tuple(line.values())


def _line(row: sqlite3.Row) -> Row:
    at = instant(row["occurred_at"]).astimezone(ZONE).isoformat()
    money = (row["amount"], row["fee"], row["net"], row["currency"])
    return (
        row["kind"],
        row["reference"],
        row["charge_reference"],
        row["provider_reference"],
        row["channel"],
        *money,
        BillStatus.SUCCEEDED,
        at,
    )
