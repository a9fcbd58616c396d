"""Many requests on their way, whatever the server gives at once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from definitions.errors import SourceRefusedError
from sources.storages.pipeline import LARGEST, Pipeline
from sources.storages.sftp import SftpSession, SftpStorage
from tests.ssh_servers import Cutting, Keys, in_process
from tests.storages import sftp_place, terms

CONTENT = bytes(range(251)) * 25_000  # more than is on its way at once


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


@pytest.mark.parametrize("at_once", [1 << 20, LARGEST - 1, 20_000])
def test_a_server_that_gives_less_at_once_gives_all(
    session: SftpSession, cutting: Cutting, at_once: int
) -> None:
    cutting.at_once = at_once

    assert b"".join(session.open("big.bin", 7)) == CONTENT[7:]


def test_a_reading_that_is_left_in_the_middle_harms_no_other(session: SftpSession) -> None:
    pieces = session.open("big.bin", 0)
    first = next(pieces)
    pieces.close()  # type: ignore[attr-defined] # a generator

    assert CONTENT.startswith(first)
    assert b"".join(session.open("big.bin", 0)) == CONTENT


def test_a_file_that_turns_out_shorter_ends(session: SftpSession) -> None:
    with session._client.open("big.bin") as file:
        pieces = Pipeline(session._client, file).pieces(0, len(CONTENT) + 10_000_000)

        assert b"".join(pieces) == CONTENT


def test_what_the_server_refuses_is_told(session: SftpSession, cutting: Cutting) -> None:
    cutting.refuse = True

    with pytest.raises(SourceRefusedError, match=r"does not let 'big\.bin' be read"):
        list(session.open("big.bin", 0))
