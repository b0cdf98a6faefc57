from __future__ import annotations

import pytest

from builders import a_person
from linli.spine.scope import Role, Scope


@pytest.fixture(autouse=True)
def an_inbox(settings):
    settings.MESSAGE_GATEWAY = "linli.reach.notify.gateways.EmbeddedInbox"


@pytest.fixture
def resident_scope() -> Scope:
    return Scope(role=Role.RESIDENT, person=a_person())
