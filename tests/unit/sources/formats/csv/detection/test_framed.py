from __future__ import annotations

import pytest

from definitions.model import FileFormat
from sources.formats.csv.detection.framed import are_framed

TABLE = "| id | name |\n|----|:----:|\n| 1 | a\\|b |\n| 2 | |\n"


@pytest.mark.parametrize(
    "text",
    [
        TABLE,
        f"# Title\n\nA sentence.\n\n{TABLE}\nThe end.\n",
        "+----+\n| id | n |\n+----+\n|  1 | a |\n+----+\n2 rows in set (0.00 sec)\n",
        "|id|name|\r\n|1|a|\r\n|2|b|",
    ],
)
def test_rows_in_frames_are_seen(text: str) -> None:
    assert are_framed(text.encode(), FileFormat(), complete=True)
    assert are_framed(text.encode(), FileFormat(delimiter="|"), complete=True)
    assert not are_framed(text.encode(), FileFormat(delimiter=","), complete=True)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "id|name\n1|a\n2|b\n",
        "|id|name|\n0|1|a|\n1|2|b|\n",
        "|id|name|\n|1|a|\n|2|b|c|\n",
        '|id|name|\n|1|"a|b"|\n|2|c|\n',
        "|id|\n|1|\n|2|\n",
        "| id | name\n| 1 | a\n",
        "|id|name|\n",
    ],
)
def test_other_tables_are_not(text: str) -> None:
    assert not are_framed(text.encode(), FileFormat(), complete=True)
