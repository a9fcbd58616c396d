from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from definitions.batches import Position
from definitions.errors import FormatError, ShutdownError
from definitions.schema import normalise, to_definition
from importmgr.executing.files import open_reader
from importmgr.settings import Settings
from sources.base import Reader, RemoteFile, SpooledFile
from tests.acceptance.documents import people

URL = "https://files.example.test/people.csv"
DEFINITION = to_definition(normalise(people(URL)))


def spooled(path: Path, content: bytes) -> SpooledFile:
    path.write_bytes(content)
    remote = RemoteFile(path=URL, size=None, modified_at=None, etag=None)
    return SpooledFile(remote=remote, path=path, size=len(content), sha256="")


def opened(file: SpooledFile, **settings: int) -> Reader:
    """Return a reader of the file that nobody interrupts."""
    made = Settings(**settings)  # type: ignore[arg-type]
    return open_reader(file, DEFINITION, lambda: None, settings=made)


def test_delimited_text_is_read_plain_or_packed(tmp_path: Path) -> None:
    text = b"mail;name\na@x.cz;A\n"

    for content in (text, gzip.compress(text)):
        reader = opened(spooled(tmp_path / "0", content))

        assert reader.header == ("mail", "name")
        assert sum(batch.read for batch in reader.batches()) == 1


def test_batches_are_as_large_as_the_settings_say(tmp_path: Path) -> None:
    file = spooled(tmp_path / "0", b"n\n" + b"123456789\n" * 1000)

    few = opened(file)
    many = opened(file, batch_bytes=1000)

    assert [batch.read for batch in few.batches()] == [1000]
    assert max(batch.read for batch in many.batches()) <= 200
    assert sum(batch.read for batch in many.batches()) == 1000


def test_faults_name_the_file_by_its_address(tmp_path: Path) -> None:
    reader = opened(spooled(tmp_path / "0", b"a,b\n1\n"))

    (batch,) = reader.batches()

    assert [fault.file for fault in batch.faults] == [URL]


def test_what_has_no_header_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(FormatError):
        opened(spooled(tmp_path / "0", b""))


def test_a_packed_file_may_not_burst(tmp_path: Path) -> None:
    bomb = gzip.compress(b"a,b\n" + b"1,2\n" * 200_000)

    with pytest.raises(FormatError, match="more than 1000 bytes"):
        list(opened(spooled(tmp_path / "0", bomb), max_file_bytes=1000).batches())


def test_going_on_in_the_middle_of_a_packed_file_can_be_stopped(tmp_path: Path) -> None:
    packed = gzip.compress(b"n\n" + b"1\n" * 1_000_000)
    stopped = False

    def heartbeat() -> None:
        if stopped:
            msg = "the service is stopping"
            raise ShutdownError(msg)

    settings = Settings(data_dir=tmp_path)
    reader = open_reader(spooled(tmp_path / "0", packed), DEFINITION, heartbeat, settings=settings)
    stopped = True

    with pytest.raises(ShutdownError):
        next(iter(reader.batches(Position(byte=1_900_002, row=950_001, line=950_002))))
