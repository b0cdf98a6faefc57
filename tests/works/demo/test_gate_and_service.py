"""The gate, the notices and the parcels of the demo town stand on their pages when a stranger comes."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from linli.estate.notices import queries as notices
from linli.estate.parcels import queries as parcels
from linli.estate.visits import queries as visits
from linli.spine.scope import SYSTEM
from linli.works.demo import gate_and_service, settling, town
from linli.works.demo.wishing import buyer

pytestmark = pytest.mark.django_db
AT = datetime(2026, 7, 31, 4, 0, tzinfo=UTC)  # noon in the town


def test_the_resident_of_the_demo_finds_guests_notices_and_parcels():
    settling.settle(SYSTEM, town=town.plan(homes=12), at=AT - timedelta(days=10))
    gate_and_service.bring_alive(AT)
    resident = buyer(town.RESIDENT_PHONE, AT)
    assert len(visits.my_passes(resident, at=AT)) == 3
    assert [line.is_pinned for line in notices.my_notices(resident, at=AT)] == [True, False, False]
    assert len([card for card in parcels.my_parcels(resident, at=AT) if card.code]) == 2
