"""The Monday test: what happened since Friday is understood, repaired and closed by command line.

A person types what docs/guide/monday.md shows first, then only what the commands themselves tell.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from definitions.lifecycle import RunState
from tests.acceptance.documents import DAILY, PEOPLE, changed, idle, people
from tests.api_server import ApiServer
from tests.file_server import FileServer, Status
from tests.house.tree import ROOT
from tests.monday import Person, at_work
from tests.product import Product, working
from tests.receivers import one_time
from tests.ssh_servers import PASSWORD, USER, Keys, SshServer, in_process

ROWS = "mail,name\na@example.com,A\n,B\n,C\n"
DAY = timedelta(days=1).total_seconds()


@pytest.fixture
def product(sqlite_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Product]:
    """An installation of this test alone, whose clock is moved by hand."""
    one_time(monkeypatch)
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.chdir(tmp_path)  # files are written where the person is
    made = Product(sqlite_url, tmp_path / "data", local_folders=(tmp_path,))
    yield made
    made.close()


@pytest.fixture
def person(product: Product) -> Iterator[Person]:
    with at_work(product) as somebody:
        yield somebody


def waiting(url: str, **members: Any) -> dict[str, Any]:  # noqa: ANN401 - of any type
    """Return a definition of people that runs when it is told to."""
    return {**idle(people(url)), **members}


def test_a_source_that_broke_and_then_lost_its_file(
    product: Product, person: Person, file_server: FileServer
) -> None:
    url = file_server.put("/people.csv", PEOPLE)
    import_id = product.create(waiting(url))
    file_server.always("/people.csv", Status(status=500))
    product.start(import_id)
    assert product.settle(import_id).state is RunState.QUEUED
    file_server.always("/people.csv", Status(status=404))
    product.pass_time(3600)
    assert product.settle(import_id).state is RunState.FAILED

    assert import_id in person.types("importmgr runs list --status failed --since 2026-03-01")
    assert import_id not in person.types("importmgr runs list --status paused")
    assert import_id not in person.types("importmgr runs list --rejecting")
    why = person.types(f"importmgr definitions why {import_id}")
    shown = person.follows(why, "runs show")
    assert "answers 500" in shown
    assert "404" in shown
    file_server.always("/people.csv", None)  # the file is there again
    person.follows(why, "runs retry")

    assert product.settle(import_id).state is RunState.COMPLETED
    assert "importmgr runs" not in person.types(f"importmgr definitions why {import_id}")


def test_a_brake_that_paused_a_run_and_rows_that_it_rejected(
    product: Product, person: Person, file_server: FileServer, tmp_path: Path
) -> None:
    brakes = {"max_rejected": {"action": "pause", "rows": 1}}
    import_id = product.create(waiting(file_server.put("/people.csv", ROWS), brakes=brakes))
    product.start(import_id)
    assert product.settle(import_id).state is RunState.PAUSED

    why = person.types(f"importmgr definitions why {import_id}")
    assert "rejected" in why
    person.follows(why, "runs continue")
    assert product.settle(import_id).state is RunState.COMPLETED

    why = person.types(f"importmgr definitions why {import_id}")
    assert "missing_key" in person.follows(why, "runs faults")
    told = person.follows(why, "runs rejects")
    assert "2 rows to correct" in told
    bad = tmp_path / "bad.csv"
    bad.write_text(bad.read_text().replace(",,B", ",b@example.com,B").replace(",,C", ",c@d.ef,C"))
    with working(product.wiring.executor("at work")):
        assert "nothing to correct" in person.follows(why, "runs repair")

    after = person.types(f"importmgr definitions why {import_id}")
    assert "importmgr runs" not in after
    assert "none of its rows is rejected now" in after
    assert (product.run(import_id).tally.created, product.customers()) == (2, 3)


def test_instants_that_were_missed_as_nobody_was_there(
    product: Product, person: Person, file_server: FileServer
) -> None:
    nightly = {**people(file_server.put("/people.csv", PEOPLE)), "trigger": DAILY}
    made_up = product.create(nightly)
    left = product.create(changed(nightly, "trigger.missed", "skip"))
    product.clock.move(3 * DAY)
    product.wiring.ticker().tick()

    told = person.types(f"importmgr definitions why {made_up}")
    assert "late (no service was there at 02:30)" in told
    assert "importmgr" not in told
    why = person.types(f"importmgr definitions why {left}")
    assert why.count("missed, as no service was there") == 3
    assert "2026-03-05" in person.types(f"importmgr definitions next-runs {left}")
    person.follows(why, "definitions run")

    assert product.settle(left).state is RunState.COMPLETED
    assert "importmgr" not in person.types(f"importmgr definitions why {left}")


def test_a_promise_that_was_broken_and_told(
    product: Product, person: Person, file_server: FileServer, api_server: ApiServer
) -> None:
    api_server.answer("thanks")
    hook = product.services.receivers["webhook"].create(product.project, {"url": api_server.url})
    fresh = {"every": "26h", "min_rows": 1}
    import_id = product.create(
        waiting(file_server.put("/people.csv", PEOPLE), freshness=fresh, name="Members")
    )
    product.clock.move(3 * DAY)
    product.wiring.ticker().tick()
    assert product.wiring.courier().deliver_one()

    (seen,) = api_server.seen
    assert seen.body["type"] == "freshness.broken"
    assert seen.body["data"]["import_id"] == import_id
    assert "delivered" in person.types(f"importmgr webhook deliveries {hook.receiver_id}")
    assert "(not fresh)" in person.types("importmgr definitions list")
    why = person.types(f"importmgr definitions why {import_id}")
    person.follows(why, "definitions run")

    product.settle(import_id)
    assert "fresh again" in person.types(f"importmgr definitions why {import_id}")


def test_a_server_that_has_another_host_key(
    product: Product, person: Person, tmp_path: Path
) -> None:
    folder = tmp_path / "server"
    folder.mkdir()
    (folder / "people.csv").write_text(PEOPLE)
    with in_process(folder, Keys()) as server:
        import_id = product.create(changed(waiting(""), "source", sftp_source(person, server)))
    with in_process(folder, Keys(), port=server.port):
        product.start(import_id)
        assert product.settle(import_id).state is RunState.FAILED

        why = person.types(f"importmgr definitions why {import_id}")
        assert "shows the host key" in why
        assert "trusting" in person.follows(why, "integration test")
        person.follows(why, "runs retry")
        assert product.settle(import_id).state is RunState.COMPLETED
    assert "importmgr runs" not in person.types(f"importmgr definitions why {import_id}")


def sftp_source(person: Person, server: SshServer) -> dict[str, Any]:
    """Return a source on the server, with an integration made by command line."""
    made = person.types(
        "importmgr integration create shop --kind sftp --set host=127.0.0.1 --trust --json "
        f"--set port={server.port} --set username={USER} --set password='{PASSWORD}'"
    )
    integration_id = json.loads(made[made.index("{") : made.rindex("}") + 1])["integration_id"]
    return {
        "source_type": "filestorage",
        "integration_id": integration_id,
        "path": "people.csv",
        "file_selection": "all",
    }


def test_every_command_of_the_guide_can_be_typed(
    product: Product, person: Person, file_server: FileServer, tmp_path: Path
) -> None:
    url = file_server.put("/people.csv", ROWS)
    brakes = {"max_rejected": {"action": "pause", "rows": 1}}
    well = ran(product, waiting(url))
    cut = ran(product, waiting(f"{url}.gone"))
    braked, doubtful = (ran(product, waiting(url, brakes=brakes)) for _ in range(2))
    hook = product.services.receivers["webhook"].create(product.project, {"url": url}).receiver_id
    folder = {"name": "Drop", "kind": "local", "settings": {"folder": str(tmp_path)}}
    drop = product.services.integrations.create(product.project, folder)
    runs = {"runs retry": cut, "runs continue": braked, "runs cancel": doubtful}
    names = {"WEBHOOK": hook, "INTEGRATION": drop}

    commands = re.findall(r"(?m)^importmgr [^#\n]*", (ROOT / "docs/guide/monday.md").read_text())
    assert all(any(name in command for command in commands) for name in runs)
    with working(product.wiring.executor("at work")):
        for command in commands:
            import_id, run_id = runs.get(" ".join(command.split()[1:3]), well)
            words = {"DEFINITION": import_id, "RUN": run_id, **names}
            person.types(" ".join(words.get(word, word) for word in command.split()))


def ran(product: Product, document: dict[str, Any]) -> tuple[str, str]:
    """Return a definition, and a run of it as one attempt has left it."""
    import_id = product.create(document)
    product.start(import_id)
    return import_id, product.settle(import_id).id
