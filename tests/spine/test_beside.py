"""A process beside: an answer to a question, and nothing of our secrets."""

from __future__ import annotations

import subprocess

import pytest

from linli.spine import beside


def test_a_process_beside_is_given_no_secret_of_ours(monkeypatch):
    monkeypatch.setenv("LINLI_SECRET_KEY", "never tell")
    monkeypatch.setenv("DATABASE_URL", "postgres://")
    given = beside.environment()
    assert set(given) <= {*beside.NEEDED, "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"}
    assert given["OMP_NUM_THREADS"] == "1"


def test_a_module_that_fails_is_told_to_the_asker():
    with pytest.raises(subprocess.CalledProcessError):
        beside.ask("linli.no_such_module", b"", limit_s=20)
