from __future__ import annotations

import gzip
import zipfile
from dataclasses import fields
from pathlib import Path

import polars as pl
import pytest

from definitions.errors import FormatError
from definitions.model import FileFormat, MalformedRows
from sources.base import ReadTerms
from sources.opening import format_of, open_reader
from sources.registry import FORMATS
from tests.packing import PACK


def test_what_looks_like_nothing_else_is_delimited_text(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(gzip.compress(b"id,name\n1,a\n"))

    assert open_reader(tmp_path / "file", "people", ReadTerms()).header == ("id", "name")


def test_an_unknown_format_is_refused_with_those_there_are(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"id\n")

    with pytest.raises(FormatError, match=r"no format 'cvs'; use one of .*csv"):
        open_reader(tmp_path / "file", "people", ReadTerms(layout=FileFormat(type="cvs")))


@pytest.mark.parametrize("kind", PACK)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_packed_text_goes_on_where_a_batch_ended(kind: str, encoding: str, tmp_path: Path) -> None:
    text = "id,name\n" + "".join(f"{n},näme {n}\n" for n in range(2000))
    (tmp_path / "file").write_bytes(PACK[kind](text.encode(encoding)))
    reader = open_reader(tmp_path / "file", "people", ReadTerms(batch_size=2000))

    whole = list(reader.batches())
    rest = list(reader.batches(whole[2].end))
    sizes = [batch.frame.height for batch in whole]

    assert reader.evidence["compression"] == kind
    assert (sum(sizes), len(sizes) > 4) == (2000, True)
    assert [batch.frame.rows() for batch in rest] == [batch.frame.rows() for batch in whole[3:]]


def test_the_file_meant_in_an_archive_is_told(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "file", "w") as archive:
        archive.writestr("readme.txt", "see below")
        archive.writestr("out/people.csv", "id,name\n1,a\n")
    terms = ReadTerms(layout=FileFormat(member="*.csv"))

    reader = open_reader(tmp_path / "file", "people", terms)

    assert reader.evidence["member"] == "out/people.csv"
    assert next(reader.batches()).frame.rows() == [("1", "a")]
    with pytest.raises(FormatError, match="holds 2 files and no pattern tells which is meant"):
        open_reader(tmp_path / "file", "people", ReadTerms())


@pytest.mark.parametrize("text", [b"id\n1\n", b'[{"id": 1}]', b"<r><p><id>1</id></p><p/></r>"])
def test_the_file_in_an_archive_is_told_of_every_format(text: bytes, tmp_path: Path) -> None:
    terms = ReadTerms(layout=FileFormat(member="*.csv"))
    (tmp_path / "zipped").write_bytes(PACK["zip"](text))
    (tmp_path / "gzipped").write_bytes(PACK["gzip"](text))

    packed = open_reader(tmp_path / "zipped", "people", terms).evidence
    other = open_reader(tmp_path / "gzipped", "people", terms).evidence

    assert (packed["compression"], packed["member"]) == ("zip", "data.csv")
    assert "not_used" not in packed
    assert other["not_used"] == "'member' given, and the file is no zip archive"
    assert "member" not in other


def test_nothing_can_be_malformed_in_a_parquet_file(tmp_path: Path) -> None:
    pl.DataFrame({"id": [1]}).write_parquet(tmp_path / "file")

    def told(policy: MalformedRows) -> str | None:
        terms = ReadTerms(layout=FileFormat(malformed_rows=policy))
        return open_reader(tmp_path / "file", "people", terms).evidence.get("not_used")

    assert (
        told(MalformedRows.FAIL) == "'malformed_rows' given, which means nothing to parquet files"
    )
    assert told(MalformedRows.PAD) is None  # as `importmgr inspect` says it unasked
    assert told(MalformedRows.REJECT) is None


def test_a_web_page_instead_of_delimited_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(
        b"\xef\xbb\xbf<!DOCTYPE html>\n<html><body>Log in</body></html>"
    )

    with pytest.raises(FormatError, match="a web page came instead of data"):
        open_reader(tmp_path / "file", "people", ReadTerms(layout=FileFormat(type="csv")))


def test_a_format_that_is_said_is_not_looked_for(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"id\n")

    assert format_of(tmp_path / "file", ReadTerms()) == "csv"
    assert format_of(tmp_path / "file", ReadTerms(layout=FileFormat(type="xml"))) == "xml"


ROWS_AND_SHEET = "'delimiter', 'skip_rows', 'sheet'"


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"id\n1\n", "'sheet' given, which means nothing to csv files"),
        (b'[{"id": 1}]', f"{ROWS_AND_SHEET} given, which means nothing to json files"),
        (
            b"<r><p><id>1</id></p><p/></r>",
            f"{ROWS_AND_SHEET} given, which means nothing to xml files",
        ),
    ],
)
def test_what_means_nothing_to_a_format_is_told(content: bytes, told: str, tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(content)
    layout = FileFormat(delimiter=",", skip_rows=0, sheet="2026")

    reader = open_reader(tmp_path / "file", "people", ReadTerms(layout=layout))

    assert (reader.evidence["not_used"], reader.header, reader.named) == (told, ("id",), True)
    assert next(reader.batches()).frame.rows()[0] == ("1",)
    plain = open_reader(tmp_path / "file", "people", ReadTerms())
    assert "not_used" not in plain.evidence


def test_every_option_means_something_to_a_format_that_does_not_ignore_it() -> None:
    names = {field.name for field in fields(FileFormat)}

    assert all(names >= set(kind.ignores) for kind in FORMATS.values())
    assert set.intersection(*(set(kind.ignores) for kind in FORMATS.values())) == set()
