"""The gates of a community, as its company keeps them: where couriers go who know no better point of an address."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from linli.ground.places import queries as places
from linli.ground.places import rules as geography
from linli.kernel.ids import CommunityId
from linli.kernel.refusals import Invalid
from linli.kernel.words import _
from linli.spine.action import action
from linli.spine.may import May
from linli.spine.scope import Scope
from linli.trade.delivery import rules
from linli.trade.delivery.actions.hiring import insist_reached
from linli.trade.delivery.models import Gate

MOST_GATES = 20
MOST_LABEL = 40


@action(needs=May.DISPATCH_DELIVERY)
def keep_gates(scope: Scope, *, community: CommunityId, gates: Sequence[rules.GateAt], at: datetime) -> None:
    """This will say which gates a community has, all of them; what is brought from now on goes there."""
    insist_reached(scope, community)
    if len(gates) > MOST_GATES:
        raise Invalid("gates", _("At most {most} gates."), most=MOST_GATES)
    card = places.community(community)
    labels = [gate.label.strip() for gate in gates]
    for nth, gate in enumerate(gates):
        if not 0 < len(labels[nth]) <= MOST_LABEL or labels[nth] in labels[:nth]:
            raise Invalid(f"gates.{nth}", _("Each gate needs a short name of its own."))
        if not (-90 <= gate.lat <= 90 and -180 <= gate.lon <= 180):
            raise Invalid(f"gates.{nth}", _("This is no place on earth."))
        if geography.distance_m(card.lat, card.lon, gate.lat, gate.lon) > rules.REACH_M:
            raise Invalid(f"gates.{nth}", _("This gate lies too far from the community."))
    Gate.objects.filter(community=community).delete()
    Gate.objects.bulk_create(
        Gate(community=community, label=label, lat=geography.degrees(gate.lat), lon=geography.degrees(gate.lon))
        for label, gate in zip(labels, gates, strict=True)
    )
