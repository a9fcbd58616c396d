"""Which of several arrays of objects holds the records, and which names a record has."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import suppress

from sources.base import ReadTerms
from sources.formats.json.arrays import FoundArray
from sources.formats.json.aside import is_aside
from sources.formats.json.beside import NAMES_OF_ROWS
from sources.formats.json.item import DECODER
from sources.formats.json.mending import mended_record
from sources.formats.json.record import NotARecordError, read_record
from sources.formats.json.text import Text

SHORT_RECORD = 1 << 12  # is looked at first: of thousands of lists not all copy the whole sample
MUCH_LARGER = 4


def best_array(
    filled: Sequence[FoundArray], text: Text, terms: ReadTerms
) -> tuple[FoundArray, int]:
    """Return the array that holds the records, and how many of the wanted names are in it.

    It is the one with most of these, then one that is not about errors, links or columns, then the
    one nearest to the top. Of those it is one that is called as rows are, then the first one, but
    for one that is much larger.
    """
    names = {array: _first_names(text, array) for array in filled}
    scores = {array: len(names[array] & terms.wanted) for array in filled}

    def rank(array: FoundArray) -> tuple[int, bool, int]:
        return scores[array], not is_aside(array.path, names[array]), -len(array.path)

    highest = max(map(rank, filled))
    equal = [array for array in filled if rank(array) == highest]
    called = [array for array in equal if _is_called(array)]
    best = called[0] if called else _first_or_largest(equal, filled, text)
    return best, scores[best]


def empty_rows(seen: Sequence[FoundArray], best: FoundArray, text: Text) -> FoundArray | None:
    """Return the empty list that is called as rows are, if the best one is no data."""
    if not is_aside(best.path, _first_names(text, best)):
        return None
    return next((each for each in seen if each.opens_with == b"]" and _is_called(each)), None)


def names_in(text: bytes) -> set[str] | None:
    """Return the names of the cells of one record, None if it is none."""
    try:
        return set(read_record(text))
    except NotARecordError as exc:
        mended = mended_record(text, exc.problem, ())
        return None if mended is None else set(mended[0])


def _is_called(array: FoundArray) -> bool:
    """Tell whether an array is called as rows are."""
    return bool(array.path) and array.path[-1].lower() in NAMES_OF_ROWS


def _first_or_largest(
    equal: Sequence[FoundArray], filled: Sequence[FoundArray], text: Text
) -> FoundArray:
    """Return the first one, or one that takes several times as much of the sample."""
    if len(equal) == 1:
        return equal[0]
    ends = [array.begin.byte for array in filled[1:]] + [text.begin.byte + len(text.sample)]
    pairs = zip(filled, ends, strict=True)
    sizes = {array: end - array.begin.byte for array, end in pairs if array in equal}
    largest = max(equal, key=lambda array: sizes[array])
    return largest if sizes[largest] > MUCH_LARGER * sizes[equal[0]] else equal[0]


def _first_names(text: Text, array: FoundArray) -> set[str]:
    """Return the names in the first record of an array, as far as the sample shows it."""
    for most in (SHORT_RECORD, len(text.sample)):
        letters = str(text.from_byte(array.begin.byte, most).lstrip(), "latin-1")
        with suppress(json.JSONDecodeError, RecursionError):
            end = DECODER.raw_decode(letters)[1]
            return names_in(letters[:end].encode("latin-1")) or set()
    return set()
