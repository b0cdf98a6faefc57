"""May a configured provider take real people's money? Every reason against it, in words; `linli serve` asks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

import urllib3

from linli.money.payments.gateways.signing import PROVIDERS_KEY, read_private_key, read_public_key

EMBEDDED = "X-Linli-Embedded"
"""The header in which the embedded provider says on every answer what it is."""
ASK_S = 2.0


def faults_of(told: Mapping[str, str]) -> list[str]:
    """This will list what is wrong with one provider of `LINLI_PAYMENT_PROVIDERS`; empty when it may serve.

    A provider that is away for the moment is not at fault: what it owes is asked for again when it is back.
    """
    url, keys = told.get("url", ""), told.get("keys", "")
    reasons = [*_of_url(url), *_of_keys(keys)]
    if not reasons and says_it_is_embedded(url):
        reasons.append("the provider at its url says that it is the embedded one, which moves no real money")
    return reasons


def is_safe_way(url: str) -> bool:
    """This will tell whether what is sent to an address is read by nobody else: https, or a program on this machine."""
    try:
        parts = urlsplit(url)
        return bool(parts.hostname) and (
            parts.scheme == "https" or (parts.scheme == "http" and _is_this_machine(str(parts.hostname)))
        )
    except ValueError:
        return False


def says_it_is_embedded(url: str) -> bool:
    """This will ask the provider for its first page, and tell whether that is the embedded one's."""
    try:
        answer = urllib3.request("GET", url.rstrip("/") + "/", retries=False, redirect=False, timeout=ASK_S)
    except (urllib3.exceptions.HTTPError, ValueError):
        return False
    return EMBEDDED in answer.headers


def _is_this_machine(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _of_url(url: str) -> list[str]:
    return [] if is_safe_way(url) else ["its url has to begin with https:// (http only to a bridge on this machine)"]


def _of_keys(folder: str) -> list[str]:
    if not folder or not Path(folder).is_dir():
        return ["its keys name no folder that can be read"]
    if (Path(folder) / "provider.pem").exists():
        return ["its keys are the embedded provider's: a real provider's private key is never ours to hold"]
    return [
        *_of_key(Path(folder) / "merchant.pem", read_private_key, "our private RSA key"),
        *_of_key(Path(folder) / PROVIDERS_KEY, read_public_key, "the provider's public RSA key"),
    ]


def _of_key(path: Path, read: Callable[[Path], object], what: str) -> list[str]:
    try:
        read(path)
    except (OSError, ValueError, TypeError):
        return [f"{path.name} in its keys folder is missing or is not {what}"]
    return []
