from __future__ import annotations

import io
import os
import tempfile
import threading
from pathlib import Path

import pytest

from definitions.errors import RequestError, SourceRefusedError
from importmgr.clock import SystemClock
from importmgr.identity import SystemIdentity
from importmgr.services.local_files import LocalFiles, file_name, shown_name
from importmgr.settings import Settings
from importmgr.world import World
from tests.file_server import FileServer

WORLD = World(clock=SystemClock(), identity=SystemIdentity())
CONTENT = b"id,name\n1,a\n"


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder for temporary files of one test."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def files(settings: Settings | None = None, stdin: bytes = b"") -> LocalFiles:
    return LocalFiles(settings or Settings(), WORLD, io.BytesIO(stdin))


def refusal(where: str) -> str:
    with pytest.raises(RequestError) as caught, files().open(where):
        pass
    return str(caught.value)


def test_a_file_is_taken_where_it_is(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(CONTENT)

    with files().open(str(path)) as found:
        assert (found.name, found.path, found.size) == (str(path), path, len(CONTENT))


@pytest.mark.parametrize(
    ("content", "empty"),
    [
        (b"", True),
        (b"\xef\xbb\xbf", True),
        (b"\r\n\n", True),
        ("\n".encode("utf-16"), True),
        (b" \n", False),
        (b"\n" * 5_000, False),
        (CONTENT, False),
    ],
)
def test_marks_and_ends_of_lines_alone_are_nothing(
    tmp_path: Path, content: bytes, *, empty: bool
) -> None:
    path = tmp_path / "a.csv"
    path.write_bytes(content)

    with files().open(str(path)) as file:
        assert file.is_empty is empty


def test_an_address_is_fetched_and_forgotten(file_server: FileServer, temporary: Path) -> None:
    url = file_server.put("/people.csv", CONTENT)
    settings = Settings(allow_private_sources=True)

    with files(settings).open(f"{url}?token=geheim") as found:
        assert found.path.read_bytes() == CONTENT
        assert found.path.is_relative_to(temporary)
        assert (found.name, found.size) == (url, len(CONTENT))
    assert list(temporary.iterdir()) == []


def test_a_private_address_is_refused_as_an_import_refuses_it(file_server: FileServer) -> None:
    url = file_server.put("/people.csv", CONTENT)

    with pytest.raises(SourceRefusedError, match="sources may not use"), files().open(url):
        pass
    assert file_server.count("/people.csv").gets == 0


def test_an_address_with_a_login_is_refused_without_repeating_it() -> None:
    text = refusal("https://me:geheim@files.example/a.csv")

    assert text.startswith("the address must not contain a login")
    assert "geheim" not in text


def test_stdin_is_copied_and_forgotten(temporary: Path) -> None:
    with files(stdin=CONTENT).open("-") as found:
        assert found.path.read_bytes() == CONTENT
        assert (found.name, found.size) == ("stdin", len(CONTENT))
    assert list(temporary.iterdir()) == []


def test_a_pipe_is_copied_too(tmp_path: Path, temporary: Path) -> None:
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    writer = threading.Thread(target=lambda: pipe.write_bytes(CONTENT))
    writer.start()

    with files().open(str(pipe)) as found:
        assert found.path.read_bytes() == CONTENT
        assert found.name == str(pipe)
    writer.join()
    assert list(temporary.iterdir()) == []


def test_what_is_no_file_is_refused(tmp_path: Path) -> None:
    assert refusal(str(tmp_path / "nothing.csv")) == "no such file or directory"
    assert refusal(str(tmp_path)) == "is a folder; name the files in it"
    assert "embedded null" in refusal("a\0b")


@pytest.mark.parametrize("where", ["s3://bucket/a.csv", "ftp://u:geheim@host/a.csv", "file:///a"])
def test_an_address_of_another_kind_is_told_from_a_file(where: str) -> None:
    said = "an address must begin with http:// or https://; copy the file here first"

    assert refusal(where) == said
    assert "geheim" not in shown_name(where)


def test_a_file_may_be_called_like_an_address(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "s3:").mkdir()
    (tmp_path / "s3:" / "a.csv").write_bytes(CONTENT)

    with files().open("s3://a.csv") as found:
        assert found.path.read_bytes() == CONTENT


@pytest.mark.parametrize(
    ("where", "shown", "named"),
    [
        ("-", "stdin", "stdin"),
        ("data/a.csv", "data/a.csv", "a.csv"),
        ("a\udcff.csv", "a\ufffd.csv", "a\udcff.csv"),
        (
            "https://files.example/x/a%20b.csv?token=1",
            "https://files.example/x/a%20b.csv",
            "a b.csv",
        ),
        ("HTTP://me:geheim@files.example/x/", "http://files.example/x/", "x"),
        ("http://files.example", "http://files.example", "files.example"),
        ("http://files.example/a/..%2f", "http://files.example/a/..%2f", "files.example"),
        ("http://[", "http://…", "…"),
        ("http://me:ge/heim@files.example/a.csv", "http://…", "…"),
        ("ftp://me:geheim@files.example/a.csv?sig=1", "ftp://files.example/a.csv", "a.csv?sig=1"),
        ("s3://bucket/a\udcff.csv", "s3://bucket/a\ufffd.csv", "a\udcff.csv"),
    ],
)
def test_a_name_is_shown_without_secrets_and_files_are_called_without_path(
    where: str, shown: str, named: str
) -> None:
    assert (shown_name(where), file_name(where)) == (shown, named)
