"""The words that homes wear: put on and taken off by doors as people type them, for the notices that are for them."""

from __future__ import annotations

from uuid import UUID

from django.http import HttpResponse

from linli.estate.notices import actions, queries
from linli.faces.property.communities import own_communities
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.messages import in_language, ngettext
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import PropertyRequest
from linli.faces.shell.sheets import most_rows, sheet
from linli.kernel.ids import CommunityId
from linli.kernel.refusals import NotFound
from linli.spine.may import May

NEEDS = May.KEEP_NOTICES
LONGEST = 4_000


@page("property", "GET", "notices/tags/", name="notice-tags", needs=NEEDS)
def tags(request: PropertyRequest) -> HttpResponse:
    """This will list the words with how many homes wear each, and ask for another."""
    cards = own_communities(request)
    return request.render(
        "property/notice-tags.jinja",
        communities={card.id: card for card in cards},
        tags=queries.tags(request.scope, communities=[card.id for card in cards]),
    )


@page("property", "GET", "notices/tags/file/", name="notice-tags-file", needs=NEEDS)
def tags_file(request: PropertyRequest) -> HttpResponse:
    """This will give the words with the doors that wear them as a sheet."""
    names = {card.id: in_language(card.name) for card in own_communities(request)}
    found = queries.tagged_doors(request.scope, communities=list(names), limit=most_rows())
    rows = ((word, names[community], door) for word, community, door in found)
    return sheet(request.query, "tags", [_("Tag"), _("Community"), _("Door")], rows)


@page("property", "POST", "notices/tags/", name="notice-tags", needs=NEEDS)
def put_on(request: PropertyRequest) -> HttpResponse:
    """This will put a word on homes."""
    community = CommunityId(request.form.id("community"))
    if community not in {card.id for card in own_communities(request)}:
        raise NotFound("community")
    word, doors = request.form.text("word", most=40), request.form.text("doors", most=LONGEST)
    homes = queries.typed_homes(community, doors)
    tag = actions.tag_homes(request.scope, community=community, word=word, homes=homes, at=request.at)
    said = ngettext("{n} home wears it.", "{n} homes wear it.", len(homes))
    return see_other("property:notice-tag", tag, said=said)


@page("property", "GET", "notices/tags/<uuid:tag>/", name="notice-tag", needs=NEEDS)
def show(request: PropertyRequest, tag: UUID) -> HttpResponse:
    """This will show the doors that wear a word."""
    cards = {card.id: card for card in own_communities(request)}
    card, doors = queries.tag_page(request.scope, tag=tag)
    return request.render("property/notice-tag.jinja", card=card, doors=doors, community=cards[card.community])


@page("property", "POST", "notices/tags/<uuid:tag>/removal/", name="notice-tag-removal", asks="property:notice-tag",
      needs=NEEDS)  # fmt: skip
def take_off(request: PropertyRequest, tag: UUID) -> HttpResponse:
    """This will take a word off homes."""
    own_communities(request)
    card, _doors = queries.tag_page(request.scope, tag=tag)
    homes = queries.typed_homes(card.community, request.form.text("off", most=LONGEST), field="off")
    gone = actions.untag_homes(request.scope, tag=tag, homes=homes, at=request.at)
    said = ngettext("{n} home wears it no more.", "{n} homes wear it no more.", gone)
    return see_other("property:notice-tag", tag, said=said)
