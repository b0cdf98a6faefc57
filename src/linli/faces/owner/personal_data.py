"""What the house holds about a resident: to take along as a file, or to have erased."""

from __future__ import annotations

import msgspec
from django.http import HttpResponse

from linli.estate.assembly import queries as assembly
from linli.estate.billing import queries as billing
from linli.estate.contracts import queries as contracts
from linli.estate.metering import queries as metering
from linli.estate.notices import queries as notices
from linli.estate.parcels import queries as parcels
from linli.estate.parking import queries as parking
from linli.estate.permits import queries as permits
from linli.estate.venues import queries as venues
from linli.estate.visits import queries as visits
from linli.estate.workorders import queries as workorders
from linli.faces.shell import sign_in_cookies
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import OwnerRequest
from linli.ground.people import actions
from linli.ground.people import queries as people
from linli.insight.replenish import queries as replenish
from linli.kernel.refusals import Invalid, Refusal
from linli.reach.notify import queries as notify
from linli.reach.sign_in import queries as sign_in
from linli.trade.orders import queries as orders
from linli.trust.reviews import queries as reviews

MOST = 1_000
"""Of what has no end of its own; each question has a limit of its own beside."""


class OrdersUnderWay(Refusal):
    """Whose goods are on their way is still needed by name."""

    says = "You have orders under way. Receive or cancel them first, then you can be erased."


@page("owner", "GET", "me/data.json/", name="personal-data")
def export(request: OwnerRequest) -> HttpResponse:
    """This will give a resident everything that is held about them, as a file."""
    held = {
        "person": people.export_person(request.scope, person=request.person),
        "devices": sign_in.sessions(request.scope, at=request.at),
        "orders": orders.my_order_records(request.scope),
        "reviews": reviews.my_reviews(request.scope),
        "work_orders": workorders.my_work_order_records(request.scope),
        "bills": billing.my_billing_records(request.scope),
        "automatic_payments": billing.my_mandates(request.scope, limit=MOST),
        "instalment_plans": billing.my_plans(request.scope, limit=MOST),
        "paid_ahead": billing.my_terms(request.scope, limit=MOST),
        "contracts": contracts.my_contracts(request.scope, limit=MOST),
        "readings": metering.my_reading_records(request.scope),
        "notices": notices.my_notice_records(request.scope),
        "visitors": visits.my_visit_records(request.scope),
        "parcels": parcels.my_parcel_records(request.scope),
        "cars": parking.my_parking_records(request.scope),
        "shared_spaces": parking.my_sharing_records(request.scope),
        "permits": permits.my_permit_records(request.scope),
        "bookings": venues.my_booking_records(request.scope),
        "votes": assembly.my_assembly_records(request.scope),
        "messages": notify.letters(request.scope, locale=request.locale, limit=MOST),
        "replenishment": replenish.my_page(request.scope),
    }
    body = msgspec.json.format(msgspec.json.encode(held), indent=2)
    headers = {"Content-Disposition": 'attachment; filename="linli.json"'}
    return HttpResponse(body, content_type="application/json", headers=headers)


@page("owner", "POST", "me/erasure/", asks="owner:me")
def erase(request: OwnerRequest) -> HttpResponse:
    """This will erase a resident for good, on all their devices; they have to say that they mean it."""
    if not request.form.flag("sure"):
        raise Invalid("sure", _("Please tick that you are sure."))
    if orders.orders_to_do(request.scope, limit=1):
        raise OrdersUnderWay(field="sure")
    actions.erase_person(request.scope, person=request.person, at=request.at)
    response = see_other("public:home", said=_("Your data is erased. Good-bye."))
    sign_in_cookies.forget_all(response)
    return response
