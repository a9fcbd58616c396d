"""Files that arrive by themselves where they come from other machines: SFTP and buckets."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import requests

from definitions.lifecycle import Cause, RunState
from tests.product import Product, wait_until, working
from tests.ssh_servers import Keys, in_process
from tests.storages import BUCKET, moto_server, s3_place, sftp_place
from tests.watching import Watch

MOVE = {"action": "move", "to": "done"}
PEOPLE = "mail,name\na@example.com,A\n"


@pytest.fixture
def product(sqlite_url: str, tmp_path: Path) -> Iterator[Product]:
    made = Product(sqlite_url, tmp_path / "var", file_stable_seconds=0.0)
    yield made
    made.close()


def watched(product: Product, kind: str, **settings: object) -> Watch:
    """Return a watch over an integration that is no folder of this machine."""
    document = {"name": "Drop", "kind": kind, "settings": settings}
    made = product.services.integrations.create(product.project, document)
    return Watch(product, Path("nowhere"), made)


def settled(watch: Watch, import_id: str) -> list[str]:
    """Look, work off what was found and return what was told of it."""
    watch.look()
    with working(watch.product.wiring.executor("test")):
        wait_until(lambda: len(watch.told(import_id)) == 2)
    watch.look()
    run = watch.product.run(import_id)
    assert (run.state, run.cause, run.tally.created) == (RunState.COMPLETED, Cause.NEW_FILE, 1)
    assert len(watch.product.runs(import_id)) == 1
    return [
        line.partition(" after run")[0].partition(", taken")[0] for line in watch.told(import_id)
    ]


def test_a_file_that_arrives_on_an_sftp_server_is_one_run_and_moved(
    product: Product, tmp_path: Path
) -> None:
    served = tmp_path / "served"
    (served / "in").mkdir(parents=True)
    with in_process(served, Keys()) as server:
        place = sftp_place(server)
        watch = watched(
            product,
            "sftp",
            host=place.host,
            port=place.port,
            username=place.username,
            host_key=place.host_key,
            private_key=place.private_key,
        )
        import_id = watch.create(parent_path="in", path="**/*.csv", after_success=MOVE)
        (served / "in" / "a.csv").write_text(PEOPLE)

        told = settled(watch, import_id)

    assert told == ["file in/a.csv: new", "file in/a.csv: moved to in/done/a.csv"]
    assert (served / "in" / "done" / "a.csv").read_text() == PEOPLE


def test_an_object_that_arrives_in_a_bucket_is_one_run_and_moved(product: Product) -> None:
    with moto_server() as endpoint:
        place = s3_place(endpoint)
        watch = watched(
            product,
            "s3",
            bucket=place.bucket,
            folder=place.folder,
            endpoint=endpoint,
            access_key_id=place.access_key_id,
            secret_access_key=place.secret_access_key,
        )
        import_id = watch.create(parent_path="in", path="**/*.csv", after_success=MOVE)
        url = f"{endpoint}/{BUCKET}/root/in"
        requests.put(f"{url}/a.csv", PEOPLE, timeout=10).raise_for_status()

        told = settled(watch, import_id)
        moved = requests.get(f"{url}/done/a.csv", timeout=10)

    assert told == ["file in/a.csv: new", "file in/a.csv: moved to in/done/a.csv"]
    assert moved.text == PEOPLE
