"""What is special about SFTP; what every storage promises is in the contract suite."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from definitions.errors import SourceRefusedError, SourceUnreachableError
from definitions.troubles import Trouble
from sources.storages.sftp import SftpSession, SftpStorage
from tests.ssh_servers import Cutting, Keys, in_process
from tests.storages import sftp_place, terms

CONTENT = bytes(range(256)) * 4_000


@pytest.fixture
def cutting() -> Cutting:
    return Cutting()


@pytest.fixture
def session(tmp_path: Path, cutting: Cutting) -> Iterator[SftpSession]:
    (tmp_path / "big.bin").write_bytes(CONTENT)
    with (
        in_process(tmp_path, Keys(), cutting=cutting) as server,
        closing(SftpStorage(sftp_place(server), terms()).connect()) as opened,
    ):
        yield opened


def test_a_cut_connection_may_pass(session: SftpSession, cutting: Cutting) -> None:
    cutting.left = 500_000

    with pytest.raises(SourceUnreachableError, match=r"big\.bin"):
        list(session.open("big.bin", 0))


def test_a_link_to_a_file_is_a_file(session: SftpSession, tmp_path: Path) -> None:
    (tmp_path / "link.bin").symlink_to("big.bin")
    (tmp_path / "dangling").symlink_to("nothing")

    found = {file.path: file.size for file in session.list("", None)}

    assert found == {"big.bin": len(CONTENT), "link.bin": len(CONTENT)}


def test_a_file_without_permission_is_named(session: SftpSession, tmp_path: Path) -> None:
    with pytest.raises(SourceRefusedError, match="'nowhere'"):
        list(session.list("nowhere", 1))
    (tmp_path / "folder").mkdir()
    with pytest.raises((SourceRefusedError, SourceUnreachableError), match="'folder'"):
        list(session.open("folder", 0))


def test_a_file_in_the_way_of_a_folder_is_named(session: SftpSession, tmp_path: Path) -> None:
    (tmp_path / "done").touch()

    with pytest.raises(SourceRefusedError, match="'done' is a file, so 'done/x"):
        session.move("big.bin", "done/x/b.bin")

    assert (tmp_path / "big.bin").exists()


def test_a_login_that_may_only_read_is_told(session: SftpSession, cutting: Cutting) -> None:
    cutting.read_only = True

    for change in (lambda: session.move("big.bin", "x.bin"), lambda: session.remove("big.bin")):
        with pytest.raises(SourceRefusedError, match=r"'big\.bin'.*right to write") as caught:
            change()
        assert caught.value.trouble is Trouble.DENIED


def test_a_server_without_commands_tells_no_time(session: SftpSession) -> None:
    assert session.now() is None
    assert session.ask_now() is None
    assert [file.path for file in session.list("", 1)] == ["big.bin"]
