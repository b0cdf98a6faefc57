"""May this installation serve real people? Every reason against it, in words."""

from __future__ import annotations

import os

from django.conf import settings
from django.utils.module_loading import import_string

from linli.spine import installation, sql

SECRET_LEAST = 50


def reasons_against_serving() -> list[str]:
    """This will list what must be put right before `linli serve` starts; empty when all is well.

    Embedded counterparts and demo sign-ins are tied to a demo database; secrets have no default.
    """
    reasons = [*_secrets(), *_gateways()]
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


def _gateways() -> list[str]:
    reasons = []
    for name, variable in (("PAYMENT_GATEWAY", "LINLI_PAYMENT_GATEWAY"), ("MESSAGE_GATEWAY", "LINLI_MESSAGE_GATEWAY")):
        path = getattr(settings, name, "")
        if not path:
            reasons.append(f"{variable} is missing: name the gateway to use.")
        elif getattr(import_string(path), "is_embedded", False):
            reasons.append(f"{variable} names an embedded counterpart, which is for the demo and for tests only.")
    return reasons


def _is_superuser() -> bool:
    return bool(sql.fetch("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user")[0][0])
