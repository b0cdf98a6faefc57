"""The first page of somebody without a home: how one is added, and what is left of the homes that they had."""

from __future__ import annotations

from django.http import HttpResponse

from linli.estate.billing import queries as billing
from linli.estate.billing.rules import BillingPolicy
from linli.faces.shell.requests import OwnerRequest
from linli.ground.policies.queries import policy


def welcome(request: OwnerRequest) -> HttpResponse:
    """This will say that no home is tied to the reader; who had one finds the way to its bills and receipts."""
    left = None if request.is_guest else billing.left_behind(request.scope)
    is_there = left is not None and policy(request.scope, BillingPolicy, at=request.at, community=left).is_offered
    owed = billing.owed(request.scope, at=request.at) if is_there else None
    return request.render("owner/home-without-a-home.jinja", owed=owed)
