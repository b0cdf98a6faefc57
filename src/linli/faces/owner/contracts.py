"""Contracts with the property company on the phone of whom they were signed with: the plan, what is due, the papers."""

from __future__ import annotations

from django.http import HttpResponse

from linli.estate.contracts import queries
from linli.estate.contracts.rules import ContractPolicy, Direction, RowState
from linli.faces.owner.counters import insist_offered
from linli.faces.shell.pages import page
from linli.faces.shell.requests import OwnerRequest
from linli.ground.places import queries as places
from linli.kernel.ids import ContractId
from linli.kernel.money import Money


@page("owner", "GET", "contracts/")
def index(request: OwnerRequest) -> HttpResponse:
    """This will list what was signed with the resident, the latest first."""
    community = insist_offered(request, ContractPolicy)
    today = places.day_in(community.id, request.at)
    return request.render(
        "owner/contracts.jinja", community=community, contracts=queries.my_contracts(request.scope), today=today
    )


@page("owner", "GET", "contracts/<uuid:contract>/", name="contract")
def show(request: OwnerRequest, contract: ContractId) -> HttpResponse:
    """This will show a contract with its plan, what of it is due, and its papers."""
    community = insist_offered(request, ContractPolicy)
    shown = queries.contract_page(request.scope, contract=contract, at=request.at)
    collects = shown.card.direction is Direction.COLLECT
    return request.render(
        "owner/contract.jinja",
        community=community,
        page=shown,
        card=shown.card,
        today=places.day_in(shown.card.community, request.at),
        collects=collects,
        due=Money.total(row.amount for row in shown.rows if collects and row.state is RowState.CHARGED),
    )
