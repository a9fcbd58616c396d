"""Runs over the files of a local folder, from the definition to the customers."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from definitions.batches import Tally
from definitions.errors import InvalidError, RequestError
from definitions.lifecycle import RunState
from definitions.model import FileSelection, FileStorageSource
from importmgr.services.runs import StartRun
from importmgr.services.storages import located_files
from importmgr.store.runs import Run
from tests.acceptance.documents import changed, idle, people
from tests.product import Product
from tests.stores import ORIGIN


@dataclass
class Drop:
    """A product with an integration of a folder, and what was put into it."""

    product: Product
    folder: Path
    integration_id: str = ""
    rows: dict[str, int] = field(default_factory=dict)

    def put(self, name: str, *mails: str, age: float = 1000) -> None:
        target = self.folder / name
        target.write_text("mail,name\n" + "".join(f"{mail}@example.com,x\n" for mail in mails))
        moment = self.product.clock.at.timestamp() - age
        os.utime(target, (moment, moment))

    def create(self, selection: str = "all", path: str = "*.csv", **source: object) -> str:
        members = {
            "source_type": "filestorage",
            "integration_id": self.integration_id,
            "path": path,
            "file_selection": selection,
            **source,
        }
        return self.product.create(changed(idle(people()), "source", members))

    def run(self, import_id: str, location: str | None = None) -> Run:
        command = StartRun(location=location, test_connection=False)
        self.product.start(import_id, command)
        return self.product.settle(import_id)


@pytest.fixture
def drop(database_url: str, tmp_path: Path) -> Iterator[Drop]:
    folder = tmp_path / "drop"
    folder.mkdir()
    product = Product(database_url, tmp_path / "var", local_folders=(tmp_path,))
    document = {"name": "Drop", "kind": "local", "settings": {"folder": str(folder)}}
    made = product.services.integrations.create(product.project, document)
    yield Drop(product, folder, made)
    product.close()


def names(run: Run) -> list[str]:
    assert run.state is RunState.COMPLETED, run.error
    return [opened.file for opened in run.files]


def test_each_file_of_a_run_has_its_counts(drop: Drop) -> None:
    drop.put("a.csv", "a", "b")
    drop.put("b.csv", "c")
    (drop.folder / "c.csv").write_text("no,key\n1,2\n")
    os.utime(drop.folder / "c.csv", (0, 0))
    import_id = drop.create("all")

    drop.run(import_id)
    [report] = drop.product.services.runs.list(
        drop.product.project, import_id, ORIGIN, (9, 0)
    ).items

    assert report.run.state is RunState.FAILED
    assert report.files == {
        "a.csv": Tally(read=2, created=2),
        "b.csv": Tally(read=1, created=1),
        "c.csv": Tally(),
    }


def test_of_several_files_the_first_that_lacks_a_column_is_named(drop: Drop) -> None:
    for name, head in (("a.csv", "mail,name"), ("b.csv", "mail,x"), ("c.csv", "mail,y")):
        drop.put(name, name[0])
        (drop.folder / name).write_text(f"{head}\n{name}@example.com,1\n")
        os.utime(drop.folder / name, (0, 0))

    run, alone = (drop.run(drop.create("all", path)) for path in ("*.csv", "b.csv"))

    [several], [one] = run.warnings, alone.warnings
    assert one.startswith("column 'name' ")
    assert several == f"b.csv: {one}"


def test_a_folder_is_refused_before_anything_is_stored(drop: Drop, tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to("/usr")
    integrations, project = drop.product.services.integrations, drop.product.project
    before = integrations.list(project, 50, 0).total

    for folder in ("/usr", str(tmp_path / "link"), f"{tmp_path}/../..", "drop"):
        document = {"name": "D", "kind": "local", "settings": {"folder": folder}}
        with pytest.raises(InvalidError, match="IMPORTMGR_LOCAL_FOLDERS") as caught:
            integrations.create(project, document)
        assert set(caught.value.problems) == {"settings.folder"}

    assert integrations.list(project, 50, 0).total == before


def test_br35_every_selection_takes_its_files(drop: Drop) -> None:
    """BR35."""
    drop.put("a.csv", "a", age=3000)
    drop.put("b.csv", "b", age=100)
    drop.put("c.csv", "c", age=500)

    assert names(drop.run(drop.create("all"))) == ["a.csv", "b.csv", "c.csv"]
    assert names(drop.run(drop.create("last_mod"))) == ["b.csv"]
    assert names(drop.run(drop.create("last_alpha"))) == ["c.csv"]
    assert drop.product.customers() == 3


def test_br35_what_was_imported_is_not_imported_again(drop: Drop) -> None:
    """BR35."""
    import_id = drop.create("not_imported")
    drop.put("b.csv", "b")
    first = drop.run(import_id)
    second = drop.run(import_id)
    drop.put("a.csv", "d", age=10_000_000)  # late, with an old date and an earlier name
    third = drop.run(import_id)

    assert (names(first), names(second), names(third)) == (["b.csv"], [], ["a.csv"])
    assert second.tally == Tally()


def test_the_same_content_under_a_new_name_is_told_and_left_out(drop: Drop) -> None:
    import_id = drop.create("not_imported")
    drop.put("a.csv", "a")
    drop.run(import_id)
    drop.put("b.csv", "a")

    again, once_more = drop.run(import_id), drop.run(import_id)

    assert names(again) == []
    assert again.warnings == ("b.csv is left out: its content was imported before as a.csv",)
    assert once_more.warnings == ("left out, as imported before: 2",)


def test_where_identity_counts_the_same_content_is_told_and_imported(drop: Drop) -> None:
    import_id = drop.create("not_imported", changed_when="identity")
    drop.put("a.csv", "a")
    drop.run(import_id)
    drop.put("b.csv", "a")

    again = drop.run(import_id)

    assert names(again) == ["b.csv"]
    assert "although its content was imported before as a.csv" in again.warnings[0]


def test_a_file_that_failed_is_taken_again(drop: Drop) -> None:
    import_id = drop.create("not_imported")
    drop.put("a.csv", "a")
    (drop.folder / "b.csv").write_bytes(b"%PDF-1.7\n1 0 obj")
    os.utime(drop.folder / "b.csv", (0, 0))
    failed = drop.run(import_id)
    drop.put("b.csv", "b")
    again = drop.run(import_id)

    assert failed.state is RunState.FAILED
    assert names(again) == ["b.csv"]


def test_a_location_replaces_the_path_for_one_run(drop: Drop) -> None:
    import_id = drop.create(path="a.csv")
    drop.put("a.csv", "a")
    drop.put("b.csv", "b")

    assert names(drop.run(import_id, "b.csv")) == ["b.csv"]
    assert names(drop.run(import_id)) == ["a.csv"]


@pytest.mark.parametrize("location", ["../a.csv", "", "/(/"])
def test_a_location_that_is_no_path_is_refused(location: str) -> None:
    source = FileStorageSource(
        integration_id="i" * 24, parent_path=None, path="a.csv", selection=FileSelection.ALL
    )

    with pytest.raises(InvalidError) as caught:
        located_files(source, location)

    assert list(caught.value.problems) == ["path"]


def test_a_start_looks_at_the_storage_first(drop: Drop) -> None:
    import_id = drop.create(path="missing.csv")

    with pytest.raises(RequestError, match=r"cannot be read: there is no file 'missing\.csv'"):
        drop.product.start(import_id, StartRun())


def test_an_integration_that_is_gone_fails_the_run(drop: Drop, monkeypatch: Any) -> None:  # noqa: ANN401
    import_id = drop.create()
    store = drop.product.wiring.stores.integrations
    monkeypatch.setattr("importmgr.store.integrations._refuse_in_use", lambda *_: None)
    store.delete(drop.product.project.id, drop.integration_id)
    with pytest.raises(RequestError, match="no integration"):
        drop.product.start(import_id)


def test_a_run_goes_on_with_the_files_it_began_with(drop: Drop) -> None:
    """A file that comes between two attempts would shift the numbers of the others."""
    import_id = drop.create("all")
    drop.put("b.csv", "b")
    (drop.folder / "c.csv").write_text("mail,name\nc@example.com,x\n")
    os.utime(drop.folder / "c.csv", (0, 0))
    (drop.folder / "c.csv.sha256").write_text("0" * 64)
    drop.product.start(import_id)
    waiting = drop.product.settle(import_id)
    drop.put("a.csv", "a")
    (drop.folder / "c.csv.sha256").unlink()
    drop.product.pass_time(3600)
    ended = drop.product.settle(import_id)

    assert waiting.state is RunState.QUEUED
    assert "checksum" in (waiting.error or "")
    assert names(ended) == ["b.csv", "c.csv"]
    assert ended.tally == Tally(read=2, created=2)
    assert drop.product.customers() == 2
