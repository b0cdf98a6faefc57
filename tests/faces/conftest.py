"""What tests of the faces share."""

from __future__ import annotations

import pytest

from harness.visitors import Visitor, visitors


@pytest.fixture
def visitor(monkeypatch: pytest.MonkeyPatch) -> Visitor:
    """Makes clients that wear a hat: `visitor(scope).get(...)`."""
    return visitors(monkeypatch)
