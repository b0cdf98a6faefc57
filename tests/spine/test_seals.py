"""Seals: what stands sealed in a table opens with the house's own secret, for the purpose it was sealed for, only."""

from __future__ import annotations

import pytest
from cryptography.fernet import InvalidToken

from linli.spine import seals


def test_a_sealed_secret_opens_with_the_houses_own_secret_only():
    kept = seals.sealed("whsec_abc", b"house", purpose="webhooks")
    assert b"whsec" not in kept
    assert seals.unsealed(kept, b"house", purpose="webhooks") == "whsec_abc"
    with pytest.raises(InvalidToken):
        seals.unsealed(kept, b"another", purpose="webhooks")


def test_it_opens_for_no_other_purpose():
    kept = seals.sealed("JBSWY3DPEHPK3PXP", b"house", purpose="authenticators")
    with pytest.raises(InvalidToken):
        seals.unsealed(kept, b"house", purpose="webhooks")
