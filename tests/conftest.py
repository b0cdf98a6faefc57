"""The tests' ground. Fixtures are explained in docs/testing.md; the machinery is in tests/harness."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import hypothesis
import pytest
from pytest_django import DjangoDbBlocker

from harness.databases import Databases, OwnDatabase, django_on
from linli.config.postgres import Cluster, find_binaries
from linli.config.postgres.plain_user import plain_user
from linli.works.gallery.browsers import NO_CHROMIUM, find_chromium

# A shared machine may pause any test for longer than any deadline, and while its data are drawn.
hypothesis.settings.register_profile("linli", deadline=None, suppress_health_check=[hypothesis.HealthCheck.too_slow])
hypothesis.settings.load_profile("linli")

NO_FLUSH = (
    "tables that are insert-only cannot be flushed: ask for the fixture `own_database`, which gives the test a fresh"
    " database with real commits"
)


def pytest_configure() -> None:
    from django.conf import settings

    settings.SECRET_KEY = "only-for-tests"
    settings.ALLOWED_HOSTS = [*settings.ALLOWED_HOSTS, "testserver"]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    no_browser = None if find_chromium() else pytest.mark.skip(reason=NO_CHROMIUM)
    for item in items:
        if no_browser and item.get_closest_marker("browser"):
            item.add_marker(no_browser)
        mark = item.get_closest_marker("django_db")
        fixtures = set(getattr(item, "fixturenames", ()))
        if (mark and mark.kwargs.get("transaction")) or fixtures & {"transactional_db", "live_server"}:
            raise pytest.UsageError(f"{item.nodeid}: {NO_FLUSH}.")
        if "own_database" in fixtures and (mark or "db" in fixtures):
            raise pytest.UsageError(f"{item.nodeid}: `own_database` commits, `django_db` rolls back: choose one.")
    begin_with_the_slow(items)


def begin_with_the_slow(items: list[pytest.Item]) -> None:
    """Files with slow tests, and those of whole programs, go first: left to the end, one worker waits for the other."""
    slow = {item.path for item in items if item.get_closest_marker("slow") or "works" in item.path.parts}
    items.sort(key=lambda item: item.path not in slow)


@pytest.fixture(scope="session")
def databases() -> Iterator[Databases]:
    """The checkout's test cluster, running, with its template migrated."""
    with Databases().serving() as running:
        yield running


@pytest.fixture(scope="session")
def django_db_setup(databases: Databases, django_db_blocker: DjangoDbBlocker) -> Iterator[None]:
    """A clone of the template for this worker; tests connect as `linli_web`, so the second wall stands in each."""
    database = databases.clone()
    with django_db_blocker.unblock(), django_on(database), django_db_blocker.block():
        yield
    databases.drop(database.name)


@pytest.fixture(autouse=True)
def fresh_policies() -> None:
    """What a process remembers of policies ends with each test, as the database's content does."""
    from linli.ground.policies import queries

    queries.forget()


@pytest.fixture(autouse=True)
def fresh_neighbourhoods() -> None:
    """And so does what it remembers of communities, categories and shops."""
    from linli.faces.shell import remembered

    remembered.forget_all()


@pytest.fixture
def own_database(databases: Databases, django_db_blocker: DjangoDbBlocker) -> Iterator[OwnDatabase]:
    """A fresh database for this test alone: real commits, many connections; Django speaks to it as `linli_web`."""
    database = databases.clone()
    with django_db_blocker.unblock(), django_on(database):
        yield database
    databases.drop(database.name)


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder that the server's plain user can pass through when root runs the tests (pytest's own are closed)."""
    usual = Path(tempfile.gettempdir())
    base = usual if plain_user().may_reach(usual) else Path("/tmp")  # noqa: S108
    folder = Path(tempfile.mkdtemp(prefix="linli-", dir=base))
    folder.chmod(0o711)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def cluster_of_its_own(open_folder: Path) -> Iterator[Callable[..., Cluster]]:
    """Makes clusters (`cluster_of_its_own(durable=True)`), not started, that a test may kill; removed afterwards."""
    made: list[Cluster] = []

    def make(*, durable: bool = True, tcp: bool | None = None) -> Cluster:
        made.append(Cluster(open_folder / f"c{len(made)}", find_binaries(), durable=durable, tcp=tcp))
        return made[-1]

    yield make
    for cluster in made:
        cluster.stop(even_if_held=True)
