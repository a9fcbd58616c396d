from __future__ import annotations

import io
import zipfile
from contextlib import closing
from pathlib import Path

import pytest

from definitions.errors import FormatError
from sources.compression import listing
from sources.compression.listing import Careful, called, surplus_in, told_behind
from tests.packing import zipped

GOOD = zipped(b"id\n1\n")
EMPTY = b"PK\x05\x06" + bytes(18)


def commented(comment: bytes) -> bytes:
    out = io.BytesIO(GOOD)
    with zipfile.ZipFile(out, "a") as packed:
        packed.comment = comment
    return out.getvalue()


def surplus(data: bytes, tmp_path: Path) -> str | None:
    (tmp_path / "f").write_bytes(data)
    with closing(Careful(tmp_path / "f")) as careful, zipfile.ZipFile(careful) as packed:
        return surplus_in(tmp_path / "f", packed)


@pytest.mark.parametrize(
    "data",
    [
        GOOD,
        EMPTY,
        GOOD + bytes(5000),
        GOOD + b"\r\n",
        commented(b"made by hand"),
        commented(b"x" * 65_535),
        commented(b"made by hand") + b"\n",
        b"#!/bin/sh\n" + GOOD,
        b"PK\x07\x08" + GOOD,
    ],
    ids=["plain", "empty", "zeros", "line-end", "comment", "long", "both", "program", "split"],
)
def test_padding_comments_and_programs_are_no_surplus(data: bytes, tmp_path: Path) -> None:
    assert surplus(data, tmp_path) is None


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (GOOD + b"\r\n" + GOOD[:-30], "another archive follows its end"),
        (commented(b"made by hand") + GOOD[:20], "another archive follows its end"),
        (commented(b"made by hand")[:-3], "its comment is cut"),
        (GOOD + GOOD, "other bytes stand before its first file, perhaps another archive"),
        (GOOD + EMPTY, "other bytes stand before its first file, perhaps another archive"),
        (EMPTY + GOOD, "other bytes stand before its first file, perhaps another archive"),
        (commented(GOOD), "other bytes stand before its first file, perhaps another archive"),
    ],
)
def test_what_is_around_an_archive_is_told(data: bytes, told: str, tmp_path: Path) -> None:
    assert surplus(data, tmp_path) == told


@pytest.mark.parametrize(
    ("behind", "told"),
    [
        (b"", {}),
        (b"\0\0\r\n", {}),
        (b"\0\0x", "1 bytes behind the end are passed over; they begin with b'x'"),
        (
            b"\r\n<br />\n<b>Warning</b>: headers already sent",
            "43 bytes behind the end are passed over; they begin with b'<br />\\n<b>Warning</b'",
        ),
    ],
)
def test_rubbish_behind_an_archive_is_told(
    behind: bytes, told: dict[str, str] | str, tmp_path: Path
) -> None:
    for archive in (GOOD, commented(b"made by hand")):
        assert surplus(archive + behind, tmp_path) is None
        expected = {"surplus": told} if isinstance(told, str) else told
        assert told_behind(tmp_path / "f") == expected


def test_nobody_reads_very_much_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(listing, "MOST_DIRECTORY", 50)
    (tmp_path / "f").write_bytes(GOOD)
    with (
        closing(Careful(tmp_path / "f")) as careful,
        pytest.raises(FormatError, match="list of files in the zip archive is larger than 50"),
    ):
        zipfile.ZipFile(careful)


def test_a_name_is_shown_as_far_as_a_person_reads_it() -> None:
    assert called("x/people.csv") == "'x/people.csv'"
    assert called("y" * 65_535) == f"'{'y' * 200}…'"
