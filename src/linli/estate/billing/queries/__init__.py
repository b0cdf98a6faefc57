"""The questions about charging, each shaped for the page that asks."""

from linli.estate.billing.queries.owing import Owed, owed

__all__ = ["Owed", "owed"]
