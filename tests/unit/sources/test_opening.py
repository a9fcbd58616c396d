from __future__ import annotations

import gzip
from pathlib import Path

import pytest

from definitions.errors import FormatError
from definitions.model import FileFormat
from sources.base import ReadTerms
from sources.opening import open_reader


def test_what_looks_like_nothing_else_is_delimited_text(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(gzip.compress(b"id,name\n1,a\n"))

    assert open_reader(tmp_path / "file", "people", ReadTerms()).header == ("id", "name")


def test_an_unknown_format_is_refused_with_those_there_are(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"id\n")

    with pytest.raises(FormatError, match=r"no format 'cvs'; use one of .*csv"):
        open_reader(tmp_path / "file", "people", ReadTerms(layout=FileFormat(type="cvs")))
