"""X1, X4 and X5: what holds for every dialect."""

from __future__ import annotations

import base64
from collections.abc import Callable
from pathlib import Path

import pytest
import requests
import sqlalchemy as sa

from tests.acceptance.documents import PEOPLE, Document, changed, idle, people
from tests.engines import open_engine
from tests.file_server import FileServer
from tests.service import ProjectAccess, Service

CLOSED = {"IMPORTMGR_ALLOW_PRIVATE_SOURCES": "false"}
LOUD = {"IMPORTMGR_LOG_LEVEL": "debug"}
PASSWORD = "V3ry-s3cret-p4ssw0rd"


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/imports/v1/{t}/x/y/z", 404),
        ("GET", "/data/v2/nothing", 404),
        ("GET", "/imports/v1/{t}//x", 404),
        ("PATCH", "/imports/v1/{t}", 405),
        ("DELETE", "/data/v2/projects/{t}/customers/export-one", 405),
        ("PUT", "/track/v2/projects/{t}/batch", 405),
        ("BREW", "/imports/v1/{t}", 405),
    ],
)
def test_x1_bloomreach_problems_have_the_bloomreach_shape(
    project: ProjectAccess, method: str, path: str, status: int
) -> None:
    """X1. What the router refuses is told like everything else, with `Allow` on 405."""
    answer = project.call(method, path)

    assert answer.status_code == status
    assert answer.headers["Content-Type"] == "application/json"
    assert set(answer.json()) == {"success", "error", "errors"}
    assert ("Allow" in answer.headers) is (status == 405)


@pytest.mark.parametrize("path", ["/", "/nothing", "/imports/v2/x", "/importsv1", "/docs/x"])
def test_x1_unknown_prefixes_get_a_neutral_answer(service: Service, path: str) -> None:
    """X1. Where nobody speaks a dialect the answer is JSON too, and needs no key."""
    answer = requests.get(service.url + path, timeout=10)

    assert answer.status_code == 404
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.json()["code"] == "not_found"


def test_x1_a_slash_at_the_end_is_tolerated(project: ProjectAccess) -> None:
    """X1. No redirect either: clients do not repeat a POST."""
    made = project.call("POST", "/imports/v1/{t}/", json=idle(people()), allow_redirects=False)

    assert made.status_code == 200
    assert project.call("GET", f"/imports/v1/{{t}}/{made.json()['import_id']}/").status_code == 200


def test_x1_head_and_options(project: ProjectAccess) -> None:
    """X1. HEAD is GET without its body, OPTIONS names the methods."""
    head = project.call("HEAD", "/imports/v1/{t}")
    options = project.call("OPTIONS", "/imports/v1/{t}")

    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["X-Total-Count"] == "0"
    assert (options.status_code, options.json()) == (200, {"success": True})
    assert set(options.headers["Allow"].split(", ")) == {"GET", "HEAD", "OPTIONS", "POST"}


def test_x1_every_answer_has_a_request_id(
    service: Service, log_of: Callable[[Service], str]
) -> None:
    """X1. The id that a client gives is kept when it is a plain word, and is in the log."""
    given = {"X-Request-Id": "from-the-client.1"}

    kept = requests.get(f"{service.url}/healthz", headers=given, timeout=10)
    made = requests.get(f"{service.url}/healthz", headers={"X-Request-Id": "a b"}, timeout=10)

    assert kept.headers["X-Request-Id"] == "from-the-client.1"
    assert len(made.headers["X-Request-Id"]) == 24
    assert "from-the-client.1" in log_of(service)


def test_operators_are_answered_without_a_key(service: Service) -> None:
    """Alive, ready, figures and the description."""
    answers = {
        path: requests.get(service.url + path, timeout=10)
        for path in ("/healthz", "/readyz", "/metrics", "/openapi.json", "/docs")
    }

    assert {answer.status_code for answer in answers.values()} == {200}
    assert answers["/readyz"].json()["status"] == "ready"
    assert "importmgr_http_requests_total{" in answers["/metrics"].text
    assert answers["/openapi.json"].json()["openapi"] == "3.1.0"
    assert "<script" not in answers["/docs"].text


