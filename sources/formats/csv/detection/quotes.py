"""Which mark stands around fields, and how it is written inside them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from definitions.model import FileFormat
from sources.formats.csv.detection.reading import (
    ANYHOW,
    BUDGET,
    LINE_END,
    LONGEST_QUOTED,
    Marks,
    Row,
    closing_of,
    read_rows,
)
from sources.formats.csv.detection.scoring import Attempt

QUOTE, APOSTROPHE, BACKSLASH = '"', "'", "\\"
UNUSUAL = (APOSTROPHE, "`")
BEFORE_LETTER = re.compile(r"\\(?![bfnrtvNZ])[^\W_]")
FEWEST_STRAYS = 2  # rows with quotes inside that are not marked
ESCAPED_PER_DAMAGED = 4  # so many cells speak for a backslash against one


def likely_quotes(text: str, delimiter: str) -> list[str | None]:
    """Return the marks that may stand around the fields of `text`, the most usual first.

    Without any quotes in sight they are double ones: some may come later. A mark in the delimiter
    is none.
    """
    found: list[str | None] = [] if QUOTE in delimiter else [QUOTE]
    found += [
        mark
        for mark in UNUSUAL
        if mark not in delimiter and _is_around_fields(text, mark, delimiter)
    ]
    if not found or re.search(rf'(?:^|{re.escape(delimiter)})"', text, re.MULTILINE):
        found.append(None)
    return found


def likely_escapes(text: str, quote: str | None, delimiter: str) -> list[str | None]:
    """Return what may stand before quotes and delimiters inside fields, for a first look."""
    is_likely = BACKSLASH not in delimiter and any(
        mark and BACKSLASH + mark in text for mark in (quote, delimiter)
    )
    return [ANYHOW, BACKSLASH] if is_likely else [ANYHOW]


def settle_quote(text: str, best: Attempt) -> str | None:
    """Return the quote of the best attempt, None if it opens fields of many rows and closes none.

    In a single row it is a fault, as it would be behind what detection sees. An attempt without
    quotes may be the best for few rows in which they are out of place. There are quotes all the
    same if they stand around whole fields of at least as many other rows.
    """
    if best.marks.quote is None:
        is_part = QUOTE in best.marks.delimiter
        return QUOTE if not is_part and _are_mostly_in_place(text, best) else None
    quoted = any(any(row.quoted) for row in best.rows)
    strays = sum(row.stray for row in best.rows)
    return best.marks.quote if quoted or strays < FEWEST_STRAYS else None


def told_of_open(rows: Sequence[Row], marks: Marks, layout: FileFormat) -> dict[str, str]:
    """Return what a person reads about quotes that open fields of several rows and close none."""
    opens = re.compile(rf"{QUOTE}[^{QUOTE}]*")
    begun = sum(any(map(opens.fullmatch, row.cells)) for row in rows)
    if marks.quote or layout.quote is not None or begun < FEWEST_STRAYS:
        return {}
    told = (
        f"fields of {begun} rows begin with a quote that none of them ends with: quotes are text; "
        "if they should not be, give 'source.format.quote'"
    )
    return {"open_quotes": told}


def find_escape(text: str, best: Attempt) -> tuple[str | None, str]:
    """Return what takes the meaning from a quote inside a quoted field, and why.

    The way is taken in which the fewest rows do not fit; doubled quotes are believed first, marks
    that are not marked at all last. A backslash does so with delimiters too, unless it is in them.
    """
    quote, delimiter = best.marks.quote, best.marks.delimiter
    unfit = {escape: _unfit(text, best, escape) for escape in {quote, None}}
    usual = "doubled quotes" if quote else "no escape"
    is_marked = quote is not None and BACKSLASH + quote in text
    may_escape = is_marked or _are_delimiters_escaped(text, delimiter)
    if may_escape and BACKSLASH not in delimiter:
        escaped = _count_unfit_escaped(text, best) + _count_doubled(text, best.marks)
        are_escaped = len(_unfit(text, best, BACKSLASH)) < len(unfit[quote])
        if escaped < min(len(unfit[quote]), len(unfit[None]) + 1) or (
            are_escaped and _are_mostly_escaped(text, best.marks)
        ):
            return BACKSLASH, f"{len(unfit[quote])} rows do not fit with {usual}"
    if quote is None:
        return None, "there are no quotes"
    strays = sum(row.stray for row in unfit[quote]) - sum(row.stray for row in unfit[None])
    fewer = strays >= FEWEST_STRAYS and len(unfit[None]) < len(unfit[quote])
    if (
        fewer
        and not _count_doubled(text, best.marks)
        and not _joins_rows(text, best.marks)
        and 2 * _count_joined(text, best) < strays
    ):
        return None, f"{strays} rows have quotes inside that are not marked"
    return quote, "doubled, or there are none inside"


def _are_delimiters_escaped(text: str, delimiter: str) -> bool:
    """Tell whether backslashes stand before delimiters, and before no more letters than that.

    Those of paths stand before letters. There are others that databases write with backslashes.
    """
    return len(BEFORE_LETTER.findall(text)) < text.count(BACKSLASH + delimiter)


def _joins_rows(text: str, marks: Marks) -> bool:
    """Tell whether rows are joined if quotes are not marked, as spaces are behind closing ones."""
    border = rf"{re.escape(marks.quote or '')}[ \t]+{re.escape(marks.delimiter.strip(' '))}"
    closed = re.compile(border)
    return any(
        quoted and LINE_END.search(cell) is not None and closed.search(cell) is not None
        for row in read_rows(text, replace(marks, escape=None))
        for cell, quoted in zip(row.cells, row.quoted, strict=True)
    )


def _count_joined(text: str, best: Attempt) -> int:
    """Return how many rows are inside of a field if quotes are not marked."""
    rows = read_rows(text, replace(best.marks, escape=None))
    marked = replace(best.marks, escape=best.marks.quote)
    return count_swallowed(text, rows, best.width, marked)


def count_swallowed(text: str, rows: Sequence[Row], width: int, marks: Marks) -> int:
    """Return how many lines inside of quoted fields are rows of `width` if read by themselves.

    `marks` are those by which they are; `rows` are those of the text as it was read.
    """
    if not any(any(row.quoted) for row in rows):
        return 0
    lines = LINE_END.split(text)
    behind = [row.line for row in rows[1:]]
    last = rows[-1].line + 1 + sum(len(LINE_END.findall(cell)) for cell in rows[-1].cells)
    inside = (
        line
        for row, end in zip(rows, [*behind, last], strict=True)
        if any(row.quoted)
        for line in lines[row.line + 1 : end]
    )
    return sum(_is_row(line, width, marks) for line in inside)


def _is_row(line: str, width: int, marks: Marks) -> bool:
    """Tell whether a line by itself is a row like the others."""
    read = read_rows(line, marks)
    return len(read) == 1 and not read[0].stray and len(read[0].cells) == width > 1


def _are_mostly_in_place(text: str, best: Attempt) -> bool:
    rows = read_rows(text, replace(best.marks, quote=QUOTE, escape=QUOTE))
    fit = [row for row in rows if not row.stray and len(row.cells) == best.width]
    quoted = sum(any(row.quoted) for row in fit) + sum(_is_wrapped(row, best) for row in rows)
    strays = sum(row.stray for row in rows)
    return strays == 1 or 0 < quoted >= strays


def _is_wrapped(row: Row, best: Attempt) -> bool:
    """Tell whether a row is in quotes as a whole."""
    between = row.cells[0].count(best.marks.delimiter)
    return len(row.cells) == 1 < best.width == between + 1 and row.quoted[0]


def _count_unfit_escaped(text: str, best: Attempt) -> int:
    """Return how many rows do not fit if a backslash stands before quotes.

    Rows in which text follows a closing quote do not count where many quotes inside fields do have
    a backslash: such rows are damaged, whatever is believed of the others.
    """
    unfit = _unfit(text, best, BACKSLASH)
    damaged = sum(row.stray for row in unfit)
    is_usual = damaged * ESCAPED_PER_DAMAGED <= _count_escaped(text, best.marks)
    return len(unfit) - damaged if is_usual else len(unfit)


def _are_mostly_escaped(text: str, marks: Marks) -> bool:
    """Tell whether more quotes with a backslash close no field than close one or are doubled.

    They close one behind paths, and where a delimiter follows them in a text.
    """
    all_of_them = text.count(BACKSLASH + marks.quote) if marks.quote else 0
    inside = _count_escaped(text, marks)
    return inside > all_of_them - inside + _count_doubled(text, marks)


def _count_escaped(text: str, marks: Marks) -> int:
    """Return how many quotes that close no field have a backslash before them."""
    if marks.quote is None:
        return 0
    border = rf"{re.escape(marks.delimiter)}|[\r\n]|\Z"
    return len(re.findall(rf"\\{re.escape(marks.quote)}(?!{border})", text))


def _is_around_fields(text: str, quote: str, delimiter: str) -> bool:
    """Tell whether a mark stands around a whole field, in time proportional to the text."""
    mark, budget = re.escape(delimiter), BUDGET * len(text)
    opening = re.compile(rf"(?:^|{mark}){quote}", re.MULTILINE)
    behind = re.compile(rf"{mark}|\r|$", re.MULTILINE)
    closing = closing_of(Marks(delimiter=delimiter, quote=quote))
    for found in opening.finditer(text):
        limit = min(len(text), found.end() + min(LONGEST_QUOTED, budget))
        whole = closing.match(text, found.end(), limit)
        if whole is not None and behind.match(text, whole.end()):
            return True
        budget -= (whole.end() if whole else limit) - found.end()
        if budget <= 0:
            break
    return False


def _unfit(text: str, best: Attempt, escape: str | None) -> list[Row]:
    """Return the rows that do not fit if `escape` stands before quotes."""
    rows = read_rows(text, replace(best.marks, escape=escape))
    return [row for row in rows if not row.is_blank and (row.stray or len(row.cells) != best.width)]


def _count_doubled(text: str, marks: Marks) -> int:
    """Return how often a quote is doubled inside a field."""
    if marks.quote is None:
        return 0
    quote, mark = re.escape(marks.quote), re.escape(marks.delimiter)
    inside = rf"[^{quote}{mark}\r\n]{quote}{quote}[^{quote}{mark}\r\n]"
    return len(re.findall(inside, text))
