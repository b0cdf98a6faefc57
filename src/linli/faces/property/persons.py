"""A person or an organisation as the desk may see it: masked, with homes and contracts; what is whole is shown once,
to whoever says why."""

from __future__ import annotations

from django.http import HttpResponse

from linli.estate.contracts import queries as contracts
from linli.faces.shell.pages import page
from linli.faces.shell.requests import PropertyRequest
from linli.ground.people import actions
from linli.ground.people import queries as people
from linli.kernel.ids import PartyId
from linli.kernel.refusals import NotFound
from linli.spine.may import May

MOST_CONTRACTS = 50


@page("property", "GET", "persons/<uuid:party>/", name="person", needs=May.READ_PERSONAL_DATA)
def show(request: PropertyRequest, party: PartyId) -> HttpResponse:
    """This will show somebody's masked name and phone, and which homes and contracts of ours are theirs."""
    return _shown(request, party)


@page(
    "property",
    "POST",
    "persons/<uuid:party>/name/",
    name="person-name",
    asks="property:person",
    needs=May.READ_PERSONAL_DATA,
)
def reveal_name(request: PropertyRequest, party: PartyId) -> HttpResponse:
    """This will show somebody's whole name, once, and write down who read it and why."""
    why = request.form.text("why_name", most=200)
    return _shown(request, party, named=actions.reveal_name(request.scope, party=party, why=why, at=request.at))


@page(
    "property",
    "POST",
    "persons/<uuid:party>/phone/",
    name="person-phone",
    asks="property:person",
    needs=May.READ_PERSONAL_DATA,
)
def reveal_phone(request: PropertyRequest, party: PartyId) -> HttpResponse:
    """This will show somebody's name and number, once, and write down who read them and why."""
    why = request.form.text("why_phone", most=200)
    contact = actions.reveal_contact(request.scope, party=party, why=why, at=request.at)
    return _shown(request, party, named=contact.name, phone=contact.phone)


def _shown(request: PropertyRequest, party: PartyId, *, named: str = "", phone: str = "") -> HttpResponse:
    name = people.names(request.scope, parties=[party]).get(party)
    if name is None:
        raise NotFound("person")
    homes = people.residents_homes(request.scope, person=party, at=request.at)
    keeps = request.scope.may(May.KEEP_CONTRACTS)
    return request.render(
        "property/person.jinja",
        party=party,
        name=name,
        named=named,
        phone=phone,
        masked_phone=people.masked_contacts(request.scope, parties=[party]).get(party, ""),
        is_masked=name.endswith("*"),
        contracts=contracts.contracts(request.scope, party=party, limit=MOST_CONTRACTS) if keeps else (),
        homes=[each for each in homes if each.home.community in request.communities],
    )
