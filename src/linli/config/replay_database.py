"""A database of its own for each replay, on our own server; on somebody else's, the one that DATABASE_URL names."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from psycopg import connect, sql

from linli.config.database import is_ours, own_cluster, serving
from linli.config.demo_database import NotADemo
from linli.config.postgres import Cluster
from linli.config.postgres.cluster import SUPERUSER
from linli.config.postgres.roles import prepare


@dataclass(frozen=True, slots=True)
class ReplayDatabase:
    """Where a replay plays; without a cluster it is on a server that somebody else runs."""

    name: str
    cluster: Cluster | None

    def make(self) -> None:
        """This will make it, empty, unless it is there."""
        if self.cluster is not None:
            prepare(self.cluster, self.name)

    def drop(self) -> None:
        """This will drop it; only where we run the server ourselves."""
        if self.cluster is None:
            raise NotADemo("Linli deletes no database on a server that somebody else runs; drop it there.")
        with connect(self.cluster.url("postgres", SUPERUSER), autocommit=True) as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(self.name)))


@contextmanager
def replay_database(name: str) -> Iterator[ReplayDatabase]:
    """This will keep the server running inside the block, and point this process and its children to the database."""
    if not is_ours():
        yield ReplayDatabase(name, None)
        return
    with serving():
        database = ReplayDatabase(name, cluster := own_cluster())
        os.environ |= {
            "DATABASE_URL": cluster.url(name, "linli_web"),
            "LINLI_WORKER_DATABASE_URL": cluster.url(name, "linli_worker"),
            "LINLI_OWNER_DATABASE_URL": cluster.url(name, "linli_owner"),
            "LINLI_READ_DATABASE_URL": cluster.url(name, "linli_read"),
        }
        yield database
