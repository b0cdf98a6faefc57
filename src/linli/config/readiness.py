"""May this installation serve real people? Every reason against it, in words."""

from __future__ import annotations

import os

from django.conf import settings
from django.utils.module_loading import import_string

from linli.kernel.signatures import is_secret
from linli.money.payments.gateways.fitness import faults_of, is_safe_way
from linli.reach.lockers.gateways import EMBEDDED
from linli.reach.notify.gateways import MessageRelay
from linli.spine import installation, sql

SECRET_LEAST = 50


def reasons_against_serving() -> list[str]:
    """This will list what must be put right before `linli serve` starts; empty when all is well.

    Embedded counterparts and demo sign-ins are tied to a demo database; secrets have no default. What the worker and
    the commands use is the same, so that what serves has been looked at once for all of them.
    """
    reasons = [*_secrets(), *_payments(), *_messages(), *_lockers()]
    if settings.DEMO:
        reasons.append("LINLI_DEMO shows every code on a page and sends cookies in the clear; it is for `linli demo`.")
    if "*" in settings.ALLOWED_HOSTS:
        reasons.append("LINLI_HOSTS lets any name be used for this house: list the names that are yours.")
    if settings.WEBHOOKS_INSIDE:
        reasons.append(
            "LINLI_WEBHOOKS_INSIDE lets webhooks call the house's own net, which is for the demo and tests only."
        )
    if installation.kind() == "demo":
        reasons.append("This is a demo database: its sign-ins are public. Serve from a database of its own.")
    if _is_superuser():
        reasons.append("The application's database role is a superuser, so row-level security does not hold for it.")
    return reasons


def _secrets() -> list[str]:
    if len(os.environ.get("LINLI_SECRET_KEY", "")) < SECRET_LEAST:
        return [f"LINLI_SECRET_KEY is missing or shorter than {SECRET_LEAST} characters."]
    return []


def _payments() -> list[str]:
    told = settings.PAYMENT_PROVIDERS
    if not told:
        return ["LINLI_PAYMENT_PROVIDERS names no payment provider, so nobody could pay: see the runbook."]
    return [f"LINLI_PAYMENT_PROVIDERS, {name}: {fault}." for name, about in told.items() for fault in faults_of(about)]


def _messages() -> list[str]:
    way = import_string(settings.MESSAGE_GATEWAY)
    if way.is_embedded:
        return ["LINLI_MESSAGE_GATEWAY names the embedded inbox, which is for the demo and for tests only."]
    if not issubclass(way, MessageRelay):
        return []
    reasons = []
    if not settings.MESSAGE_URL:
        reasons.append("LINLI_MESSAGE_URL is missing, so no code would reach a phone: see docs/messages.md.")
    elif not is_safe_way(settings.MESSAGE_URL):
        reasons.append("LINLI_MESSAGE_URL has to begin with https:// (http only to a relay on this machine).")
    if not is_secret(settings.MESSAGE_SECRET):
        reasons.append("LINLI_MESSAGE_SECRET is missing or is no whsec_ with 24 to 64 bytes in base64.")
    return reasons


def _lockers() -> list[str]:
    if settings.LOCKERS == EMBEDDED:
        return ["LINLI_LOCKERS names the embedded cabinets, which are for the demo and for tests only."]
    if settings.LOCKERS and not is_safe_way(settings.LOCKERS):
        return ["LINLI_LOCKERS has to begin with https:// (http only to a bridge on this machine)."]
    return []


def _is_superuser() -> bool:
    return bool(sql.fetch("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")[0][0])
