"""Which database we speak to, and as whom.

`DATABASE_URL` names a server somebody else runs; without it we run one of our own in the data folder. Each process is
one of four: `web`, `worker`, `owner` (migrations) or `read` (LINLI_PROCESS), and connects in the role of that name.
Nothing here starts a server or imports Django: settings are read by type checkers too. `serving()` starts it.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal, cast, get_args
from urllib.parse import parse_qsl, unquote, urlsplit

from linli.config.home import home
from linli.config.postgres import Cluster, find_binaries
from linli.config.postgres.cluster import made_by
from linli.config.postgres.roles import DATABASE, prepare

Process = Literal["web", "worker", "owner", "read"]

CONNECT_TIMEOUT_S = 10
LOCK_TIMEOUT_MS = 5_000  # a migration that must wait longer for a table would make everybody behind it wait too
PLACES = {"host", "port", "user", "password", "dbname"}


class DatabaseUrlRefused(ValueError):
    """The address cannot be used; the message never repeats it, for it may hold a password."""


class NoTables(RuntimeError):
    """This database was never migrated."""


def databases() -> dict[str, dict[str, Any]]:
    """This will describe the database to Django, in the role of this process."""
    as_process = process()
    return {"default": from_url(database_url(as_process), as_process)}


def process() -> Process:
    """This will tell which kind of process this is; a web process unless LINLI_PROCESS says otherwise."""
    kind = os.environ.get("LINLI_PROCESS") or "web"
    if kind not in get_args(Process):
        raise DatabaseUrlRefused(f"LINLI_PROCESS={kind} is not known: it is one of {', '.join(get_args(Process))}.")
    return cast(Process, kind)


def speak_as(kind: Process) -> None:
    """This will have this process be of a kind, also where it was forked from one of another that had no connection."""
    os.environ["LINLI_PROCESS"] = kind
    from django.db import DEFAULT_DB_ALIAS, connections

    connections.settings[DEFAULT_DB_ALIAS].update(databases()[DEFAULT_DB_ALIAS])


def database_url(as_process: Process) -> str:
    """This will give the address for a kind of process, or refuse one that no driver could read."""
    if given := os.environ.get("DATABASE_URL"):
        address = os.environ.get(f"LINLI_{as_process.upper()}_DATABASE_URL") or given
        from_url(address, as_process)
        return address
    return own_cluster().url(DATABASE, f"linli_{as_process}")


def is_ours() -> bool:
    """This will tell whether we run the server ourselves."""
    return not os.environ.get("DATABASE_URL")


def own_cluster() -> Cluster:
    """This will describe the server in the data folder, running or not."""
    folder = home() / "postgres"
    return Cluster(folder, find_binaries(made_by=made_by(folder)))


@contextmanager
def serving() -> Iterator[None]:
    """This will keep our own server running inside the block, roles and database made; a given one is left alone."""
    with held():
        if is_ours():
            prepare(own_cluster())
        yield


@contextmanager
def held() -> Iterator[None]:
    """This will keep our own server running inside the block; the last of all who hold it stops it."""
    if not is_ours():
        yield
        return
    cluster = own_cluster()
    cluster.start()
    try:
        yield
    finally:
        cluster.stop()


def count_rows() -> None:
    """This will have PostgreSQL look at every table anew: after much was written at once it plans by wrong numbers."""
    from psycopg import connect

    with connect(database_url("owner"), autocommit=True) as connection:
        connection.execute("ANALYZE")


def from_url(url: str, as_process: Process = "web") -> dict[str, Any]:
    """This will turn an address into Django's settings; the host may be a folder with a unix socket."""
    parts = urlsplit(url)
    if parts.scheme not in ("postgresql", "postgres"):
        raise DatabaseUrlRefused("A database address begins with postgresql:// - Linli runs on PostgreSQL only.")
    try:
        more = dict(parse_qsl(parts.query, keep_blank_values=True, strict_parsing=bool(parts.query)))
        port = parts.port
    except ValueError:
        raise DatabaseUrlRefused("The database address has a port or a parameter that cannot be read.") from None
    name = unquote(parts.path.lstrip("/")) or more.get("dbname", "")
    if not name or "/" in name:
        raise DatabaseUrlRefused("The database address names no database: postgresql://user@host/NAME")
    options: dict[str, Any] = {
        "server_side_binding": True,
        "prepare_threshold": 1,  # nearly every statement comes again, and connections live long
        "application_name": f"linli-{as_process}",
        "connect_timeout": CONNECT_TIMEOUT_S,
    }
    if as_process == "owner":
        options["options"] = f"-c lock_timeout={LOCK_TIMEOUT_MS}"
    options |= {key: value for key, value in more.items() if key not in PLACES}
    return {
        "ENGINE": "linli.spine.line",
        "NAME": name,
        "USER": unquote(parts.username or more.get("user", "")),
        "PASSWORD": unquote(parts.password or more.get("password", "")),
        "HOST": more.get("host") or _host(parts.netloc),
        "PORT": str(port or more.get("port", "")),
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": False,
        "ATOMIC_REQUESTS": False,
        "OPTIONS": options,
    }


def _host(netloc: str) -> str:
    """This will read the host with its capitals kept, for it may be a path (`%2FVar%2Frun`)."""
    host = netloc.rpartition("@")[2]
    return host[1 : host.index("]")] if host.startswith("[") else unquote(host.partition(":")[0])
