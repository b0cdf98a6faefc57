"""The questions of patterns: two communities side by side, and what was taken over."""

from linli.estate.patterns.queries.sides import likeness
from linli.estate.patterns.queries.taken import BatchCard, batches

__all__ = ["BatchCard", "batches", "likeness"]
