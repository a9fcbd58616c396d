from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from definitions.errors import FormatError
from definitions.model import FileFormat
from sources.base import ReadTerms
from sources.opening import format_of, open_reader


def test_what_looks_like_nothing_else_is_delimited_text(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(gzip.compress(b"id,name\n1,a\n"))

    assert open_reader(tmp_path / "file", "people", ReadTerms()).header == ("id", "name")


def test_an_unknown_format_is_refused_with_those_there_are(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"id\n")

    with pytest.raises(FormatError, match=r"no format 'cvs'; use one of .*csv"):
        open_reader(tmp_path / "file", "people", ReadTerms(layout=FileFormat(type="cvs")))


def test_a_format_that_is_said_is_not_looked_for(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"id\n")

    assert format_of(tmp_path / "file", ReadTerms()) == "csv"
    assert format_of(tmp_path / "file", ReadTerms(layout=FileFormat(type="xml"))) == "xml"
