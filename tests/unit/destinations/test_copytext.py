from __future__ import annotations

import polars as pl

from destinations.copytext import copy_lines, copy_text


def test_values_are_written_as_copy_reads_them() -> None:
    frame = pl.DataFrame(
        {
            "text": ["a\tb\\c\nd\re", None, "\\N"],
            "plain": ["x", "", "é"],
            "number": pl.Series([1, None, -3], dtype=pl.Int64),
            "seconds": [1.5, 1767225600.25, None],
            "yes": [True, False, None],
            "bytes": [b"\x00\xff", b"", None],
        }
    )

    assert b"".join(copy_text(copy_lines(frame))).decode().split("\n") == [
        "a\\tb\\\\c\\nd\\re\tx\t1\t1.5\ttrue\t\\\\x00ff",
        "\\N\t\t\\N\t1767225600.25\tfalse\t\\\\x",
        "\\\\N\té\t-3\t\\N\t\\N\t\\N",
        "",
    ]
