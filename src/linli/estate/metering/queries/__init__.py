"""Questions about meters: for billing, for the desk, for who reads on foot, and for residents."""

from linli.estate.metering.queries.cards import (
    MeterCard,
    MeterPage,
    MonthUsed,
    MoveCard,
    ReadingCard,
    meter_page,
    meters,
    meters_of_homes,
    months_of,
    my_meters,
)
from linli.estate.metering.queries.going_on import going_on
from linli.estate.metering.queries.reading import (
    Doubtful,
    Progress,
    ReadingsFile,
    Stop,
    doubtful,
    doubtful_counted,
    next_on_walk,
    photo_link,
    progress,
    readings_file,
    sent_by_me,
    stops_ahead,
)
from linli.estate.metering.queries.records import ReadingRecord, my_reading_records
from linli.estate.metering.queries.usage import Use, meter_usage, shares, usage

__all__ = [
    "Doubtful",
    "MeterCard",
    "MeterPage",
    "MonthUsed",
    "MoveCard",
    "Progress",
    "ReadingCard",
    "ReadingRecord",
    "ReadingsFile",
    "Stop",
    "Use",
    "doubtful",
    "doubtful_counted",
    "going_on",
    "meter_page",
    "meter_usage",
    "meters",
    "meters_of_homes",
    "months_of",
    "my_meters",
    "my_reading_records",
    "next_on_walk",
    "photo_link",
    "progress",
    "readings_file",
    "sent_by_me",
    "shares",
    "stops_ahead",
    "usage",
]
