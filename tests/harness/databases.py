"""One cluster per checkout, one template per state of the migrations, one clone per test worker (or per test)."""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import version
from itertools import count
from typing import Any

import psycopg
from django.db import connection, connections
from psycopg import sql

from linli.config.database import Process, from_url
from linli.config.home import PROJECT
from linli.config.postgres import Cluster, find_binaries
from linli.config.postgres.cluster import SUPERUSER
from linli.config.postgres.lock import one_process
from linli.config.postgres.processes import birth_of
from linli.config.postgres.roles import OWNER, prepare

SHAPING = (
    "**/migrations/**/*.py",
    "**/sql/**/*.sql",
    "**/models.py",
    "**/models/**/*.py",
    "spine/*.py",
    "config/**/*.py",
)
PACKAGES = ("django", "procrastinate")
MIGRATION_LIMIT_S = 300


@dataclass(frozen=True)
class OwnDatabase:
    """A database that one worker or one test has to itself."""

    name: str
    cluster: Cluster

    def url(self, process: Process = "web") -> str:
        """This will give its address in the role of a kind of process."""
        return self.cluster.url(self.name, f"linli_{process}")

    def connect(self, process: Process = "web", *, autocommit: bool = False) -> psycopg.Connection[tuple[Any, ...]]:
        """This will open one more connection, independent of Django's."""
        return psycopg.connect(self.url(process), autocommit=autocommit)

    def connect_as_superuser(self) -> psycopg.Connection[tuple[Any, ...]]:
        """This will open a connection that no wall stops, to look behind them."""
        return psycopg.connect(self.cluster.url(self.name, SUPERUSER), autocommit=True)

    def environment(self, process: Process = "web") -> dict[str, str]:
        """This will make the environment of a program that shall work on this database."""
        return os.environ | {
            "LINLI_PROCESS": process,
            "DATABASE_URL": self.url("web"),
            "LINLI_WORKER_DATABASE_URL": self.url("worker"),
            "LINLI_OWNER_DATABASE_URL": self.url("owner"),
            "LINLI_READ_DATABASE_URL": self.url("read"),
            "PYTHONPATH": os.pathsep.join([str(PROJECT / "src"), os.environ.get("PYTHONPATH", "")]).rstrip(os.pathsep),
        }


class Databases:
    """The tests' cluster, kept between runs in `.linli/tests` and stopped when the last run ends.

    It is not durable; those who kill the server ask for one that is.
    """

    def __init__(self, *, durable: bool = False) -> None:
        binaries = find_binaries()
        name = f"postgres-{binaries.major}-{binaries.source}{'-durable' * durable}"
        self.cluster = Cluster(PROJECT / ".linli" / "tests" / name, binaries, durable=durable)
        self._numbers = count()

    @contextmanager
    def serving(self) -> Iterator[Databases]:
        """This will keep the cluster running inside the block, with the template ready to clone."""
        self.cluster.start()
        try:
            self._make_template()
            yield self
        finally:
            self.cluster.stop()

    def clone(self) -> OwnDatabase:
        """This will make a migrated, empty database in a few dozen milliseconds."""
        name = f"w_{os.getpid()}_{next(self._numbers)}"
        copying = sql.SQL("CREATE DATABASE {} TEMPLATE {} OWNER {} STRATEGY {}").format(
            sql.Identifier(name), sql.Identifier(self.template), sql.Identifier(OWNER), sql.SQL("file_copy")
        )
        with self._as_superuser() as connection:
            try:
                connection.execute(copying)
            except psycopg.errors.InvalidCatalogName:
                # Tests of another state of the tables began meanwhile on the same server and threw our template away.
                self._make_template()
                connection.execute(copying)
        return OwnDatabase(name, self.cluster)

    def drop(self, name: str) -> None:
        """This will drop a database with whoever is still connected to it."""
        with self._as_superuser() as connection:
            connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    @cached_property
    def template(self) -> str:
        """The template's name: it changes with every file that shapes the tables or the rights on them."""
        digest = hashlib.sha256(" ".join(version(package) for package in PACKAGES).encode())
        source = PROJECT / "src" / "linli"
        for file in sorted({file for pattern in SHAPING for file in source.glob(pattern)}):
            digest.update(str(file.relative_to(source)).encode() + b"\0" + file.read_bytes())
        return f"template_{digest.hexdigest()[:16]}"

    def _make_template(self) -> None:
        with (
            one_process(self.cluster.folder / "template-lock", timeout_s=MIGRATION_LIMIT_S),
            self._as_superuser() as link,
        ):
            names = [row[0] for row in link.execute("SELECT datname FROM pg_database").fetchall()]
            self._drop_left_overs(names)
            if self.template in names:
                return
            building = OwnDatabase("building", self.cluster)
            prepare(self.cluster, building.name)
            command = [sys.executable, "-m", "linli", "migrate", "--quiet"]
            done = subprocess.run(
                command, env=building.environment("owner"), capture_output=True, text=True, timeout=MIGRATION_LIMIT_S
            )
            if done.returncode != 0:
                raise RuntimeError(f"The migrations failed:\n{done.stdout[-2000:]}\n{done.stderr[-6000:]}")
            template = sql.Identifier(self.template)
            link.execute(sql.SQL("ALTER DATABASE building RENAME TO {}").format(template))

    def _drop_left_overs(self, names: list[str]) -> None:
        for name in names:
            old_template = name.startswith("template_") and name != self.template
            killed_run = name.startswith("w_") and birth_of(int(name.split("_")[1])) is None
            if old_template or killed_run or name == "building":
                self.drop(name)

    def _as_superuser(self) -> psycopg.Connection[tuple[Any, ...]]:
        return psycopg.connect(self.cluster.url("postgres", SUPERUSER), autocommit=True)


@contextmanager
def django_on(database: OwnDatabase, process: Process = "web") -> Iterator[None]:
    """This will have Django's default connection, in every thread, speak to a database inside the block."""
    settings = connections["default"].settings_dict
    before = dict(settings)
    connection.close()
    settings.update(from_url(database.url(process), process))
    try:
        yield
    finally:
        connection.close()
        settings.clear()
        settings.update(before)
