"""A provider that may take real money: by its address, its keys, and what it says of itself."""

from __future__ import annotations

import pytest
from cryptography.hazmat.primitives import serialization

from linli.money.payments.gateways.fitness import faults_of, is_safe_way, says_it_is_embedded
from linli.money.payments.gateways.signing import (
    PROVIDERS_KEY,
    merchant_identity,
    provider_identity,
    read_private_key,
)


@pytest.fixture
def keys(tmp_path):
    """Our key and the provider's public one; the provider keeps its own elsewhere."""
    ours, theirs = tmp_path / "ours", tmp_path / "theirs"
    provider_identity(theirs)
    (ours).mkdir()
    (ours / "merchant.pem").write_bytes((theirs / "merchant.pem").read_bytes())
    public = read_private_key(theirs / "provider.pem").public_key()
    (ours / PROVIDERS_KEY).write_bytes(
        public.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    )
    return ours


def test_with_the_providers_public_key_alone_its_word_is_proven_and_no_key_is_made(keys, tmp_path):
    provider = provider_identity(tmp_path / "theirs")
    proof = provider.signer.sign_message(b"paid", now_s=1_000)
    merchant_identity(keys).verifier.check_message(proof, b"paid", now_s=1_001)
    assert sorted(path.name for path in keys.iterdir()) == ["merchant.pem", PROVIDERS_KEY]


def test_a_provider_away_for_the_moment_is_not_at_fault(keys):
    assert faults_of({"url": "https://pay.invalid", "keys": str(keys)}) == []


@pytest.mark.parametrize(
    ("url", "is_safe"),
    [
        ("https://pay.example", True),
        ("http://127.0.0.1:9000", True),
        ("http://localhost:9000/base", True),
        ("http://[::1]:9000", True),
        ("http://pay.example", False),
        ("http://10.0.0.7", False),
        ("http://127.0.0.1.pay.example", False),
        ("ftp://pay.example", False),
        ("https://", False),
        ("", False),
    ],
)
def test_what_is_sent_is_read_by_nobody_else(url, is_safe):
    assert is_safe_way(url) is is_safe


def test_the_embedded_providers_keys_are_refused(tmp_path):
    merchant_identity(tmp_path)
    (fault,) = faults_of({"url": "https://pay.invalid", "keys": str(tmp_path)})
    assert fault.startswith("its keys are the embedded provider's")


def test_each_key_that_is_missing_or_is_none_is_named(keys):
    (keys / PROVIDERS_KEY).write_text("no key")
    (keys / "merchant.pem").unlink()
    assert faults_of({"url": "https://pay.invalid", "keys": str(keys)}) == [
        "merchant.pem in its keys folder is missing or is not our private RSA key",
        "provider.pub.pem in its keys folder is missing or is not the provider's public RSA key",
    ]


def test_the_embedded_provider_is_known_by_what_it_says_even_with_keys_that_would_do(keys, market):
    assert says_it_is_embedded(market.process.url)
    (fault,) = faults_of({"url": market.process.url, "keys": str(keys)})
    assert fault == "the provider at its url says that it is the embedded one, which moves no real money"
