"""A desk and three homes of one community."""

from __future__ import annotations

import pytest

from builders.billing import a_desk


@pytest.fixture
def desk():
    return a_desk()


@pytest.fixture
def homes(desk):
    return [desk.a_home(f"1-1-{n}01", area_m2="100.00") for n in range(1, 4)]
