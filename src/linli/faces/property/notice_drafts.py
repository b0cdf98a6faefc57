"""Writing a notice: from nothing, from a sample, or from one that was published before."""

from __future__ import annotations

from datetime import datetime

from django.http import HttpResponse

from linli.estate.notices import actions, rules
from linli.estate.notices import queries as notices
from linli.estate.notices.queries import NoticePage
from linli.estate.notices.rules import SAMPLES, Audience, Draft, Level, NoticeKind, Upload, Who
from linli.faces.property.communities import own_communities
from linli.faces.shell import voice
from linli.faces.shell.forms import Fields
from linli.faces.shell.messages import gettext as _
from linli.faces.shell.pages import page, see_other
from linli.faces.shell.requests import PropertyRequest
from linli.ground.places.queries import CommunityCard
from linli.kernel import ids
from linli.kernel.ids import CommunityId, NoticeId
from linli.kernel.refusals import NotFound
from linli.spine.may import May


@page("property", "GET", "notices/new/", name="notice-new", needs=May.KEEP_NOTICES)
def new(request: PropertyRequest) -> HttpResponse:
    """This will ask what is to be said, and to whom."""
    cards = own_communities(request)
    sample = next((one for one in SAMPLES if one.word == request.query.raw("sample")), None)
    before = request.query.maybe_id("from")
    found = notices.notice_page(request.scope, notice=NoticeId(before), at=request.at) if before else None
    return _shown(request, cards, found, sample, None)


@page("property", "POST", "notices/new/", name="notice-new", needs=May.KEEP_NOTICES)
def create(request: PropertyRequest) -> HttpResponse:
    """This will keep a draft."""
    cards = own_communities(request)
    community = CommunityId(request.form.id("community"))
    if community not in {card.id for card in cards}:
        raise NotFound("community")
    draft, uploads = _read(request, community)
    made = actions.write(request.scope, community=community, draft=draft, uploads=uploads, at=request.at)
    return see_other("property:notice", made)


@page("property", "GET", "notices/<uuid:notice>/draft/", name="notice-draft", needs=May.KEEP_NOTICES)
def edit(request: PropertyRequest, notice: NoticeId) -> HttpResponse:
    """This will show a draft to be changed."""
    cards = own_communities(request)
    found = notices.notice_page(request.scope, notice=notice, at=request.at)
    return _shown(request, cards, found, None, notice)


@page("property", "POST", "notices/<uuid:notice>/draft/", name="notice-draft", needs=May.KEEP_NOTICES)
def change(request: PropertyRequest, notice: NoticeId) -> HttpResponse:
    """This will change a draft."""
    own_communities(request)
    community = notices.notice_page(request.scope, notice=notice, at=request.at).line.community
    draft, uploads = _read(request, community)
    actions.rewrite(request.scope, notice=notice, draft=draft, uploads=uploads, at=request.at)
    return see_other("property:notice", notice, said=_("Changed."))


def _shown(
    request: PropertyRequest,
    cards: tuple[CommunityCard, ...],
    found: NoticePage | None,
    sample: rules.Sample | None,
    notice: NoticeId | None,
) -> HttpResponse:
    return request.render(
        "property/notice-draft.jinja",
        communities=cards,
        found=found,
        notice=notice,
        kind=found.line.kind if found else sample.kind if sample else NoticeKind.GENERAL,
        title=found.line.title if found else sample.title if sample else {},
        body=found.body if found else sample.body if sample else {},
        kinds=tuple(NoticeKind),
        levels=tuple(Level),
        people=tuple(Who),
        once=ids.new(),
    )


def _read(request: PropertyRequest, community: CommunityId) -> tuple[Draft, list[Upload]]:
    form = request.form
    level = form.choice("level", Level)
    typed = form.maybe_text("targets", most=4000) or ""
    targets = notices.typed_places(request.scope, community=community, level=level, text=typed)
    draft = Draft(
        kind=form.choice("kind", NoticeKind),
        title={one: form.maybe_text(f"title_{one}", most=rules.LONGEST_TITLE) or "" for one in ("zh", "en")},
        body={one: form.maybe_text(f"body_{one}", most=rules.LONGEST_BODY) or "" for one in ("zh", "en")},
        audience=Audience(level, targets, form.choice("who", Who)),
        publish_at=_instant(form, "publish_at"),
        valid_until=_instant(form, "valid_until"),
        is_pinned=form.flag("is_pinned"),
        is_important=form.flag("is_important"),
        is_told=form.flag("is_told"),
        pictures=form.ids("kept_pictures"),
        papers=form.ids("kept_papers"),
    )
    uploads = [Upload(one.name, one.content, True) for one in form.uploads("pictures", count=rules.MOST_PICTURES)]
    uploads += [Upload(one.name, one.content, False) for one in form.uploads("papers", count=rules.MOST_PAPERS)]
    return draft, uploads


def _instant(form: Fields, name: str) -> datetime | None:
    """An instant as a browser's field writes it, in the community's zone."""
    return form.instant(name, voice.current().zone) if form.maybe_text(name) else None
