"""What payouts do by the clock: end holds, draw once a day, send, read the bank's file."""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog

from linli.ground.places import queries as places
from linli.money.payments import queries as payments
from linli.money.payments.actions import GatewayError
from linli.money.payments.rules import provider_day
from linli.money.payouts import actions
from linli.spine.jobs import timed
from linli.spine.scope import SYSTEM

_log = structlog.get_logger()


@timed("*/10 * * * *")
def release_holds(*, at: datetime) -> int:
    """This will make free what was held long enough, in portions."""
    released = 0
    while portion := actions.release_holds(SYSTEM, at=at):
        released += portion
    return released


@timed("0 1 * * *")
def draw_payouts(*, at: datetime) -> int:
    """This will draw the payouts of every city, in portions of payees."""
    return sum(len(actions.draw_payouts(SYSTEM, city=city.id, at=at)) for city in places.cities())


@timed("* * * * * */20")
def send_payouts(*, at: datetime) -> int:
    """This will send the payouts that are due."""
    return actions.send_payouts(at=at)


@timed("* * * * *")
def send_recalls(*, at: datetime) -> int:
    """This will ask back the shares that went wrong."""
    return actions.send_recalls(at=at)


@timed("50 2 * * *")
def match_splits(*, at: datetime) -> int:
    """This will settle what the bills of yesterday and the day before say was split."""
    days = [provider_day(at) - timedelta(days=back) for back in (2, 1)]
    sources = [provider.source for provider in payments.providers()]
    return sum(actions.match_splits(SYSTEM, source=source, day=day, at=at) for day in days for source in sources)


@timed("10 3 * * *")
def fetch_bank_files(*, at: datetime) -> int:
    """This will read what the custody bank booked yesterday and today, for every provider that settles into it."""
    cities, matched = places.cities(limit=1), 0
    for provider in payments.providers() if cities else ():
        for back in (1, 0):
            day = provider_day(at) - timedelta(days=back)
            city = provider.city or cities[0].id
            try:
                matched += actions.fetch_bank_file(day=day, city=city, source=provider.source, at=at).matched
            except GatewayError as error:
                _log.warning("bank_file_not_read", source=provider.source, error=type(error).__name__)
    return matched
