"""The drop-off point: batches taken in on the phone, parcels handed out by code or by face, counts for the desk."""

from __future__ import annotations

from django.http import HttpResponse

from linli.estate.parcels import actions, rules
from linli.estate.parcels import queries as parcels
from linli.estate.parcels.queries import ParcelCard, ParcelSort
from linli.estate.parcels.rules import Carrier, ParcelPolicy, ParcelState, Scan
from linli.faces.property.attachments import beside
from linli.faces.property.communities import chosen_community, own_communities
from linli.faces.property.histories import movers
from linli.faces.property.notices import maybe
from linli.faces.shell.chosen import back, chosen
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.messages import in_language, ngettext
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import PropertyRequest
from linli.faces.shell.sheets import sheet
from linli.faces.shell.sorting import Sorting
from linli.ground.places import queries as places
from linli.ground.places.queries import CommunityCard
from linli.ground.policies.queries import policy
from linli.kernel import ids
from linli.kernel.ids import CommunityId, ParcelId
from linli.kernel.refusals import Invalid, NotFound
from linli.kernel.together import Together
from linli.reach.handover.rules import Redeemed
from linli.reach.lockers import queries as cabinets
from linli.reach.lockers.rules import Size
from linli.spine.may import May

MOST = 50


@page("property", "GET", "parcels/", needs=May.RUN_PARCELS)
def index(request: PropertyRequest) -> HttpResponse:
    """This will list the parcels of the communities, with how many wait and for how long."""
    cards = own_communities(request)
    sorting = _sorting(request)
    found = _listed(request, cards, MOST + 1)
    return request.render(
        "property/parcels.jinja",
        communities=cards,
        community=chosen_community(request, cards),
        names={card.id: card.name for card in cards},
        states=tuple(ParcelState),
        carriers=tuple(Carrier),
        ages=parcels.ages(request.scope, communities=[card.id for card in cards], at=request.at),
        parcels=found[:MOST],
        more=found[MOST - 1].parcel if len(found) > MOST else None,
        once=ids.new(),
        asked={**sorting.chosen, "by": sorting.word},
        sorting=sorting,
    )


@page("property", "GET", "parcels/file/", name="parcels-file", needs=May.RUN_PARCELS)
def index_file(request: PropertyRequest) -> HttpResponse:
    """This will give the same list as a sheet."""
    cards = own_communities(request)
    names = {card.id: in_language(card.name) for card in cards}
    columns = [_("Number"), _("Community"), _("Door"), _("Express company"), _("Tracking number"), _("Shelf")]
    columns += [_("State"), _("Arrived"), _("Left at"), _("Days here")]
    rows = (
        (
            one.label,
            names[one.community],
            one.door,
            one.carrier,
            one.tracking,
            one.shelf,
            one.state,
            one.arrived_at,
            one.left_at,
            one.age_days,
        )
        for one in _listed(request, cards, parcels.MOST_OF_SHEET)
    )
    return sheet(request.query, "parcels", columns, rows)


@page("property", "GET", "parcels/new/", name="parcels-new", needs=May.RUN_PARCELS)
def new(request: PropertyRequest) -> HttpResponse:
    """This will ask for a batch: one line a parcel, by scanner and thumb."""
    return _asked(request)


@page("property", "POST", "parcels/new/", name="parcels-new", needs=May.RUN_PARCELS)
def create(request: PropertyRequest) -> HttpResponse:
    """This will take the batch in, and show again only the lines that could not be placed."""
    own_communities(request)
    lines = [line for line in (request.form.maybe_text("lines", most=6000) or "").splitlines() if line.strip()]
    read = [(line, rules.scan_of(line)) for line in lines]
    unread = [line for line, scan in read if scan is None]
    if unread:
        raise Invalid("lines", _("This line is not a tracking number and a door or phone tail: {line}"), line=unread[0])
    done = actions.scan_in(
        request.scope,
        community=CommunityId(request.form.id("community")),
        carrier=request.form.choice("carrier", Carrier),
        shelf=request.form.maybe_text("shelf", most=rules.LONGEST_SHELF) or "",
        scans=[scan for _line, scan in read if scan is not None],
        at=request.at,
    )
    if done.unplaced:
        return _asked(request, done)
    said = ngettext("{n} parcel is taken in.", "{n} parcels are taken in.", len(done.parcels))
    return see_other("property:parcels", said=said)


@page("property", "GET", "parcels/<uuid:parcel>/", name="parcel", needs=May.RUN_PARCELS)
def show(request: PropertyRequest, parcel: ParcelId) -> HttpResponse:
    """This will show one parcel, to be handed out."""
    return _shown(request, parcel)


@page(
    "property",
    "POST",
    "parcels/<uuid:parcel>/handover/",
    name="parcel-handover",
    asks="property:parcel",
    needs=May.RUN_PARCELS,
)
def hand_out(request: PropertyRequest, parcel: ParcelId) -> HttpResponse:
    """This will hand it to whoever tells the code."""
    code = request.form.text("code", most=12)
    answer = actions.hand_out(request.scope, parcel=parcel, code=code, at=request.at)
    if answer is Redeemed.OK:
        return see_other("property:parcels", said=_("Handed out."))
    return _shown(request, parcel, answer)


@page(
    "property",
    "POST",
    "parcels/<uuid:parcel>/identity/",
    name="parcel-identity",
    asks="property:parcel",
    needs=May.RUN_PARCELS,
)
def hand_out_seen(request: PropertyRequest, parcel: ParcelId) -> HttpResponse:
    """This will hand it to somebody who showed who they are."""
    taker = request.form.text("taker", most=rules.LONGEST_NAME)
    actions.hand_out_seen(request.scope, parcel=parcel, taker=taker, at=request.at)
    return see_other("property:parcels", said=_("Handed out."))


