"""Files of a storage, from the list to the spool."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, ClassVar
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import pytest
import requests

from definitions.errors import ShutdownError, SourceRefusedError, SourceUnreachableError
from definitions.file_decisions import FileCode
from definitions.model import FileSelection
from definitions.model import FileStorageSource as Wanted
from definitions.places import GcsPlace, LocalPlace
from sources.base import RemoteFile, Storage
from sources.filestorage import Asked, FileStorageSettings, FileStorageSource
from sources.storages.local import LocalSession, LocalStorage
from sources.storages.object_store import GcsStorage, S3Storage
from sources.storages.sftp import SftpStorage
from sources.storages.terms import StorageTerms
from tests.clocks import HandClock
from tests.cutting_proxy import CuttingProxy
from tests.ssh_servers import Cutting, Keys, in_process
from tests.storages import BUCKET, moto_server, s3_place, service_account, sftp_place, terms
from tests.unit.sources.files import NOW

WANTED = Wanted(
    integration_id="i" * 24, parent_path="in", path="*.csv", selection=FileSelection.ALL
)
LARGE = bytes(range(256)) * 20_000  # 5 MB


@dataclass
class Shelf:
    """A folder with files of known age, and a clock."""

    folder: Path
    clock: HandClock = field(default_factory=lambda: HandClock(NOW))

    def put(self, name: str, content: bytes = b"x", age: float = 1000) -> Path:
        target = self.folder / "in" / name
        target.parent.mkdir(exist_ok=True)
        target.write_bytes(content)
        moment = self.clock.at.timestamp() - age
        os.utime(target, (moment, moment))
        return target

    def source(self, storage: Storage | None = None, **changes: Any) -> FileStorageSource:  # noqa: ANN401
        heartbeat: Callable[[], None] = changes.pop("heartbeat", lambda: None)
        settings = FileStorageSettings(sleep=self.clock.sleep, monotonic=self.clock.monotonic)
        asked = Asked(at=NOW, zone=ZoneInfo("UTC"))
        wanted = replace(WANTED, **changes)
        return FileStorageSource(wanted, storage or self.storage, asked, settings, heartbeat)

    @property
    def storage(self) -> Storage:
        place = LocalPlace(folder=str(self.folder))
        return LocalStorage(place, self._terms)

    @property
    def slow_storage(self) -> Storage:
        """One whose large files take more than a moment."""
        place = LocalPlace(folder=str(self.folder))
        return LocalStorage(place, replace(self._terms, chunk_size=8))

    @property
    def _terms(self) -> StorageTerms:
        return terms(folders=(self.folder,), now=self.clock.now)


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    (tmp_path / "files" / "in").mkdir(parents=True)
    return Shelf(tmp_path / "files")


def names(source: FileStorageSource) -> list[str]:
    return [file.path for file in source.list()]


def codes(source: FileStorageSource) -> list[FileCode]:
    return [decision.code for decision in source.decisions()]


def only(source: FileStorageSource) -> RemoteFile:
    (file,) = source.list()
    return file


def test_files_come_by_name_with_the_reason(shelf: Shelf) -> None:
    for name in ("b.csv", "a.csv", "c.txt"):
        shelf.put(name)
    source = shelf.source()

    assert names(source) == ["in/a.csv", "in/b.csv"]
    assert codes(source) == [FileCode.TAKEN, FileCode.TAKEN]


def test_dates_in_a_path_are_those_of_the_run(shelf: Shelf) -> None:
    shelf.put("crm_20260301.csv")
    shelf.put("crm_20260228.csv")

    assert names(shelf.source(path="crm_{yyyy}{MM}{dd}.csv")) == ["in/crm_20260301.csv"]


def test_a_young_file_is_waited_for_and_taken(shelf: Shelf) -> None:
    shelf.put("a.csv", age=5)

    assert names(shelf.source()) == ["in/a.csv"]
    assert sum(shelf.clock.slept) == 30


def test_the_time_of_another_file_proves_nothing_where_there_is_no_clock(shelf: Shelf) -> None:
    """The server's clock is an hour slow, and an uploader gave its own time to what it had sent."""
    shelf.put("whole.csv", age=0)
    sleep = shelf.clock.sleep

    def growing(seconds: float) -> None:
        sleep(seconds)
        shelf.put("growing.csv", b"xx", age=3600)

    shelf.clock.sleep = growing  # type: ignore[method-assign] # the other side goes on writing
    with in_process(shelf.folder, Keys()) as server:
        shelf.put("growing.csv", b"x", age=3600)
        storage = SftpStorage(sftp_place(server), terms())
        with closing(shelf.source(storage, path="*.csv")) as source:
            taken = names(source)
            left = [each.code for each in source.decisions() if each.facts["path"] not in taken]

    assert taken == ["in/whole.csv"]
    assert left == [FileCode.IN_FLIGHT]


