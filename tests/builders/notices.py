"""A community with homes in two buildings, and notices for them, for tests."""

from __future__ import annotations

from dataclasses import dataclass

from builders.billing import Desk, a_desk
from builders.clock import AT
from builders.places import Home
from linli.estate.notices import actions
from linli.estate.notices.rules import Audience, Draft, Level, NoticeKind, Who
from linli.ground.places import queries as places
from linli.kernel.ids import BuildingId, NoticeId


def a_notice_draft(**given: object) -> Draft:
    said = {"kind": NoticeKind.GENERAL, "title": {"zh": "停车场清洗"}, "body": {"zh": "周三上午清洗地下停车场。"}}
    return Draft(**(said | given))  # type: ignore[arg-type]


@dataclass(frozen=True)
class Board:
    """A desk, and homes 1-1-101, 1-1-102 and 2-1-101 with an owner each; 1-1-102 is rented to a tenant."""

    desk: Desk
    homes: tuple[Home, Home, Home]

    def building(self, home: Home) -> BuildingId:
        label = places.home(home.id).building
        cards = places.buildings(community=self.desk.community.id)
        return next(card.id for card in cards.values() if card.label == label)

    def written(self, **given: object) -> NoticeId:
        community, draft = self.desk.community.id, a_notice_draft(**given)
        return actions.write(self.desk.scope, community=community, draft=draft, at=AT)

    def published(self, **given: object) -> NoticeId:
        notice = self.written(**given)
        actions.publish(self.desk.scope, notice=notice, at=AT)
        return notice


def a_board() -> Board:
    desk = a_desk()
    first, second, third = (desk.a_home(door) for door in ("1-1-101", "1-1-102", "2-1-101"))
    second.with_tenant()
    return Board(desk, (first, second, third))


__all__ = ["Audience", "Board", "Level", "Who", "a_board", "a_notice_draft"]
