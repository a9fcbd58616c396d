"""What a footer is held against: the rows that there are."""

from __future__ import annotations

from definitions.errors import FormatError


def check_footer(file: str, rows: int, footer_rows: int) -> None:
    """Raise `FormatError` if a file has rows, but fewer than its footer should have."""
    if 0 < rows < footer_rows:
        msg = (
            f"{file!r} has {rows} rows below its header where the last {footer_rows} are no data; "
            "give a smaller 'footer_rows'"
        )
        raise FormatError(msg)