def test_a_file_that_grows_is_left_for_a_later_run(shelf: Shelf) -> None:
    shelf.put("a.csv", b"x", age=5)
    sleep = shelf.clock.sleep

    def growing(seconds: float) -> None:
        sleep(seconds)
        shelf.put("a.csv", b"xx", age=1)

    shelf.clock.sleep = growing  # type: ignore[method-assign] # the other side goes on writing
    source = shelf.source()

    assert names(source) == []
    (decision,) = source.decisions()
    assert decision.code is FileCode.IN_FLIGHT
    assert "still being written" in decision.text


def test_a_definition_says_how_long(shelf: Shelf) -> None:
    shelf.put("a.csv", age=5)

    assert names(shelf.source(stable_for=4.0)) == ["in/a.csv"]
    assert shelf.clock.slept == []


def test_waiting_is_ended_by_the_heartbeat(shelf: Shelf) -> None:
    shelf.put("a.csv", age=5)

    def heartbeat() -> None:
        if shelf.clock.slept:
            msg = "stopping"
            raise ShutdownError(msg)

    with pytest.raises(ShutdownError):
        shelf.source(heartbeat=heartbeat).list()


def test_a_marker_makes_a_young_file_ready(shelf: Shelf) -> None:
    shelf.put("a.csv", age=0)
    shelf.put("a.csv.done", age=0)
    shelf.put("b.csv")
    source = shelf.source(marker=".done")

    assert names(source) == ["in/a.csv"]
    assert codes(source) == [FileCode.NO_MARKER, FileCode.TAKEN]


def test_no_file_is_said(shelf: Shelf) -> None:
    source = shelf.source(path="*.xml")

    assert names(source) == []
    assert [each.text for each in source.decisions()] == ["no file is named like *.xml"]


@pytest.mark.parametrize("call", ["check", "list"])
def test_the_one_file_that_is_named_must_be_there(shelf: Shelf, call: str) -> None:
    with pytest.raises(SourceRefusedError, match=r"no file 'in/a\.csv'"):
        getattr(shelf.source(path="a.csv"), call)()

    assert names(shelf.source(path="a.csv", selection=FileSelection.NOT_IMPORTED)) == []


def test_a_check_looks_at_the_folder_only(shelf: Shelf) -> None:
    shelf.put("a.csv", age=0)

    shelf.source().check()

    assert shelf.clock.slept == []
    with pytest.raises(SourceRefusedError, match="nowhere"):
        shelf.source(parent_path="nowhere").check()


def test_a_file_is_fetched_with_its_hash(shelf: Shelf, tmp_path: Path) -> None:
    shelf.put("a.csv", LARGE)
    source = shelf.source()

    spooled = source.fetch(only(source), tmp_path / "0")

    assert spooled.sha256 == hashlib.sha256(LARGE).hexdigest()
    assert source.fetch(only(source), tmp_path / "0") == spooled


def test_an_empty_file_is_a_file(shelf: Shelf, tmp_path: Path) -> None:
    shelf.put("a.csv", b"")
    source = shelf.source()

    assert source.fetch(only(source), tmp_path / "0").size == 0


@pytest.mark.parametrize(("suffix", "kind"), [(".md5", "md5"), (".sha256", "sha256")])
def test_a_checksum_beside_a_file_is_verified(
    shelf: Shelf, tmp_path: Path, suffix: str, kind: str
) -> None:
    shelf.put("a.csv", LARGE)
    digest = hashlib.new(kind, LARGE, usedforsecurity=False).hexdigest()
    shelf.put(f"a.csv{suffix}", f"{digest}  a.csv\n".encode())
    source = shelf.source()
    spooled = source.fetch(only(source), tmp_path / "0")
    shelf.put(f"a.csv{suffix}", f"{digest[::-1]}  a.csv\n".encode())

    assert spooled.size == len(LARGE)
    with pytest.raises(SourceUnreachableError, match=f"{digest}.*says {digest[::-1]}"):
        source.fetch(only(source), tmp_path / "1")
    assert not (tmp_path / "1").exists()


@pytest.mark.parametrize("text", [b"soon", b"0" * 70_000])
def test_a_file_beside_that_holds_no_checksum_is_named(
    shelf: Shelf, tmp_path: Path, text: bytes
) -> None:
    shelf.put("a.csv", LARGE)
    shelf.put("a.csv.md5", text)
    source = shelf.source()

    with pytest.raises(SourceUnreachableError, match=r"^in/a\.csv\.md5 holds .* an MD5 checksum"):
        source.fetch(only(source), tmp_path / "0")

    shelf.put("a.csv.md5", hashlib.md5(LARGE, usedforsecurity=False).hexdigest().encode())
    assert source.fetch(only(source), tmp_path / "0").size == len(LARGE)


def test_a_folder_that_comes_with_its_day_holds_nothing_before(shelf: Shelf) -> None:
    dated: dict[str, Any] = {"parent_path": "in/{yyyy}", "path": "a.csv"}
    waiting = shelf.source(**dated, selection=FileSelection.NOT_IMPORTED)
    needing = shelf.source(**dated, selection=FileSelection.ALL)

    waiting.check()
    assert waiting.list() == ()
    assert codes(waiting) == [FileCode.NONE]
    with pytest.raises(SourceRefusedError, match=r"no file 'in/2026/a\.csv'"):
        needing.list()


