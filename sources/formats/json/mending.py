"""A record that breaks the rules, read as well as can be."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import Any

from definitions.faults import FaultCode
from sources.formats.json.item import Item
from sources.formats.json.loose import mend
from sources.formats.json.record import (
    NotARecordError,
    fitted_row,
    read_record,
    read_row,
    without_halves,
)
from sources.gathering import Problem

MOST_STEPS = 3  # one for each kind of problem
HOW = {
    FaultCode.BROKEN_RECORD: "; it is read as scripts write such",
    FaultCode.TOO_FEW_FIELDS: "; the missing cells are empty",
    FaultCode.TOO_MANY_FIELDS: "; the surplus ones are left out",
}


def mended_record(
    text: bytes, problem: Problem, names: Sequence[str]
) -> tuple[dict[str, Any], Problem] | None:
    """Return the cells of a record that has the problem, and what to tell; None if nobody can.

    `names` are those of the columns where records are arrays.
    """
    told = Problem(code=problem.code, message=problem.message + HOW.get(problem.code, ""))
    read = partial(read_row, names=names) if names else read_record
    for _ in range(MOST_STEPS):
        match problem.code:
            case FaultCode.BAD_ENCODING:
                text = without_halves(text)
            case FaultCode.BROKEN_RECORD:
                broken, text = text, written_strictly(text)
                if text in {b"", broken}:
                    return None
            case FaultCode.TOO_FEW_FIELDS | FaultCode.TOO_MANY_FIELDS:
                read = partial(fitted_row, names=names)
            case _:
                return None
        try:
            return read(text), told
        except NotARecordError as exc:
            problem = exc.problem
    return None


def written_strictly(text: bytes) -> bytes:
    """Return a text that scripts can read as JSON; nothing if it is not certain what it means."""
    letters = str(text, "latin-1")
    found = mend(letters)
    is_all = not letters[found.end :].strip(" \t\r\n")
    return found.json.encode("latin-1") if is_all else b""


def mended_item(item: Item, text: str, begin: int, *, final: bool) -> Item:
    """Return where the item at `begin`, which a parser calls broken, ends if it is mended.

    Where the text may go on it ends with the text.
    """
    found = mend(text, begin)
    if found.json:
        return Item(end=found.end)
    return Item(end=len(text)) if found.is_cut and not final else item


def is_begun(text: str) -> bool:
    """Tell whether the text is the beginning of a record that can be mended."""
    return mend(text).is_cut
