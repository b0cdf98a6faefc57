"""Who speaks, when, and only once."""

from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from hypothesis import given
from hypothesis import strategies as st

from linli.money.payments.gateways.signing import (
    CLOCK_WINDOW_S,
    Forged,
    NonceCache,
    Proof,
    Replayed,
    Signer,
    Stale,
    Verifier,
    merchant_identity,
    provider_identity,
)

NOW_S = 1_785_463_200
KEY = rsa.generate_private_key(public_exponent=65537, key_size=2048)
SIGNER = Signer(KEY)
VERIFIER = Verifier(KEY.public_key())
bodies = st.binary(max_size=200)


@given(bodies)
def test_what_was_signed_is_believed(body: bytes) -> None:
    VERIFIER.check_message(SIGNER.sign_message(body, now_s=NOW_S), body, now_s=NOW_S)
    VERIFIER.check_request(
        SIGNER.sign_request("POST", "/v1/refunds", body, now_s=NOW_S), "POST", "/v1/refunds", body, now_s=NOW_S
    )


@given(bodies, bodies)
def test_any_other_body_breaks_the_signature(body: bytes, other: bytes) -> None:
    proof = SIGNER.sign_message(body, now_s=NOW_S)
    if other == body:
        return
    with pytest.raises(Forged):
        VERIFIER.check_message(proof, other, now_s=NOW_S)


@given(st.binary(min_size=1, max_size=200), st.data())
def test_one_changed_bit_breaks_the_signature(body: bytes, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(body) * 8 - 1))
    changed = bytearray(body)
    changed[at // 8] ^= 1 << at % 8
    with pytest.raises(Forged):
        VERIFIER.check_message(SIGNER.sign_message(body, now_s=NOW_S), bytes(changed), now_s=NOW_S)


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [("GET", "/v1/refunds", b"{}"), ("POST", "/v1/charges", b"{}"), ("POST", "/v1/refunds", b"{ }")],
)
def test_a_request_is_bound_to_its_method_path_and_body(method: str, path: str, body: bytes) -> None:
    proof = SIGNER.sign_request("POST", "/v1/refunds", b"{}", now_s=NOW_S)
    with pytest.raises(Forged):
        VERIFIER.check_request(proof, method, path, body, now_s=NOW_S)


@pytest.mark.parametrize(
    "change", [{"timestamp": str(NOW_S + 1)}, {"nonce": "0" * 32}, {"serial": "0" * 32}, {"signature": "c2ln"}]
)
def test_every_header_is_covered(change: dict[str, str]) -> None:
    proof = replace(SIGNER.sign_message(b"{}", now_s=NOW_S), **change)
    with pytest.raises(Forged):
        VERIFIER.check_message(proof, b"{}", now_s=NOW_S)


def test_a_key_of_the_right_serial_only_by_name_is_refused() -> None:
    stranger = Signer(rsa.generate_private_key(public_exponent=65537, key_size=2048))
    proof = replace(stranger.sign_message(b"{}", now_s=NOW_S), serial=SIGNER.serial)
    with pytest.raises(Forged):
        VERIFIER.check_message(proof, b"{}", now_s=NOW_S)


@pytest.mark.parametrize("age_s", [-CLOCK_WINDOW_S, 0, CLOCK_WINDOW_S])
def test_a_message_within_five_minutes_is_recent(age_s: int) -> None:
    VERIFIER.check_message(SIGNER.sign_message(b"{}", now_s=NOW_S), b"{}", now_s=NOW_S + age_s)


@pytest.mark.parametrize("age_s", [-CLOCK_WINDOW_S - 1, CLOCK_WINDOW_S + 1])
def test_a_genuine_message_outside_five_minutes_is_stale(age_s: int) -> None:
    with pytest.raises(Stale):
        VERIFIER.check_message(SIGNER.sign_message(b"{}", now_s=NOW_S), b"{}", now_s=NOW_S + age_s)


def test_headers_are_read_whatever_their_case_and_refused_when_missing_or_malformed() -> None:
    headers = SIGNER.sign_message(b"{}", now_s=NOW_S).as_headers()
    assert Proof.from_headers({name.upper(): value for name, value in headers.items()}).as_headers() == headers
    for change in (
        {"Linli-Nonce": ""},
        {"Linli-Nonce": "a\nb"},
        {"Linli-Timestamp": "²"},
        {"Linli-Signature": "A" * 5000},
    ):
        with pytest.raises(Forged):
            Proof.from_headers({**headers, **change})


def test_the_same_request_is_taken_once() -> None:
    nonces, proof = NonceCache(), SIGNER.sign_request("GET", "/", b"", now_s=NOW_S)
    nonces.remember(proof, now_s=NOW_S)
    with pytest.raises(Replayed):
        nonces.remember(proof, now_s=NOW_S + CLOCK_WINDOW_S)


def test_nonces_are_remembered_as_long_as_the_window_and_never_more_than_the_limit() -> None:
    nonces = NonceCache(limit=10)
    made = [Proof("s", str(NOW_S + 60 * minute), f"n{minute}x{n}", "") for minute in range(3) for n in range(5)]
    for proof in made:
        nonces.remember(proof, now_s=NOW_S)
    assert len(nonces) == 10
    with pytest.raises(Replayed):
        nonces.remember(made[-1], now_s=NOW_S)
    nonces.remember(Proof("s", str(NOW_S + 900), "n", ""), now_s=NOW_S + 900)
    assert len(nonces) == 1


def test_keys_are_made_once_for_both_sides_and_only_their_owner_may_read_them(tmp_path: Path) -> None:
    folder = tmp_path / "keys"
    provider, merchant = provider_identity(folder), merchant_identity(folder)
    merchant.verifier.check_message(provider.signer.sign_message(b"x", now_s=NOW_S), b"x", now_s=NOW_S)
    provider.verifier.check_message(merchant.signer.sign_message(b"x", now_s=NOW_S), b"x", now_s=NOW_S)
    with pytest.raises(Forged):
        merchant.verifier.check_message(merchant.signer.sign_message(b"x", now_s=NOW_S), b"x", now_s=NOW_S)
    assert {path.name: oct(path.stat().st_mode & 0o777) for path in folder.iterdir()} == {
        "merchant.pem": "0o600",
        "provider.pem": "0o600",
    }
    assert provider_identity(folder).signer.serial == provider.signer.serial