class Restless(LocalSession):
    """A session during whose first reading the file is replaced."""

    replace: ClassVar[list[Callable[[], object]]] = []

    def open(self, path: str, offset: int) -> Iterator[bytes]:
        """Yield the bytes of a file."""
        for data in super().open(path, offset):
            yield data
            while self.replace:
                self.replace.pop()()


def test_a_file_that_changes_while_it_is_fetched_is_fetched_afresh(
    shelf: Shelf, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sources.storages.local.LocalSession", Restless)
    shelf.put("a.csv", LARGE)
    Restless.replace.append(lambda: shelf.put("a.csv", LARGE[::-1], age=500))
    source = shelf.source()
    file = only(source)

    spooled = source.fetch(file, tmp_path / "0")

    assert spooled.sha256 == hashlib.sha256(LARGE[::-1]).hexdigest()
    assert spooled.remote.modified_at != file.modified_at


def test_a_cut_connection_goes_on_at_its_offset(shelf: Shelf, tmp_path: Path) -> None:
    shelf.put("a.csv", LARGE)
    cutting, sizes = Cutting(), []
    with in_process(shelf.folder, Keys(), cutting=cutting) as server:
        source = shelf.source(SftpStorage(sftp_place(server), terms()), stable_for=0.0)
        file = only(source)
        cutting.left = 3_000_000
        sleep = shelf.clock.sleep

        def noting(seconds: float) -> None:
            sizes.append((tmp_path / "0.part").stat().st_size)
            sleep(seconds)

        shelf.clock.sleep = noting  # type: ignore[method-assign] # called between two tries
        with closing(shelf.source(SftpStorage(sftp_place(server), terms()))) as again:
            spooled = again.fetch(file, tmp_path / "0")
        source.close()

    assert spooled.sha256 == hashlib.sha256(LARGE).hexdigest()
    assert sizes
    assert 0 < sizes[0] < len(LARGE)


@pytest.mark.parametrize("kind", ["s3", "gcs"])
def test_a_cut_answer_of_a_bucket_goes_on_at_its_offset(
    shelf: Shelf, tmp_path: Path, kind: str
) -> None:
    with moto_server() as endpoint, CuttingProxy(urlsplit(endpoint).port or 0) as proxy:
        put_in_bucket(endpoint, LARGE)
        proxy.left = 3_000_000
        with closing(shelf.source(bucket(kind, proxy), stable_for=0.0)) as source:
            spooled = source.fetch(only(source), tmp_path / "0")

    assert spooled.sha256 == hashlib.sha256(LARGE).hexdigest()
    assert [int(each.removeprefix("bytes=").partition("-")[0]) > 0 for each in proxy.ranges] == [
        False,
        True,
    ]
    assert FileCode.REFETCHED not in codes(source)


def test_an_object_that_was_replaced_while_it_was_cut_starts_afresh(
    shelf: Shelf, tmp_path: Path
) -> None:
    with moto_server() as endpoint, CuttingProxy(urlsplit(endpoint).port or 0) as proxy:
        put_in_bucket(endpoint, LARGE)
        proxy.left = 3_000_000
        proxy.on_cut = lambda: put_in_bucket(endpoint, LARGE[::-1])
        with closing(shelf.source(bucket("s3", proxy), stable_for=0.0)) as source:
            spooled = source.fetch(only(source), tmp_path / "0")
            told = [each.text for each in source.decisions() if each.noteworthy]

    assert spooled.sha256 == hashlib.sha256(LARGE[::-1]).hexdigest()
    assert told == ["in/a.csv changed while it was fetched, and was fetched afresh"]


def put_in_bucket(endpoint: str, content: bytes) -> None:
    url = f"{endpoint}/{BUCKET}/root/in/a.csv"
    requests.put(url, content, timeout=60).raise_for_status()


def bucket(kind: str, proxy: CuttingProxy) -> Storage:
    url = f"http://127.0.0.1:{proxy.port}"
    if kind == "s3":
        return S3Storage(s3_place(url), terms())
    place = GcsPlace(bucket=BUCKET, folder="root", endpoint=url, service_account=service_account())
    return GcsStorage(place, terms())


def test_a_part_of_another_content_is_not_gone_on_with(shelf: Shelf, tmp_path: Path) -> None:
    shelf.put("a.csv", LARGE)

    def stop() -> None:
        if (tmp_path / "0.part").exists() and (tmp_path / "0.part").stat().st_size:
            msg = "stopping"
            raise ShutdownError(msg)

    first = shelf.source(shelf.slow_storage, heartbeat=stop)
    with pytest.raises(ShutdownError):
        first.fetch(only(first), tmp_path / "0")
    shelf.put("a.csv", LARGE[::-1], age=900)
    source = shelf.source()

    spooled = source.fetch(only(source), tmp_path / "0")

    assert spooled.sha256 == hashlib.sha256(LARGE[::-1]).hexdigest()
