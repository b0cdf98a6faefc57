"""What this process, those that it had work beside it, and its backend of the database have spent in processor time."""

from __future__ import annotations

import resource
import time
from dataclasses import dataclass

from linli.works.bench import estate


@dataclass(frozen=True, slots=True)
class Spent:
    """Seconds of processor time, of each by itself."""

    process_s: float
    engine_s: float
    database_s: float

    def __sub__(self, before: Spent) -> Spent:
        return Spent(
            self.process_s - before.process_s,
            self.engine_s - before.engine_s,
            self.database_s - before.database_s,
        )

    def us_each(self, many: int) -> float:
        """This will share it out among so many, in millionths of a second."""
        return round(1e6 * (self.process_s + self.engine_s + self.database_s) / max(many, 1), 1)


def spent() -> Spent:
    """This will tell what has been spent until now; processes beside count once they have ended."""
    beside = resource.getrusage(resource.RUSAGE_CHILDREN)
    return Spent(time.process_time(), beside.ru_utime + beside.ru_stime, estate.backend_cpu_s())
