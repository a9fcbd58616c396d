"""The service as a process: when it must not start, and how it ends."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
import requests
import sqlalchemy as sa

from definitions.lifecycle import RunState
from importmgr.bootstrap import build
from importmgr.store.run_lists import RunFilter
from tests.engines import open_engine
from tests.file_server import FileServer
from tests.integration.test_shutdown import DOCUMENT
from tests.product import wait_until
from tests.service import ROOT, Service
from tests.stores import ORIGIN

WRONG = 2


def refused(data_dir: Path, **settings: str) -> str:
    """Start a service that must not start and return what it says, which is one line."""
    service = Service(data_dir, **settings)
    done = subprocess.run(
        [sys.executable, "-m", "importmgr", "serve"],
        cwd=ROOT,
        env={**os.environ, **service.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == WRONG, done.stderr
    assert done.stdout == ""
    *_, line = done.stderr.splitlines()
    assert line.startswith("error: ")
    assert "Traceback" not in done.stderr
    return line.removeprefix("error: ")


def test_a_second_service_on_the_same_data_folder_is_refused(tmp_path: Path) -> None:
    with Service(tmp_path / "var") as service:
        text = refused(tmp_path / "var")

        assert requests.get(f"{service.url}/healthz", timeout=10).status_code == 200

    assert text == (
        f"another importmgr works on the data folder '{tmp_path}/var'; "
        "stop it or set IMPORTMGR_DATA_DIR"
    )


def test_the_data_folder_is_free_again_after_a_kill(tmp_path: Path) -> None:
    with Service(tmp_path / "var") as service:
        service.kill()
        service.start()

        answer = requests.get(f"{service.url}/readyz", timeout=10)

    assert answer.status_code == 200
    assert answer.json()["checks"] == {
        "database": "ok",
        "executors": "ok",
        "ticker": "ok",
        "watchers": "ok",
        "couriers": "ok",
    }


def test_a_port_in_use_is_refused(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]

        text = refused(tmp_path / "var", IMPORTMGR_PORT=str(port))

    assert text.startswith(f"cannot listen on 127.0.0.1:{port}: Address already in use")
    assert text.endswith("set IMPORTMGR_PORT")


def test_a_host_without_address_is_refused(tmp_path: Path) -> None:
    text = refused(tmp_path / "var", IMPORTMGR_HOST="nowhere.invalid")

    assert text == "cannot listen on 'nowhere.invalid': it has no address; set IMPORTMGR_HOST"


def test_a_data_folder_that_cannot_be_one_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")

    text = refused(tmp_path / "file" / "var")

    assert text == f"no data folder '{tmp_path}/file/var': Not a directory; set IMPORTMGR_DATA_DIR"


def test_a_database_of_a_newer_version_is_refused_and_left_alone(
    database_url: str, tmp_path: Path
) -> None:
    with open_engine(database_url) as engine:
        with engine.begin() as connection:
            connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))

        text = refused(tmp_path / "var", IMPORTMGR_DATABASE_URL=database_url)

        with engine.begin() as connection:
            version = connection.execute(
                sa.text("SELECT version_num FROM alembic_version")
            ).scalar()
    assert text.startswith("the database was made by a newer importmgr (schema 9999")
    assert version == "9999"


@pytest.mark.postgres
def test_a_server_database_is_not_upgraded_behind_the_operators_back(
    empty_postgres_url: str, tmp_path: Path
) -> None:
    text = refused(tmp_path / "var", IMPORTMGR_DATABASE_URL=empty_postgres_url)

    assert text.endswith("run `importmgr db upgrade`")


def test_an_idle_service_ends_with_0_at_sigterm(tmp_path: Path) -> None:
    with Service(tmp_path / "var") as service:
        code = service.terminate()

    assert code == 0
    assert "Traceback" not in service.log.read_text()


@pytest.mark.parametrize("host", ["localhost", "::1"])
def test_the_address_shown_is_one_that_answers(tmp_path: Path, host: str) -> None:
    if host == "::1" and not _has_ipv6():
        pytest.skip("this machine has no IPv6")
    with Service(tmp_path / "var", IMPORTMGR_HOST=host) as service:
        answer = requests.get(f"{service.url}/healthz", timeout=10)
        code = service.terminate()

    assert answer.status_code == 200
    assert code == 0


@pytest.mark.slow
@pytest.mark.postgres
def test_two_services_on_one_database_share_the_work_without_doubling(
    postgres_url: str, file_server: FileServer, tmp_path: Path
) -> None:
    rows, imports = 1000, 6
    people = "".join(f"p{number}@example.com,{number}\n" for number in range(rows))
    source = {"source_type": "url", "import_url": file_server.put("/p.csv", "mail,age\n" + people)}
    settings = {
        "IMPORTMGR_DATABASE_URL": postgres_url,
        "IMPORTMGR_BATCH_BYTES": "1KiB",
        "IMPORTMGR_EXECUTORS": "1",
        "IMPORTMGR_MASTER_KEY": "AQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQEBAQE=",
    }
    with Service(tmp_path / "a", **settings) as first, Service(tmp_path / "b", **settings) as other:
        access = first.project()
        made = [access.create({**DOCUMENT, "source": source}) for _ in range(imports)]
        runs = [access.finished(import_id, within=60) for import_id in made]
        answered = requests.get(
            f"{other.url}/imports/v1/{access.token}", auth=access.auth, timeout=10
        )
        wait_until(lambda: _ended(first) + _ended(other) == imports)
        workers = [_ended(service) for service in (first, other)]

    assert [run["status"] for run in runs] == ["completed"] * imports
    assert sum(run["rows_created"] for run in runs) == rows
    assert [run["rows_processed"] for run in runs] == [rows] * imports
    assert all(workers), "one of the two did nothing"
    assert len(answered.json()) == imports  # either answers for both


@pytest.mark.postgres
def test_a_process_of_one_role_does_that_and_answers_operators(
    postgres_url: str, file_server: FileServer, tmp_path: Path
) -> None:
    source = {"source_type": "url", "import_url": file_server.put("/p.csv", "mail,age\na@b.cz,1\n")}
    roles = {"IMPORTMGR_ROLES": "executor", "IMPORTMGR_STATUS_PORT": "0"}
    with Service(tmp_path / "var", IMPORTMGR_DATABASE_URL=postgres_url, **roles) as service:
        wiring = build(service.settings)
        project = wiring.services.projects.create("Shop")
        import_id = wiring.services.definitions.create(
            project, {**DOCUMENT, "source": source}, ORIGIN
        )
        wait_until(lambda: _ended(service) == 1)
        ready = requests.get(f"{service.url}/readyz", timeout=10)
        other = requests.get(f"{service.url}/imports/v1/{project.token}", timeout=10)
        ((run, *_), _) = wiring.stores.runs.list(RunFilter(definition_id=import_id), 1, 0)
        wiring.close()
        code = service.terminate()

    assert ready.json()["checks"] == {"database": "ok", "executors": "ok"}
    assert other.status_code == 404
    assert run.state is RunState.COMPLETED
    assert code == 0


def test_the_api_can_run_in_any_wsgi_server(sqlite_url: str, tmp_path: Path) -> None:
    service = Service(tmp_path / "var", IMPORTMGR_DATABASE_URL=sqlite_url)
    program = "import wsgi; print(wsgi.app.test_client().get('/readyz').status_code)"

    done = subprocess.run(
        [sys.executable, "-c", program],
        cwd=ROOT,
        env={**os.environ, **service.environ, "PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )

    assert done.stdout.strip() == "200", done.stderr


def _ended(service: Service) -> int:
    """Return how many runs a service has seen to their end."""
    lines = requests.get(f"{service.url}/metrics", timeout=10).text.splitlines()
    name = 'importmgr_runs_total{state="completed"} '
    return sum(int(float(line.removeprefix(name))) for line in lines if line.startswith(name))


def _has_ipv6() -> bool:
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        return False
    return True


def test_a_second_signal_does_not_hang_the_end(tmp_path: Path) -> None:
    with Service(tmp_path / "var") as service:
        service.send(signal.SIGTERM)
        service.send(signal.SIGINT)

        assert service.terminate() == 0


def test_the_master_key_is_not_rotated_beside_a_running_service(tmp_path: Path) -> None:
    with Service(tmp_path / "var") as service:
        done = subprocess.run(
            [sys.executable, "-m", "importmgr", "secrets", "rotate"],
            cwd=ROOT,
            env={**os.environ, **service.environ, "PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )

    assert done.returncode == WRONG
    assert "another importmgr works on the data folder" in done.stderr


def test_what_is_in_the_data_folder_is_for_its_owner_only(tmp_path: Path) -> None:
    (open_folder := tmp_path / "open").mkdir(mode=0o755)
    open_folder.chmod(0o755)
    with Service(tmp_path / "var"):
        assert (tmp_path / "var").stat().st_mode & 0o777 == 0o700
    with Service(open_folder):
        database = open_folder / "importmgr.db"
        assert database.stat().st_mode & 0o777 == 0o600
