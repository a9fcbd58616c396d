"""Rows that lost their delimiters: their cells stand one behind the other, as in a sentence."""

from __future__ import annotations

from collections.abc import Sequence

from sources.formats.csv.detection.kinds import LONGEST_SEARCHED, WRITTEN, Kind, kind_of

PATTERNS = {kind: [one for other, one in WRITTEN if other is kind] for kind, _ in WRITTEN}
LEAST_NUMBERS = 3  # a sentence may well begin and end with one


def kinds_of_columns(rows: Sequence[Sequence[str]]) -> list[Kind]:
    """Return what each column of rows of equal width holds throughout, words if that differs."""
    found = (
        {kind_of(cell) for cell in column} - {Kind.EMPTY} for column in zip(*rows, strict=True)
    )
    return [kinds.pop() if len(kinds) == 1 else Kind.WORDS for kinds in found]


def is_run_together(text: str, kinds: Sequence[Kind]) -> bool:
    """Tell whether `text` is a cell of each of these kinds in turn, with but spaces between them.

    Only what does not begin with words can be told from a sentence, and has cells of two kinds, or
    several numbers. Each cell takes as much as it can.
    """
    typed = [kind for kind in kinds if kind is not Kind.WORDS]
    is_clear = len(set(typed)) > 1 or len(typed) >= LEAST_NUMBERS
    if not is_clear or kinds[0] is Kind.WORDS or len(text) > LONGEST_SEARCHED:
        return False
    at, is_behind_words = 0, False
    for kind in kinds:
        if kind is not Kind.WORDS:
            end = _end_of(kind, text, at, is_behind_words=is_behind_words)
            if end is None:
                return False
            at = end
        is_behind_words = kind is Kind.WORDS
    return is_behind_words or not text[at:].strip()


def _end_of(kind: Kind, text: str, at: int, *, is_behind_words: bool) -> int | None:
    """Return where the next cell of a kind ends, None if there is none; words may stand before."""
    begin = at + len(text[at:]) - len(text[at:].lstrip())
    for pattern in PATTERNS[kind]:
        found = pattern.search(text, begin) if is_behind_words else pattern.match(text, begin)
        if found:
            return found.end()
    return None
