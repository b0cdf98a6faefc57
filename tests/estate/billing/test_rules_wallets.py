"""Which bucket pays what: no fen more than it holds, no fen more than is open."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from linli.estate.billing import rules
from linli.estate.billing.rules import Bucket, LineKind, Payable
from linli.kernel.money import Money

GENERAL, PROPERTY = Bucket.GENERAL, Bucket.PROPERTY


def line(nth: int, kind: str, minor: int) -> Payable:
    return Payable(line=nth, kind=LineKind(kind), open=Money(minor))


@pytest.mark.parametrize(
    ("property_", "general", "lines", "most", "expected"),
    [
        (100, 100, [line(1, "charge", 80)], None, [(PROPERTY, 1, 80)]),
        (100, 100, [line(1, "charge", 120)], None, [(PROPERTY, 1, 100), (GENERAL, 1, 20)]),
        (100, 100, [line(1, "once", 120)], None, [(GENERAL, 1, 100)]),
        (100, 0, [line(1, "once", 50), line(2, "late_fee", 50)], None, [(PROPERTY, 2, 50)]),
        (100, 100, [line(1, "opening", 150), line(2, "once", 60)], None,
         [(PROPERTY, 1, 100), (GENERAL, 1, 50), (GENERAL, 2, 50)]),
        (100, 100, [line(1, "charge", 150)], 120, [(PROPERTY, 1, 100), (GENERAL, 1, 20)]),
        (0, 0, [line(1, "charge", 10)], None, []),
    ],
)  # fmt: skip
def test_the_property_bucket_pays_fees_first_and_nothing_else(property_, general, lines, most, expected):
    balances = {PROPERTY: Money(property_), GENERAL: Money(general)}
    spent = rules.spend(balances, lines, None if most is None else Money(most))
    assert [(each.bucket, each.line, each.amount.minor) for each in spent] == expected


@given(
    property_=st.integers(0, 10_000),
    general=st.integers(0, 10_000),
    open_=st.lists(st.tuples(st.sampled_from(["charge", "once", "late_fee"]), st.integers(1, 5_000)), max_size=8),
    most=st.integers(0, 20_000),
)
def test_what_is_spent_never_exceeds_a_bucket_a_line_or_the_limit_and_nothing_payable_stays(
    property_, general, open_, most
):
    lines = [line(nth, kind, minor) for nth, (kind, minor) in enumerate(open_)]
    spent = rules.spend({PROPERTY: Money(property_), GENERAL: Money(general)}, lines, Money(most))
    of = {bucket: sum(each.amount.minor for each in spent if each.bucket is bucket) for bucket in Bucket}
    assert of[PROPERTY] <= property_
    assert of[GENERAL] <= general
    assert sum(of.values()) <= most
    for each in lines:
        paid = sum(one.amount.minor for one in spent if one.line == each.line)
        assert 0 <= paid <= each.open.minor
        if paid < each.open.minor and sum(of.values()) < most:
            assert of[GENERAL] == general
            assert each.kind is LineKind.ONCE or of[PROPERTY] == property_


@pytest.mark.parametrize(
    ("bucket", "balance", "owed", "back"),
    [(GENERAL, 500, 400, 500), (PROPERTY, 500, 400, 100), (PROPERTY, 300, 400, 0), (PROPERTY, 300, 0, 300)],
)
def test_what_may_go_back(bucket, balance, owed, back):
    assert rules.refundable(bucket, Money(balance), Money(owed)) == Money(back)
