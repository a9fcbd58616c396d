"""The real service as a process, once per database and test session; a fresh project per test."""

from __future__ import annotations

import itertools
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.acceptance.documents import PEOPLE, people
from tests.databases import Databases
from tests.file_server import FileServer
from tests.service import ProjectAccess, Service

BOTH = ["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)]
PATIENT = {
    "IMPORTMGR_FAILED_LOGINS_PER_MINUTE": "1000000",  # all tests come from one address
    "IMPORTMGR_EXECUTORS": "8",  # some of them wait for sources that other tests have made up
}
NUMBERS = itertools.count(1)

Start = Callable[..., Service]


def _database(request: pytest.FixtureRequest, folder: Path) -> dict[str, str]:
    """Return the setting of a migrated database of its own; none means SQLite beside the data."""
    if request.param == "sqlite":
        folder.mkdir(mode=0o700)
        shutil.copy(request.getfixturevalue("migrated_sqlite"), folder / "importmgr.db")
        return {}
    databases: Databases = request.getfixturevalue("databases")
    template: str = request.getfixturevalue("migrated_postgres")
    return {"IMPORTMGR_DATABASE_URL": databases.create(databases.new_name(), template=template)}


@pytest.fixture(scope="session", params=BOTH)
def service(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Service]:
    """The service with the test configuration, on each kind of database."""
    folder = tmp_path_factory.mktemp("service") / "data"
    with Service(folder, **PATIENT, **_database(request, folder)) as running:
        yield running


@pytest.fixture(scope="module", params=BOTH)
def start_service(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Start]:
    """Starts services with other settings, each on a new database, until the module ends."""
    with ExitStack() as running:

        def start(**settings: str) -> Service:
            folder = tmp_path_factory.mktemp("service") / "data"
            chosen = {**_database(request, folder), **settings}
            return running.enter_context(Service(folder, **chosen))

        yield start


@pytest.fixture
def project(service: Service) -> ProjectAccess:
    """A new project with a key that may do everything."""
    return service.project(name=f"project {next(NUMBERS)}")


@pytest.fixture(scope="session")
def files() -> Iterator[FileServer]:
    """A file server for tests that only read `/people.csv` from it."""
    with FileServer() as server:
        server.put("/people.csv", PEOPLE)
        yield server


@pytest.fixture
def minimal(files: FileServer) -> dict[str, object]:
    """The smallest valid definition, that of people."""
    return people(files.url("/people.csv"))


@pytest.fixture
def log_of() -> Callable[[Service], str]:
    """Reads what a service has written to its log."""

    def read(service: Service) -> str:
        return Path(service.log).read_text(encoding="utf-8")

    return read
