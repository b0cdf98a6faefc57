"""No policy contradicts itself by its defaults, and what contradicts is told of settings that there are."""

import pytest

from linli.estate.billing.rules import BillingPolicy
from linli.estate.metering.rules import MeteringPolicy
from linli.ground.policies import queries


@pytest.mark.parametrize("cls", queries.policy_classes(), ids=lambda cls: cls.word)
def test_the_defaults_contradict_nothing(cls):
    assert list(cls().contradictions()) == []


@pytest.mark.parametrize(
    ("policy", "settings"),
    [
        (BillingPolicy(deduct_told_days=8), ("deduct_told_days", "deduct_days", "once_due_days")),
        (BillingPolicy(deduct_days=6), ("deduct_told_days", "deduct_days", "once_due_days")),
        (BillingPolicy(reminder_days=(15, 3)), ("reminder_days",)),
        (BillingPolicy(reminder_days=(0, 3)), ("reminder_days",)),
        (BillingPolicy(deduct_again_days=(1, 0)), ("deduct_again_days",)),
        (MeteringPolicy(owners_from_day=28, owners_until_day=20), ("owners_from_day", "owners_until_day")),
    ],
)
def test_what_cannot_hold_together_is_named(policy, settings):
    (found,) = policy.contradictions()
    assert found.settings == settings
    assert set(settings) <= set(type(policy).settings())
