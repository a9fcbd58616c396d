from __future__ import annotations

import pytest

from definitions.model import FileFormat
from sources.formats.csv.detection import detect
from sources.formats.csv.detection.metadata import names_below_values
from sources.formats.csv.detection.reading import Marks, read_rows

KEYS = "Probe,10,1\nUnits,V,V\n,,\nLabel,,\n"
ROWS = "".join(f"{i}.5e-03,0.{i},{i}\n" for i in range(1, 9))


def place_in(text: str) -> int | None:
    return names_below_values(read_rows(text, Marks(delimiter=",")), 0, 3)


def test_names_are_found_below_keys_and_values_as_wide_as_they_are() -> None:
    assert place_in(KEYS + "TIME,CH1,CH2\n" + ROWS) == 4
    text = "Model,MSO\n\n" + KEYS + "TIME,CH1,CH2\n" + ROWS
    found = detect(text.encode(), FileFormat(), frozenset(), complete=True)
    assert (found.skip_rows, found.header_rows) == (6, 1)


@pytest.mark.parametrize(
    "text",
    [
        "TIME,CH1,CH2\ns,V,V\n" + ROWS,
        "Year,2019,2020\nQuarter,1,2\nMonth,May,June\n" + ROWS,  # too few for keys
        "Units,V,V\nName,a,b\nLabel,x,y\nTIME,CH1,CH2\n" + ROWS,  # no values
        KEYS + ROWS,  # no names
        KEYS + ROWS + "TIME,CH1,CH2\n" + ROWS,  # rows are before them
        KEYS + "TIME,CH1,CH2\n" + "a,1,2\nb,3,4\n" * 4,  # rows begin with words, too
        KEYS + "TIME,CH1,CH2\n",
        KEYS + "TIME,CH1,CH2\n" + "1,2,3\n" * 3,  # too few rows
        "1,2,3\n",
        "",
    ],
)
def test_other_rows_with_words_name_nothing_new(text: str) -> None:
    assert place_in(text) is None


def test_a_single_column_has_no_keys() -> None:
    assert names_below_values(read_rows(KEYS, Marks(delimiter=";")), 0, 1) is None
