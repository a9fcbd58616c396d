from __future__ import annotations

import pytest

from definitions.model import FileFormat
from sources.base import ReadTerms

WANTED = frozenset({"id", "name"})


@pytest.mark.parametrize(
    ("layout", "in_file"),
    [
        (FileFormat(), WANTED),
        (FileFormat(header_rows=1), WANTED),
        (FileFormat(header_rows=0), frozenset()),
        (FileFormat(column_names=("id", "name")), frozenset()),
        (FileFormat(column_names=("id", "name"), header_rows=1), frozenset()),
    ],
)
def test_wanted_names_are_in_a_file_whose_columns_are_called_as_it_says(
    layout: FileFormat, in_file: frozenset[str]
) -> None:
    assert ReadTerms(layout=layout, wanted=WANTED).wanted_in_file == in_file
