"""From a stored definition to the address that is really asked, and with which login."""

from __future__ import annotations

import pytest

from definitions.errors import InvalidError, SourceRefusedError
from definitions.model import BasicAuth, UrlSource
from definitions.schema import normalise
from importmgr.services.sources import located
from importmgr.store.definitions import StoredDefinition
from tests.acceptance.documents import PEOPLE, changed, idle, people
from tests.file_server import FileServer
from tests.product import Product
from tests.stores import ORIGIN

LOGIN = BasicAuth(username="importer", password="correct horse")
HOME = UrlSource(url="https://files.example.test/daily/people.csv?v=1", use_proxy=True, auth=LOGIN)


@pytest.mark.parametrize(
    ("location", "url"),
    [
        (None, "https://files.example.test/daily/people.csv?v=1"),
        ("other.csv", "https://files.example.test/daily/other.csv"),
        ("/top.csv", "https://files.example.test/top.csv"),
        ("../up.csv?v=2", "https://files.example.test/up.csv?v=2"),
        ("HTTPS://FILES.example.test:443/x.csv", "https://FILES.example.test:443/x.csv"),
    ],
)
def test_the_login_goes_along_within_the_same_origin(location: str | None, url: str) -> None:
    assert located(HOME, location) == UrlSource(url=url, use_proxy=True, auth=LOGIN)


@pytest.mark.parametrize(
    "location",
    [
        "http://files.example.test/daily/people.csv",
        "https://files.example.test:8443/daily/people.csv",
        "https://elsewhere.example.test/people.csv",
        "//elsewhere.example.test/people.csv",
    ],
)
def test_the_login_stays_at_home_for_another_origin(location: str) -> None:
    assert located(HOME, location).auth is None


@pytest.mark.parametrize(
    "location",
    ["file:///etc/passwd", "ftp://x/y", "javascript:1", "http://a:b@c/", "a\nb", "\0", "\ud800"],
)
def test_a_location_with_a_problem_is_refused_by_the_name_of_its_field(location: str) -> None:
    with pytest.raises(InvalidError) as caught:
        located(HOME, location)

    assert list(caught.value.problems) == ["path"]


def test_a_stored_password_reaches_the_source_and_no_other_host(
    product: Product, file_server: FileServer
) -> None:
    file_server.put("/people.csv", PEOPLE)
    file_server.protect("/people.csv", LOGIN.username, LOGIN.password)
    auth = {"username": LOGIN.username, "password": LOGIN.password}
    document = changed(idle(people(file_server.url("/people.csv"))), "source.auth", auth)
    import_id = product.create(document)
    stored = product.services.definitions.require(product.project, import_id, ORIGIN)

    product.wiring.sources.open(stored, None).check()

    with pytest.raises(SourceRefusedError, match="401"):
        product.wiring.sources.open(
            stored, file_server.url("/people.csv", host="localhost")
        ).check()


def test_a_definition_without_login_has_none(product: Product) -> None:
    import_id = product.create(idle(people()))
    stored = product.services.definitions.require(product.project, import_id, ORIGIN)

    source = product.wiring.sources.definition(stored).source

    assert isinstance(source, UrlSource)
    assert source.auth is None


def test_a_file_storage_is_not_to_be_had(product: Product) -> None:
    source = {
        "source_type": "filestorage",
        "integration_id": "5f3c1a2b4d5e6f708192a3b4",
        "path": "*.csv",
        "file_selection": "all",
    }
    stored = StoredDefinition(
        id="a" * 24,
        project_id=product.project.id,
        origin=ORIGIN,
        document=normalise(changed(people(), "source", source)),
        secret=None,
        active=True,
        created_at=product.clock.now(),
    )

    with pytest.raises(SourceRefusedError, match="no integration '5f3c1a2b4d5e6f708192a3b4'"):
        product.wiring.sources.open(stored, None)
