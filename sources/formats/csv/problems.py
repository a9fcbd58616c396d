"""Why rows cannot be used."""

from __future__ import annotations

from functools import lru_cache

import numpy as np

from definitions.arrays import Numbers
from definitions.faults import FaultCode
from sources.formats.csv.checks import Checks
from sources.formats.csv.cuts import Cuts
from sources.formats.csv.row_terms import RowTerms
from sources.gathering import NOT_TEXT, Problem

KNOWN_PROBLEMS = 256


STRAY_QUOTE = Problem(
    code=FaultCode.STRAY_QUOTE, message="has text after a closing quote; mark a quote in a cell"
)
UNCLOSED_QUOTE = Problem(
    code=FaultCode.UNCLOSED_QUOTE,
    message="has a quote that is not closed, or an escaped end; it is taken for one line",
)
REPEATED_HEADER = Problem(
    code=FaultCode.REPEATED_HEADER, message="names the columns once more, as the header does"
)


@lru_cache(maxsize=KNOWN_PROBLEMS)
def wrong_width(expected: int, found: int) -> Problem:
    """Return the problem of a row with another number of fields than the header."""
    code = FaultCode.TOO_FEW_FIELDS if found < expected else FaultCode.TOO_MANY_FIELDS
    return Problem(code=code, message=f"expected {expected} fields, found {found}")


def too_long(limit: int) -> Problem:
    """Return the problem of a row that is longer than `limit` bytes."""
    return Problem(code=FaultCode.ROW_TOO_LONG, message=f"is longer than {limit} bytes")


def unended(size: int, terms: RowTerms) -> Problem:
    """Return the problem of a row without end whose first line has so many bytes."""
    return too_long(terms.max_row_bytes) if size > terms.max_row_bytes else UNCLOSED_QUOTE


def problem_of(row: int, cuts: Cuts, checks: Checks, terms: RowTerms) -> Problem:
    """Return what is wrong with a row that is faulty."""
    if checks.repeats_header[row]:
        return REPEATED_HEADER
    if cuts.unclosed[row]:
        return unended(int(cuts.ends[row] - cuts.starts[row]), terms)
    if cuts.torn[row]:
        return UNCLOSED_QUOTE  # on its first line, which is all that is taken of it
    if checks.stray[row]:
        return STRAY_QUOTE
    if checks.undecodable[row]:
        return NOT_TEXT
    return wrong_width(terms.width, int(checks.widths[row]))


def kinds_of(
    rows: Numbers, cuts: Cuts, checks: Checks, terms: RowTerms
) -> tuple[Numbers, list[Problem]]:
    """Return the problems that faulty rows have, and for each row which of them it is."""
    long = cuts.ends - cuts.starts > terms.max_row_bytes
    kinds = checks.widths[rows]
    # One number for each combination: the width, and a bit for each that may go before it.
    masks = (
        cuts.unclosed,
        long,
        cuts.torn,
        checks.stray,
        checks.undecodable,
        checks.repeats_header,
    )
    for mask in masks:
        kinds = 2 * kinds + mask[rows]
    _, firsts, places = np.unique(kinds, return_index=True, return_inverse=True)
    problems = [problem_of(row, cuts, checks, terms) for row in rows[firsts].tolist()]
    return places, problems
