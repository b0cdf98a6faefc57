"""Questions about notices, shaped for the resident's phone and the desk."""

from linli.estate.notices.queries.desk import (
    MOST_OF_SHEET,
    BuildingRate,
    DeskNotice,
    NoticePage,
    Receipt,
    due,
    notice_page,
    notices,
    receipts,
    titles,
    typed_places,
)
from linli.estate.notices.queries.going_on import going_on
from linli.estate.notices.queries.records import NoticeRecord, my_notice_records
from linli.estate.notices.queries.resident import MyNotice, NoticeLine, latest, my_notice, my_notices, unread
from linli.estate.notices.queries.tags import TagCard, tag_page, tagged_doors, tags, typed_homes

__all__ = [
    "MOST_OF_SHEET",
    "BuildingRate",
    "DeskNotice",
    "MyNotice",
    "NoticeLine",
    "NoticePage",
    "NoticeRecord",
    "Receipt",
    "TagCard",
    "due",
    "going_on",
    "latest",
    "my_notice",
    "my_notice_records",
    "my_notices",
    "notice_page",
    "notices",
    "receipts",
    "tag_page",
    "tagged_doors",
    "tags",
    "titles",
    "typed_homes",
    "typed_places",
    "unread",
]
