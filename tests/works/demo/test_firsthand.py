"""What the resident of the demo has of her own, so that the pages about it can be seen."""

from __future__ import annotations

from datetime import timedelta

import pytest

from builders import AT
from linli.estate.billing import queries as billing
from linli.estate.permits import queries as permits
from linli.spine.scope import SYSTEM
from linli.works.demo import firsthand, settling, town
from linli.works.demo.wishing import buyer

pytestmark = pytest.mark.django_db


def test_the_resident_pays_in_parts_pays_ahead_and_asks_for_a_move():
    settling.settle(SYSTEM, town=town.plan(homes=12), at=AT)
    later = AT + timedelta(days=10)
    firsthand.give(later)
    resident = buyer(town.RESIDENT_PHONE, later)
    assert resident is not None
    (plan,) = billing.my_plans(resident)
    assert (plan.subject, plan.count) == (resident.homes[0], 2)
    (term,) = billing.my_terms(resident)
    assert term.home == resident.homes[0]
    (moving,) = permits.relocations(resident)
    assert moving.day == (later + timedelta(days=9)).date()
