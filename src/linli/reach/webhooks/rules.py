"""Kinds of events, lives, back-off, signatures, and which addresses may be called at all; plain values, no I/O."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit
from uuid import UUID

from linli.kernel.ids import ShopId
from linli.kernel.life import Life
from linli.kernel.signatures import new_secret as new_secret
from linli.kernel.signatures import signed as signed
from linli.kernel.words import _

MOST_SUBSCRIPTIONS = 20
MOST_URL = 500
KEPT = timedelta(days=30)
"""How long a delivery can be read and sent again after it was made."""

BACK_OFF = tuple(timedelta(seconds=s) for s in (5, 300, 1800, 7200, 18_000, 36_000, 50_400, 72_000, 86_400))
"""The wait after each failed try; the one after the last ends the delivery."""
FAILURES_MOST = 50
"""So many failed tries without one that worked switch a subscription off."""


class EventKind(StrEnum):
    """What can be subscribed to, by its public name."""

    ORDER_PAID = "order.paid"
    ORDER_PROMISED = "order.promised"
    ORDER_ACCEPTED = "order.accepted"
    ORDER_REFUSED = "order.refused"
    ORDER_CANCELLED = "order.cancelled"
    ORDER_READY = "order.ready"
    ORDER_DISPATCHED = "order.dispatched"
    ORDER_COMPLETED = "order.completed"
    ORDER_REFUNDED = "order.refunded"
    ORDER_CLOSED = "order.closed"
    REFUND_ASKED = "refund.asked"


class SubscriptionState(StrEnum):
    ACTIVE = "active"
    DISABLED = "disabled"
    REMOVED = "removed"


class SubscriptionVerb(StrEnum):
    DISABLE = "disable"
    ENABLE = "enable"
    REMOVE = "remove"


class DeliveryState(StrEnum):
    QUEUED = "queued"
    DELIVERED = "delivered"
    FAILED = "failed"


class DeliveryVerb(StrEnum):
    DELIVER = "deliver"
    FAIL = "fail"


S, V = SubscriptionState, SubscriptionVerb
SUBSCRIPTION_LIFE = Life(
    birth=S.ACTIVE,
    moves={
        (S.ACTIVE, V.DISABLE): S.DISABLED,
        (S.DISABLED, V.ENABLE): S.ACTIVE,
        (S.ACTIVE, V.REMOVE): S.REMOVED,
        (S.DISABLED, V.REMOVE): S.REMOVED,
    },
)
DELIVERY_LIFE = Life(
    birth=DeliveryState.QUEUED,
    moves={
        (DeliveryState.QUEUED, DeliveryVerb.DELIVER): DeliveryState.DELIVERED,
        (DeliveryState.QUEUED, DeliveryVerb.FAIL): DeliveryState.FAILED,
    },
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One thing that happened, for whoever subscribed. `id` is the same however often it is sent."""

    id: UUID
    kind: EventKind
    shop: ShopId
    body: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a try ended: the HTTP status, or 0 and a word for why there was none."""

    status: int
    why: str = ""

    @property
    def is_taken(self) -> bool:
        return 200 <= self.status < 300

    @property
    def is_gone(self) -> bool:
        """The receiver says that it wants no more."""
        return self.status == 410


def wait_after(attempts: int) -> timedelta | None:
    """This will tell how long to wait after so many failed tries; None: that was the last."""
    return BACK_OFF[attempts - 1] if attempts <= len(BACK_OFF) else None


def url_fault(url: str, *, inside: bool) -> str | None:
    """This will say what is wrong with an address as it is written; `inside` allows http and the house's own net."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        return _("This is not a web address.")
    if len(url) > MOST_URL or not host or not url.isascii() or not url.isprintable() or " " in url or port == 0:
        return _("This is not a web address.")
    if parts.scheme != "https" and not (inside and parts.scheme == "http"):
        return _("The address has to begin with https://.")
    if parts.username is not None or parts.password is not None or parts.fragment:
        return _("The address may carry no user, password or fragment.")
    if not inside and _is_literal(host) and not all_public([host]):
        return _("This address is not on the public internet.")
    return None


def _is_literal(host: str) -> bool:
    try:
        ip_address(host.partition("%")[0])
    except ValueError:
        return False
    return True


# Addresses that carry another one inside lead past a check of the outer one, so none of them is called.
_CARRIERS = tuple(IPv6Network(n) for n in ("2001::/32", "2002::/16"))
_UNICAST = IPv6Network("2000::/3")  # all that is given out to the public; site-local, NAT64 and the rest lie outside


def all_public(addresses: Iterable[str]) -> bool:
    """This will tell whether there is an address and every one of them is on the public internet."""
    found = list(addresses)
    return bool(found) and all(_is_public(address) for address in found)


def _is_public(text: str) -> bool:
    if "%" in text:  # a zone: link-local
        return False
    address: IPv4Address | IPv6Address = ip_address(text)
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped is not None:
            address = address.ipv4_mapped
        elif address not in _UNICAST or any(address in net for net in _CARRIERS):
            return False
    return address.is_global and not (
        address.is_multicast or address.is_reserved or address.is_private or address.is_loopback
        or address.is_link_local or address.is_unspecified
    )  # fmt: skip