@pytest.fixture(scope="module")
def closed(start_service: Callable[..., Service]) -> Service:
    """A service that may not reach private addresses, as it is by default."""
    return start_service(**CLOSED)


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "[::1]", "169.254.169.254", "2130706433", "0.0.0.0"]
)
def test_x4_private_addresses_are_refused(
    closed: Service, file_server: FileServer, host: str
) -> None:
    """X4. Neither a look nor a run reaches a private or a metadata address."""
    project = closed.project()
    file_server.put("/people.csv", PEOPLE)
    url = f"http://{host}:{file_server.port}/people.csv"
    import_id = project.create(people(url))

    looked = project.call("POST", f"/imports/v1/{{t}}/{import_id}/run")
    run = project.finished(import_id)

    assert looked.status_code == 400
    assert looked.json()["error"]
    assert (run["status"], run["reason"]) == ("failed", "source_refused")
    assert file_server.seen == []


@pytest.fixture
def loud(start_service: Callable[..., Service]) -> Service:
    """A service that logs all it can."""
    return start_service(**LOUD)


def test_x5_secrets_are_nowhere(loud: Service, file_server: FileServer) -> None:
    """X5. Passwords and key secrets are in no answer, log line or byte on disk."""
    project = loud.project()
    login = {"username": "importer", "password": PASSWORD}
    document = changed(people(file_server.put("/private.csv", PEOPLE)), "source.auth", login)
    file_server.protect("/private.csv", "importer", PASSWORD)

    answers = use(project, document)

    key_id, secret = project.auth
    pair = base64.b64encode(f"{key_id}:{secret}".encode()).decode()
    source_pair = base64.b64encode(f"importer:{PASSWORD}".encode()).decode()
    everything = {
        "answers": "\n".join(answers).encode(),
        "log": loud.log.read_bytes(),
        "database": stored(loud),
        **{str(path): path.read_bytes() for path in on_disk(loud)},
    }
    for name, content in everything.items():
        for hidden in (PASSWORD, secret, pair, source_pair):
            assert hidden.encode() not in content, f"{hidden!r} is in {name}"
    assert b"request" in everything["log"]


def use(project: ProjectAccess, document: Document) -> list[str]:
    """Do all that touches secrets, rightly and wrongly, and return what was answered."""
    wrong = changed(document, "source.auth.username", "somebody")
    misplaced = changed(document, "source.auth", {"username": "x:y", "password": [PASSWORD]})
    in_url = changed(document, "source.import_url", f"http://u:{PASSWORD}@127.0.0.1/x")
    answers = [
        project.call("POST", "/imports/v1/{t}", json=misplaced).text,
        project.call("POST", "/imports/v1/{t}", json=in_url).text,
        project.call("POST", "/imports/v1/{t}", data=f'{{"password": "{PASSWORD}"').text,
        project.call("GET", f"/nothing/{project.token}").text,
    ]
    for import_id in (project.create(document), project.create(wrong)):
        answers.append(str(project.finished(import_id)))
        answers.append(project.call("GET", f"/imports/v1/{{t}}/{import_id}").text)
        answers.append(project.call("POST", f"/imports/v1/{{t}}/{import_id}/run").text)
    answers.append(project.call("GET", "/imports/v1/{t}").text)
    return [*answers, requests.get(f"{project.url}/metrics", timeout=10).text]


def stored(service: Service) -> bytes:
    """Return every cell of every table, as text and as bytes."""
    with open_engine(service.settings.database_url) as engine:
        tables = sa.MetaData()
        tables.reflect(engine)
        with engine.connect() as connection:
            rows = [
                row
                for table in tables.tables.values()
                for row in connection.execute(table.select())
            ]
    assert len(rows) > 10
    cells = [cell for row in rows for cell in row]
    return b"\n".join(cell if isinstance(cell, bytes) else str(cell).encode() for cell in cells)


def on_disk(service: Service) -> list[Path]:
    """Return every file of the data folder."""
    return [path for path in service.data_dir.rglob("*") if path.is_file()]
