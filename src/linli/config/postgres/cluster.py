"""One data folder and the server on it, shared by every process that holds it and stopped when the last one lets go."""

from __future__ import annotations

import hashlib
import hmac
import os
import platform
import secrets
import socket
import tempfile
import time
from pathlib import Path
from urllib.parse import quote

from linli.config.postgres.binaries import Binaries
from linli.config.postgres.lock import one_process
from linli.config.postgres.plain_user import plain_user, reachable_binaries, reachable_folder
from linli.config.postgres.processes import anyone_in, birth_of, is_postgres_of

SUPERUSER = "linli_super"
SOCKET_PORT = 5432  # only a part of the socket's name
SOCKET_PATH_LIMIT = 100  # the kernels' limits are 104 and 108 bytes
TCP_PORTS = range(15432, 15932)  # below the ranges from which kernels give out ports by themselves
START_LIMIT_S = 120
STOP_LIMIT_S = 60
ORPHANS_LIMIT_S = 30


class ClusterRefused(RuntimeError):
    """The server cannot run on this folder; the message says why and what to do. The data is untouched."""


class Cluster:
    """A PostgreSQL server of our own in a folder of our own."""

    def __init__(self, folder: Path, binaries: Binaries, *, durable: bool = True, tcp: bool | None = None) -> None:
        self.user = plain_user()
        self.asked_folder = Path(os.path.abspath(folder))
        self.folder = reachable_folder(self.asked_folder, self.user)
        self.binaries = binaries
        self.durable = durable
        self.tcp = os.name == "nt" if tcp is None else tcp
        self.data = self.folder / "data"
        self.log = self.folder / "postgres.log"

    # ---- the verbs ----

    def start(self) -> None:
        """This will have the server running and held by this process; it may be called again and by many processes."""
        self._make_folder()
        with one_process(self.folder / "lock"):
            self._holder_file().write_text(birth_of(os.getpid()) or "")
            if self.running:
                return
            if not (self.data / "PG_VERSION").exists():
                self._initialise()
            self._refuse_other_version()
            self._clear_the_dead()
            self._write_settings()
            self._launch()

    def stop(self, *, even_if_held: bool = False) -> None:
        """This will let go of the server, and stop it when no other living process holds it."""
        if not self.folder.is_dir():
            return
        with one_process(self.folder / "lock"):
            self._holder_file().unlink(missing_ok=True)
            if self.running and (even_if_held or not self._held()):
                self._control("stop", "-m", "fast", "-w", "-t", str(STOP_LIMIT_S))

    @property
    def running(self) -> bool:
        """Whether a living server works in the folder; a stale or zombie postmaster does not count."""
        pid = self.postmaster
        return pid is not None and is_postgres_of(pid, self.data)

    @property
    def postmaster(self) -> int | None:
        """The process id that postmaster.pid claims, dead or alive."""
        line = self._pid_line(1)
        return int(line) if line and line.isdigit() else None

    def url(self, database: str, role: str) -> str:
        """This will give the address of a database for a role."""
        if self.tcp:
            port = self._pid_line(4) or SOCKET_PORT
            return f"postgresql://{role}:{self.password(role)}@127.0.0.1:{port}/{database}"
        return f"postgresql://{role}@/{database}?host={quote(str(self.socket_folder), safe='')}&port={SOCKET_PORT}"

    def password(self, role: str) -> str:
        """This will derive a role's password from the folder's secret; only TCP asks for it."""
        file = self.folder / "secret"
        secret = file.read_bytes() if file.exists() else b""  # before the first start there is nothing to guard
        return hmac.new(secret, role.encode(), hashlib.sha256).hexdigest()

    @property
    def socket_folder(self) -> Path:
        """Where the socket is: in the cluster's folder, or in a private temporary one when that path is too long."""
        noted = self.folder / "socket-folder"
        if noted.exists():
            return Path(noted.read_text().strip())
        inside = self.folder / "socket"
        mark = hashlib.sha256(str(self.folder).encode()).hexdigest()[:12]
        outside = [Path(base) / f"linli-{self.user.uid}-{mark}" for base in (tempfile.gettempdir(), "/tmp", "/var/tmp")]  # noqa: S108
        for place in (inside, *outside):
            if len(f"{place}/.s.PGSQL.{SOCKET_PORT}") <= SOCKET_PATH_LIMIT and self.user.may_reach(place):
                return place
        raise ClusterRefused(f"No folder for a socket: {inside} and the temporary folders are too long or closed.")

    # ---- the steps of starting ----

    def _make_folder(self) -> None:
        (self.folder / "holders").mkdir(parents=True, exist_ok=True)
        if self.folder != self.asked_folder:
            self.asked_folder.mkdir(parents=True, exist_ok=True)
            note = "Root runs PostgreSQL as the user {} who cannot reach this folder, so the data is in\n{}\n"
            (self.asked_folder / "data-is-elsewhere.txt").write_text(note.format(self.user.name, self.folder))

    def _initialise(self) -> None:
        if self.data.exists() and any(self.data.iterdir()):
            raise ClusterRefused(f"{self.data} is not empty and not a PostgreSQL folder. Nothing in it was touched.")
        secret = self.folder / "secret"
        if not secret.exists():
            secret.touch(mode=0o600)
            secret.write_bytes(secrets.token_bytes(32))
        # Made beside and moved in one step, so that an interrupted start leaves no half cluster.
        half = Path(tempfile.mkdtemp(dir=self.folder, prefix="half-"))
        password = half.with_name(half.name + "-password")
        password.touch(mode=0o600)
        password.write_text(self.password(SUPERUSER))
        self.user.give(password)
        self.user.give(half)
        command: list[str | Path] = [
            self._program("initdb"),
            "-D",
            half,
            "-U",
            SUPERUSER,
            "-E",
            "UTF8",
            *self._locale(),
            "--data-checksums",
        ]
        command += ["--auth-local=trust", "--auth-host=scram-sha-256", f"--pwfile={password}", "--no-instructions"]
        done = self.user.run([*command, *([] if self.durable else ["--no-sync"])], timeout_s=START_LIMIT_S)
        password.unlink()
        if done.returncode != 0:
            raise ClusterRefused(f"initdb could not make {self.data}:\n{done.stderr.strip()[-2000:]}")
        with (half / "postgresql.conf").open("a") as settings:
            settings.write("\ninclude = 'linli.conf'  # written at each start; ALTER SYSTEM overrides it\n")
        if self.data.exists():
            self.data.rmdir()
        half.rename(self.data)

    def _locale(self) -> list[str]:
        if platform.system() == "Linux":
            return ["--locale=C.UTF-8"]
        if self.binaries.major >= 17:
            return ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"]
        return ["--locale=C"]

    def _refuse_other_version(self) -> None:
        made_by = (self.data / "PG_VERSION").read_text().strip()
        if made_by != str(self.binaries.major):
            raise ClusterRefused(
                f"The data in {self.data} was made by PostgreSQL {made_by}, and the one found here is"
                f" {self.binaries.version} ({self.binaries.folder}). Nothing was touched. Either set LINLI_PG_BIN to"
                f" the bin folder of a PostgreSQL {made_by}; or dump the data with pg_dumpall of {made_by}, move the"
                " folder away, start again and load the dump with psql."
            )

    def _clear_the_dead(self) -> None:
        """This will remove the pid and socket files of a killed server, once the last of its backends has gone too.

        PostgreSQL itself copes with a pid that no longer exists, but neither with a zombie nor with a number that was
        given to another program.
        """
        until = time.monotonic() + ORPHANS_LIMIT_S
        while anyone_in(self.data):
            if time.monotonic() > until:
                raise ClusterRefused(
                    f"A killed server's processes still work in {self.data}. End them and start again."
                )
            time.sleep(0.05)
        socket_file = f".s.PGSQL.{SOCKET_PORT}"
        for left in (
            self.data / "postmaster.pid",
            *(self.socket_folder / (socket_file + end) for end in ("", ".lock")),
        ):
            left.unlink(missing_ok=True)

    def _write_settings(self) -> None:
        folder = self.socket_folder
        self._make_private(folder)
        (self.folder / "socket-folder").write_text(str(folder))
        port = _free_port() if self.tcp else SOCKET_PORT
        settings = {
            "listen_addresses": "127.0.0.1" if self.tcp else "",
            "port": str(port),
            "unix_socket_directories": "" if os.name == "nt" else str(folder),
            "unix_socket_permissions": "0700",
            "jit": "off",  # our queries are short: compiling them costs more than it gives
            "max_connections": "200",
            "max_wal_size": "2GB",
            "shared_buffers": "256MB" if self.durable else "128MB",
            "log_line_prefix": "%m [%p] %q%u@%d ",
            "timezone": "UTC",
            "log_timezone": "UTC",
            "update_process_title": "off",  # twice a statement; pg_stat_activity says the same and more
        }
        if not self.durable:
            settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off", "autovacuum": "off"}
        lines = [f"{name} = '{value.replace(chr(39), chr(39) * 2)}'\n" for name, value in settings.items()]
        file = self.data / "linli.conf"
        file.write_text("".join(lines))
        self.user.give(file)
        self.log.touch()
        self.user.give(self.log)

    def _make_private(self, folder: Path) -> None:
        try:
            folder.mkdir(mode=0o700)
            self.user.give(folder)
        except FileExistsError:
            facts = folder.lstat()
            ours = os.name == "nt" or (facts.st_uid == self.user.uid and facts.st_mode & 0o170077 == 0o040000)
            if not ours:
                raise ClusterRefused(f"{folder} belongs to someone else or is open to others; remove it.") from None

    def _launch(self) -> None:
        began = self.log.stat().st_size
        done = self._control("start", "-w", "-t", str(START_LIMIT_S), "-l", str(self.log))
        if done != 0:
            with self.log.open(errors="replace") as log:
                log.seek(began)
                raise ClusterRefused(f"PostgreSQL did not start on {self.data}:\n{log.read()[-2000:].strip()}")

    # ---- small things ----

    def _control(self, *arguments: str) -> int:
        command: list[str | Path] = [self._program("pg_ctl"), "-D", self.data, "-s", *arguments]
        return self.user.run(command, timeout_s=START_LIMIT_S + STOP_LIMIT_S).returncode

    def _program(self, name: str) -> Path:
        return reachable_binaries(self.binaries, self.user).program(name)

    def _pid_line(self, number: int) -> str | None:
        try:
            lines = (self.data / "postmaster.pid").read_text().splitlines()
        except OSError:
            return None
        return lines[number - 1].strip() if len(lines) >= number else None

    def _holder_file(self) -> Path:
        return self.folder / "holders" / str(os.getpid())

    def _held(self) -> bool:
        held = False
        for holder in (self.folder / "holders").iterdir():
            if birth_of(int(holder.name)) == holder.read_text():
                held = True
            else:
                holder.unlink()
        return held


def made_by(folder: Path) -> int | None:
    """This will tell which major version made the cluster in this folder, if there is one."""
    try:
        return int((reachable_folder(Path(os.path.abspath(folder)), plain_user()) / "data" / "PG_VERSION").read_text())
    except OSError:
        return None


def _free_port() -> int:
    for port in TCP_PORTS:
        with socket.socket() as probe:
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
            return port
    raise ClusterRefused(f"No free port between {TCP_PORTS.start} and {TCP_PORTS.stop - 1}.")
