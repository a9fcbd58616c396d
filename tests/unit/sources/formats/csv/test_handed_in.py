"""How corrected rows are written, as their first line tells."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from definitions.rejects import PLAIN_FORM
from sources.base import ReadTerms
from sources.formats.csv.handed_in import layout_of

FORM = replace(PLAIN_FORM, delimiter=";", quote="'", escape="'", encoding="windows-1252")


@pytest.mark.parametrize(
    ("head", "encoding", "delimiter", "quote"),
    [
        ("_line;_row;_error_code;id", "windows-1252", ";", "'"),  # as it was handed out
        ("_line\t_row\t_error_code\tid", "windows-1252", "\t", '"'),
        ("_line;_row;_error_code;_form;id", None, ";", '"'),  # of a spreadsheet
        ("id;_row", "windows-1252", None, None),  # to be found out
    ],
)
def test_the_first_line_tells_how_the_file_is_written(
    tmp_path: Path, head: str, encoding: str | None, delimiter: str | None, quote: str | None
) -> None:
    path = tmp_path / "corrected"
    path.write_text(f"{head}\n")

    layout = layout_of(path, FORM, ReadTerms())

    assert (layout.encoding, layout.delimiter, layout.quote) == (encoding, delimiter, quote)