@page("property", "POST", "parcels/<uuid:parcel>/return/", name="parcel-return", needs=May.RUN_PARCELS)
def give_back(request: PropertyRequest, parcel: ParcelId) -> HttpResponse:
    """This will note that the carrier took it back."""
    actions.give_back(request.scope, parcel=parcel, at=request.at)
    return see_other("property:parcels", said=_("Noted."))


@page("property", "POST", "parcels/<uuid:parcel>/loss/", name="parcel-loss", needs=May.RUN_PARCELS)
def report_lost(request: PropertyRequest, parcel: ParcelId) -> HttpResponse:
    """This will note that it cannot be found."""
    actions.report_lost(request.scope, parcel=parcel, at=request.at)
    return see_other("property:parcels", said=_("Noted. Those it is for are told."))


@page("property", "POST", "parcels/handovers/", name="parcel-handovers", asks="property:parcels", needs=May.RUN_PARCELS)
def hand_out_many(request: PropertyRequest) -> HttpResponse:
    """This will hand the ticked parcels of one home to somebody who showed who they are."""
    taker = request.form.maybe_text("taker", most=rules.LONGEST_NAME) or ""
    done = actions.hand_out_seen_many(request.scope, parcels=_chosen(request), taker=taker, at=request.at)
    return _told(request, done, ngettext("{n} parcel is handed out.", "{n} parcels are handed out.", len(done.done)))


@page("property", "POST", "parcels/returns/", name="parcel-returns", asks="property:parcels", needs=May.RUN_PARCELS)
def give_back_many(request: PropertyRequest) -> HttpResponse:
    """This will note that the carrier took the ticked ones back."""
    done = actions.give_back_many(request.scope, parcels=_chosen(request), at=request.at)
    said = ngettext("{n} parcel went back to its carrier.", "{n} parcels went back to their carriers.", len(done.done))
    return _told(request, done, said)


@page("property", "POST", "parcels/reminders/", name="parcel-reminders", asks="property:parcels", needs=May.RUN_PARCELS)
def remind_many(request: PropertyRequest) -> HttpResponse:
    """This will remind those whom the ticked ones are for."""
    done = actions.remind_many(request.scope, parcels=_chosen(request), at=request.at)
    said = ngettext("{n} parcel is reminded of.", "{n} parcels are reminded of.", len(done.done))
    return _told(request, done, said)


def _chosen(request: PropertyRequest) -> list[ParcelId]:
    return [ParcelId(each) for each in chosen(request)]


def _told(request: PropertyRequest, together: Together, said: str) -> HttpResponse:
    names = parcels.labels_of(request.scope, parcels=[ParcelId(each.of) for each in together.refused])
    return back(request, "property:parcels", together, said=said, names=names)


def _asked(request: PropertyRequest, done: actions.Scanned | None = None) -> HttpResponse:
    cards = own_communities(request)
    if not cards:
        raise NotFound("community")
    asked = request.form.maybe_id("community") or request.query.maybe_id("community")
    community = next((card for card in cards if card.id == asked), cards[0])
    rule = policy(request.scope, ParcelPolicy, at=request.at, community=community.id)
    left: tuple[tuple[Scan, rules.Unplaced], ...] = done.unplaced if done else ()
    return request.render(
        "property/parcels-new.jinja",
        communities=cards,
        community=community,
        carriers=tuple(Carrier),
        shelves=rule.shelves,
        done=done,
        lines="\n".join(f"{scan.tracking} {scan.to}" for scan, _why in left),
        status=422 if left else 200,
    )


def _shown(request: PropertyRequest, parcel: ParcelId, answer: Redeemed | None = None) -> HttpResponse:
    own_communities(request)
    found = parcels.parcel_page(request.scope, parcel=parcel, at=request.at)
    status = 422 if answer else 200
    waits = found.card.state is ParcelState.WAITING and not found.card.in_locker
    boxes = cabinets.cabinets(request.scope, community=found.card.community) if waits else ()
    attached = beside(request, found.card)
    return request.render(
        "property/parcel.jinja",
        status=status,
        found=found,
        card=found.card,
        answer=answer,
        free=sum(box.free for box in boxes),
        sizes=tuple(Size),
        attached=attached,
        names=movers(request, found.moves, *(one.person for one in attached)),
    )


def _listed(request: PropertyRequest, cards: tuple[CommunityCard, ...], limit: int) -> tuple[ParcelCard, ...]:
    """By a door where the words look like one, else by how a tracking number begins."""
    community, query, sorting = chosen_community(request, cards), request.query, _sorting(request)
    words = query.maybe_text("words", most=40) or ""
    is_door = "-" in words or (words.isdecimal() and len(words) <= 4)
    here = (community or cards[0]).id if cards else None
    homes = places.find_homes(here, words=words, limit=places.MOST_HOMES) if is_door and here else ()
    return parcels.parcels(
        request.scope,
        communities=[card.id for card in cards if community in (None, card)],
        at=request.at,
        state=maybe(query, "state", ParcelState),
        carrier=maybe(query, "carrier", Carrier),
        homes=[home.id for home in homes] if is_door else None,
        words="" if is_door else words,
        only_overdue=query.flag("overdue"),
        order=ParcelSort(sorting.key) if sorting.key else ParcelSort.NEWEST,
        is_rising=sorting.is_rising,
        after=query.maybe_id("after"),
        limit=limit,
    )


def _sorting(request: PropertyRequest) -> Sorting:
    chosen = {name: request.query.raw(name) for name in ("community", "state", "carrier", "words", "overdue")}
    return Sorting.of(request, "property:parcels", tuple(ParcelSort), chosen)
