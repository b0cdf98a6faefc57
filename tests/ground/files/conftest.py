"""Files of a test lie in a folder of their own."""

from __future__ import annotations

import pytest


@pytest.fixture(autouse=True)
def store(tmp_path, settings):
    settings.HOME = tmp_path
    return tmp_path / "files"
