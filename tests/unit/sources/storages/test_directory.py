"""Listing a folder of an SFTP server."""

from __future__ import annotations

import os
from contextlib import closing
from pathlib import Path

import pytest

from definitions.errors import SourceRefusedError
from sources.storages.sftp import SftpStorage
from tests.ssh_servers import Keys, in_process
from tests.storages import sftp_place, terms


def test_names_that_are_not_utf_8_hide_nothing_beside_them(tmp_path: Path) -> None:
    for name in (b"m\xfcller.csv", b"good.csv", "m\u00fcller.csv".encode()):
        Path(os.fsdecode(os.fsencode(tmp_path) + b"/" + name)).write_text("id\n1\n")
    odd = Path(os.fsdecode(os.fsencode(tmp_path) + b"/f\xfcr"))
    odd.mkdir()
    (odd / "in.csv").touch()
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/l\xfcnk")).symlink_to("good.csv")

    with (
        in_process(tmp_path, Keys()) as server,
        closing(SftpStorage(sftp_place(server), terms()).connect()) as session,
    ):
        assert {file.path for file in session.list("", None)} == {
            "good.csv",
            "m\u00fcller.csv",
            "m\udcfcller.csv",
            "f\udcfcr/in.csv",
            "l\udcfcnk",
        }
        assert session.stat("good.csv") is not None


def test_more_names_than_one_answer_holds_are_all_listed_once(tmp_path: Path) -> None:
    names = sorted(f"{number:04}.csv" for number in range(1_000))
    for name in names:
        (tmp_path / name).touch()

    with (
        in_process(tmp_path, Keys()) as server,
        closing(SftpStorage(sftp_place(server), terms()).connect()) as session,
    ):
        assert sorted(file.path for file in session.list("", 1)) == names
        with pytest.raises(SourceRefusedError, match="'nowhere'"):
            list(session.list("nowhere", 1))
        assert sorted(file.path for file in session.list("", 1)) == names
