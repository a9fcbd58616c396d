"""What is not whole is held back, up to a limit; all of the text comes out, in any pieces."""

from __future__ import annotations

import pytest

from sources.holding import LONGEST, Holding, end_of_lines


def starred() -> Holding:
    return Holding(lambda lines: lines.replace(b"\n", b"*\n"), end_of_lines)


@pytest.mark.parametrize("size", [1, 2, 3, 100])
def test_whole_lines_are_changed_whatever_the_pieces(size: int) -> None:
    text, change = b"a\nbc\n\nd", starred()
    pieces = [text[at : at + size] for at in range(0, len(text), size)]

    parts = [change(piece, last=False) for piece in pieces] + [change(b"", last=True)]

    assert b"".join(parts) == b"a*\nbc*\n*\nd"
    assert all(part.endswith(b"\n") for part in parts[:-1] if part)


def test_not_more_is_held_back_than_may_be() -> None:
    change = starred()

    assert change(b"x" * LONGEST, last=False) == b""
    assert change(b"y", last=False) == b"x" * LONGEST + b"y"
