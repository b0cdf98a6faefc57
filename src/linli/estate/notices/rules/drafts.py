"""What a notice says and to whom, and what makes it fit to be published."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from linli.estate.notices.rules.lives import URGENT, Level, NoticeKind, Who
from linli.estate.notices.rules.policy import NoticePolicy
from linli.kernel.refusals import Invalid
from linli.kernel.words import _
from linli.reach.notify.rules import after_quiet

LONGEST_TITLE, LONGEST_BODY = 60, 4000
MOST_TARGETS = 200
MOST_PICTURES, MOST_PAPERS = 6, 4
LANGUAGES = ("zh", "en")


@dataclass(frozen=True, slots=True)
class Audience:
    """To whom a notice is addressed; a community needs no targets, anything narrower at least one."""

    level: Level = Level.COMMUNITY
    targets: tuple[UUID, ...] = ()
    who: Who = Who.EVERYBODY


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A notice as it is written. Title and body in one language or both; empty times mean at once and for ever."""

    kind: NoticeKind
    title: Mapping[str, str]
    body: Mapping[str, str]
    audience: Audience = Audience()
    publish_at: datetime | None = None
    valid_until: datetime | None = None
    is_pinned: bool = False
    is_important: bool = False
    is_told: bool = False
    pictures: tuple[UUID, ...] = ()
    papers: tuple[UUID, ...] = ()


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that comes with a draft: a picture that is shown, or a paper that is opened."""

    name: str
    content: bytes
    is_picture: bool


def checked(draft: Draft, at: datetime) -> Draft:
    """This will refuse by its field what cannot be published, and give the draft with tidy words."""
    title, body = _tidy(draft.title), _tidy(draft.body)
    if not title:
        raise Invalid("title_zh", _("Please write a title."))
    if not body:
        raise Invalid("body_zh", _("Please write what is to be said."))
    if title.keys() != body.keys():
        raise Invalid("body_zh", _("Title and text have to be in the same languages."))
    if any(len(words) > LONGEST_TITLE for words in title.values()):
        raise Invalid("title_zh", _("Please use at most {most} characters."), most=LONGEST_TITLE)
    if any(len(words) > LONGEST_BODY for words in body.values()):
        raise Invalid("body_zh", _("Please use at most {most} characters."), most=LONGEST_BODY)
    if draft.audience.level is not Level.COMMUNITY and not draft.audience.targets:
        raise Invalid("targets", _("Please choose for whom it is."))
    if len(draft.audience.targets) > MOST_TARGETS:
        raise Invalid("targets", _("Please choose at most {most}."), most=MOST_TARGETS)
    if draft.valid_until is not None and draft.valid_until <= max(at, draft.publish_at or at):
        raise Invalid("valid_until", _("It would be over before it is read."))
    if len(draft.pictures) > MOST_PICTURES:
        raise Invalid("pictures", _("Please choose at most {most}."), most=MOST_PICTURES)
    if len(draft.papers) > MOST_PAPERS:
        raise Invalid("papers", _("Please choose at most {most}."), most=MOST_PAPERS)
    targets = () if draft.audience.level is Level.COMMUNITY else tuple(dict.fromkeys(draft.audience.targets))
    return Draft(
        kind=draft.kind,
        title=title,
        body=body,
        audience=Audience(draft.audience.level, targets, draft.audience.who),
        publish_at=draft.publish_at,
        valid_until=draft.valid_until,
        is_pinned=draft.is_pinned,
        is_important=draft.is_important,
        is_told=draft.is_told,
        pictures=draft.pictures,
        papers=draft.papers,
    )


def _tidy(words: Mapping[str, str]) -> dict[str, str]:
    return {language: words[language].strip() for language in LANGUAGES if words.get(language, "").strip()}


def tell_from(kind: NoticeKind, at: datetime, policy: NoticePolicy, timezone: str) -> datetime:
    """This will tell when messages may go out: at once, or when the quiet hours of the night are over."""
    if kind in URGENT:
        return at
    return after_quiet(at, from_hour=policy.quiet_from_hour, until_hour=policy.quiet_until_hour, timezone=timezone)


def rate_bp(read: int, of: int) -> int:
    """This will tell how many of the recipients have read it, in basis points; nobody of nobody is nothing."""
    return read * 10_000 // of if of else 0
