"""Signatures, sealed secrets, back-off, and which addresses may be called."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from linli.reach.webhooks import rules
from linli.reach.webhooks.rules import Outcome


def test_a_message_is_signed_as_the_specification_says():
    """The example of the Standard Webhooks reference: secret, id, moment, body and the signature that follows."""
    secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
    moment = datetime.fromtimestamp(1614265330, tz=UTC)
    message = UUID("01930000-0000-7000-8000-000000000001")
    headers = rules.signed(secret, message=message, at=moment, body=b'{"test": 2432232314}')
    assert headers["webhook-id"] == str(message)
    assert headers["webhook-timestamp"] == "1614265330"
    assert headers["webhook-signature"] == _openssl(secret, f"{message}.1614265330." + '{"test": 2432232314}')


def _openssl(secret: str, content: str) -> str:
    """The same by another program: openssl's own HMAC."""
    import base64
    import subprocess

    key = base64.b64decode(secret.removeprefix("whsec_")).hex()
    command = ["openssl", "dgst", "-sha256", "-mac", "HMAC", "-macopt", f"hexkey:{key}", "-binary"]
    return (
        "v1,"
        + base64.b64encode(
            subprocess.run(command, input=content.encode(), capture_output=True, check=True).stdout
        ).decode()
    )


def test_a_secret_has_256_bits_and_is_never_the_same():
    import base64

    drawn = {rules.new_secret() for _ in range(100)}
    assert len(drawn) == 100
    assert {len(base64.b64decode(s.removeprefix("whsec_"))) for s in drawn} == {32}


def test_the_wait_grows_and_ends_after_some_days():
    waits = [rules.wait_after(n) for n in range(1, len(rules.BACK_OFF) + 2)]
    assert waits[:3] == [timedelta(seconds=5), timedelta(minutes=5), timedelta(minutes=30)]
    assert waits[:-1] == sorted(waits[:-1])
    assert waits[-1] is None
    assert timedelta(days=2) < sum(rules.BACK_OFF, timedelta()) < timedelta(days=4)


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.1.2.3", "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254",
        "0.0.0.1", "100.64.0.1", "192.0.2.1",
        "198.18.0.1", "224.0.0.1", "240.0.0.1", "255.255.255.255", "::1", "::", "fe80::1",
        "fe80::1%eth0", "fc00::1", "fd12::1", "ff02::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1", "64:ff9b::7f00:1",
        "2002:7f00:1::", "2001:0:7f00:1::", "2001:db8::1", "::127.0.0.1", "fec0::1",
    ],
)  # fmt: skip
def test_an_address_that_is_not_on_the_public_internet_is_refused(address):
    assert not rules.all_public([address])
    assert not rules.all_public(["93.184.216.34", address])


@pytest.mark.parametrize("address", ["93.184.216.34", "8.8.8.8", "2606:4700::1111", "::ffff:8.8.8.8"])
def test_a_public_address_may_be_called(address):
    assert rules.all_public([address])


def test_no_address_at_all_is_refused():
    assert not rules.all_public([])


@pytest.mark.parametrize(
    "url",
    [
        "http://shop.example/hooks", "ftp://shop.example", "shop.example", "", "https://", "https:///x", "https://[::1",
        "https://127.0.0.1/", "https://[::1]/", "https://[fe80::1%25eth0]/", "https://10.0.0.1:8443/x", "https://u:p@shop.example/",
        "https://u@shop.example/", "https://shop.example/#x", "https://shop.example:0/", "https://shop.example:99999/",
        "https://shop.example/a b", "https://shop.example/\n", "https://shöp.example/", "https://" + "a" * 600,
    ],
)  # fmt: skip
def test_an_address_that_cannot_be_used_is_told_in_words(url):
    assert rules.url_fault(url, inside=False)


@pytest.mark.parametrize("url", ["https://shop.example", "https://shop.example:8443/hooks?a=1", "https://8.8.8.8/x"])
def test_a_usable_address_has_no_fault(url):
    assert rules.url_fault(url, inside=False) is None


def test_only_the_demo_and_the_tests_may_use_http_and_the_house_itself():
    assert rules.url_fault("http://127.0.0.1:8000/x", inside=True) is None
    assert rules.url_fault("ftp://127.0.0.1/x", inside=True)


def test_only_2xx_takes_a_message_and_410_wants_no_more():
    assert [s for s in (0, 199, 200, 204, 299, 300, 301, 400, 410, 500) if Outcome(s).is_taken] == [200, 204, 299]
    assert [s for s in (0, 204, 404, 410) if Outcome(s).is_gone] == [410]
