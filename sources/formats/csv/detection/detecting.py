"""How a delimited text is written and where its table begins: what is asked, in this order.

What is given is not asked, and each question takes the answers before it as they are. Of several
answers to one question the one that is named first wins. In brackets are the modules that know it.

1. *Ends of records*: a mark that is no line end (`record_marks`). The reader asks for this, and for
2. *Around rows and cells* (`around`): quotes around rows (`wrapping`), aligned columns (`aligned`),
   frames (`framed`), spaces before rows (`indented`), round quotes (`round_quotes`), spaces before
   quotes (`spaced`).
3. *Before the table*: as many lines as given, a line `sep=;` (`hint`), YAML (`front_matter`).
4. *No rows*: remarks that are given, lines drawn between rows (`lines`).
5. *Delimiter* (`delimiters`): that of the best reading. Each mark that may part fields is tried
   with each quote and escape that is likely (`quotes`); such an attempt (`reading`) is weighed by
   its widths and by what its cells look like (`scoring`, `lacking`, `kinds`, `one_column`), twice
   if it is as wide as names are given. The best is one with names that are looked for, then that of
   most weight. It gives way where apostrophes are text, then where a part of its mark parts fields
   (`long_marks`), then to a usual mark that all lines have alike (`even_lines`), then to lines as
   the cells of one column (`single_name`).
   Left out of all this are lines with `#` where one says `#Fields:` and no names are looked for
   (`directive`), else a quoted field without end, if no rows go on in it (`open_quote`).
6. *Quote and escape* (`quotes`) of that reading.
7. *Number of columns*: that of the best reading below `#Fields:`, one where most lines lack a given
   delimiter, what the names tell (`first_line`, `torn`), the width of most rows (`scoring`).
8. *Line ends* (`line_ends`).
9. *Where the table begins* (`header`): behind as many lines as given, at `#Fields:` if no names are
   looked for (`directive`), at the row with most names that are, at names with another delimiter
   above the rows (`unlike`), at names below keys and values (`metadata`), at the first row that may
   be one of the table (`uneven`).
10. *Header*: as many rows as given, one where `#Fields:`, names that are looked for or another
    delimiter told where it begins, none if the first row holds what others do (`columns`,
    `number_names`, `texts`) or lacks fields as they do (`uneven`), several if it is repeated or
    goes on, one.
11. *Among the rows*: remarks, names of rows, empty names (`unlike`), rules that are rows (`lines`).
12. *Below the table*: notes (`footer`), unless they are rows without delimiters (`run_together`).
13. *Lone CRs* (`settling`): if LF or CRLF end rows, 3 to 12 once more with such CRs as content.

`fixed_width` changes nothing, and tells where columns seem to begin; `detected` is what comes out.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from definitions.model import FileFormat, RecordEnd
from sources.formats.csv.detection.columns import (
    are_words_of_no_row,
    columns_of,
    has_numbers_as_names,
    looks_like_names,
    traits_of,
)
from sources.formats.csv.detection.delimiters import (
    Expected,
    beginning,
    best_attempt,
    delimiter_of,
    told_of_absent,
    ways_to_read,
)
from sources.formats.csv.detection.detected import Detection, told_of_parts, told_of_unlike
from sources.formats.csv.detection.directive import begin_at_directive, without_directives
from sources.formats.csv.detection.first_line import width_told_by_names, with_mended_names
from sources.formats.csv.detection.fixed_width import told_of_fixed_width
from sources.formats.csv.detection.footer import find_footer
from sources.formats.csv.detection.front_matter import (
    lines_of_front_matter,
    told_of_front_matter,
)
from sources.formats.csv.detection.header import Beginning, count_header_rows, find_beginning
from sources.formats.csv.detection.hint import HINT, as_hinted, told_of_hint
from sources.formats.csv.detection.line_ends import find_record_end, with_returns_as_content
from sources.formats.csv.detection.lines import Lines, end_of_lines
from sources.formats.csv.detection.open_quote import before_open_quote, goes_on
from sources.formats.csv.detection.quotes import QUOTE, find_escape, settle_quote, told_of_open
from sources.formats.csv.detection.reading import Marks, Row
from sources.formats.csv.detection.scoring import Attempt, is_one_column, usual_width, whole_rows
from sources.formats.csv.detection.unlike import (
    REMARK,
    are_bare_behind,
    count_remarks,
    delimiter_of_names,
    has_empty_names,
    names_rows_first,
    told_of_names,
    without_last,
)
from sources.formats.csv.dialect import Dialect


def find_dialect(
    sample: bytes, layout: FileFormat, wanted: frozenset[str], *, complete: bool
) -> Detection:
    """Return how the UTF-8 text is written that begins with `sample`, and where its table begins.

    It asks 3 to 12, and takes each CR for a line end; `layout` and `wanted` are as for `detect`.
    """
    hint = HINT.match(sample)
    before = _lines_before(sample, hint, layout)
    lines = Lines.of(sample[end_of_lines(sample, before) :], layout.remark, layout.quote)
    text, cut = beginning(lines.text, complete=complete)
    hinted = as_hinted(layout, hint)
    text, best, told = _best(text, hinted, _expected(layout, wanted), cut=cut)
    marks, why = _settle(text, hinted, best, delimiter_of(best, sample, layout))
    rows, width = _rows(text, marks, told, cut=cut)
    record_end, why["record_end"] = find_record_end(rows, width)
    begin = _find_beginning(rows, width, layout, wanted)
    table = without_last(rows, layout.footer_rows or 0)
    remarks = count_remarks(table, begin.place, width) if layout.remark is None else 0
    detection = Detection(
        dialect=replace(
            _dialect(marks, record_end, REMARK if remarks else layout.remark, layout),
            has_rules=width > 1 and lines.rules_are_none(begin, marks.delimiter, rows),
        ),
        skip_rows=before + lines.number(begin.line) if layout.skip_rows is None else before,
        header_rows=begin.header_rows,
        width=width,
        header_delimiter=begin.delimiter.encode(),
        names_rows=not layout.column_names and _names_rows(rows, begin, width, marks.delimiter),
        has_empty_names=_has_empty_names(rows, begin, width),
        is_header_sure=_is_sure(rows, begin, width),
        traits=traits_of(rows[begin.place + begin.header_rows :], width),
    )
    why |= {"skip_rows": begin.where, "header_rows": begin.why} | told_of_hint(hint)
    evidence = told_of_parts(detection, layout, why) | told_of_unlike(detection, layout, remarks)
    evidence |= told_of_fixed_width(text, width, marks.delimiter) | told_of_absent(layout, text)
    evidence |= told_of_front_matter(sample, layout) | told_of_open(rows, marks, layout)
    found = replace(detection, evidence=evidence | _told_of_names(rows, begin, detection))
    return _with_end(found, layout, sample) if complete else found


def _with_end(found: Detection, layout: FileFormat, sample: bytes) -> Detection:
    table = end_of_lines(sample, found.skip_rows)
    return without_notes(found, layout, sample[table:], table)


def without_notes(found: Detection, layout: FileFormat, text: bytes, begin: int) -> Detection:
    """Return what was found with the end of the rows, if notes are below them.

    `text` is the table or the end of it, from the byte `begin` on.
    """
    if layout.footer_rows is not None or layout.remark == "":
        return found
    dialect = found.dialect
    marks = Marks(
        delimiter=dialect.delimiter.decode(),
        quote=dialect.quote.decode() if dialect.quote else None,
        escape=dialect.escape.decode() if dialect.escape else None,
    )
    text = with_returns_as_content(text, dialect.record_end)
    footer = find_footer(text, marks, found.width, found.header_rows)
    if footer is None:
        return found
    told = {"footer_rows": f"{footer.lines} found: notes below the table are no rows"}
    return replace(found, end=begin + footer.begin, evidence={**found.evidence, **told})


def _best(
    text: str, layout: FileFormat, expected: Expected, *, cut: bool
) -> tuple[str, Attempt, int]:
    """Return the best reading, what of the text was read, and the width that a line tells, or 0."""
    bare, count = without_directives(text)
    if bare and not expected.names:
        best = best_attempt(bare, ways_to_read(bare, layout), Expected(width=count), cut=cut)
        return text, best, best.width
    head = before_open_quote(text) if cut and layout.quote in {None, QUOTE} else ""
    if head:
        best = best_attempt(head, ways_to_read(head, layout), expected, cut=cut)
        if not goes_on(text, best, len(head)):
            return head, best, 0
    best = best_attempt(text, ways_to_read(text, layout), expected, cut=cut)
    if layout.delimiter and is_one_column(best.rows, begun=layout.skip_rows is not None):
        return text, replace(best, width=1), 1
    return text, best, 0


def _expected(layout: FileFormat, wanted: frozenset[str]) -> Expected:
    return Expected(names=wanted, width=len(layout.column_names))


def _rows(text: str, marks: Marks, told: int, *, cut: bool) -> tuple[list[Row], int]:
    """Return the rows at the beginning, and how many fields there should be in them."""
    rows = whole_rows(text, marks, cut=cut)
    width = told or width_told_by_names(rows, usual_width(rows))
    return with_mended_names(rows, text, marks, width), width


def _lines_before(sample: bytes, hint: re.Match[bytes] | None, layout: FileFormat) -> int:
    """Return how many lines are surely before the table."""
    if layout.skip_rows is not None:
        return layout.skip_rows
    return 1 if hint else lines_of_front_matter(sample)


def _dialect(
    marks: Marks, record_end: RecordEnd, remark: str | None, layout: FileFormat
) -> Dialect:
    return Dialect(
        delimiter=marks.delimiter.encode(),
        quote=_bytes_or_none(marks.quote),
        escape=_bytes_or_none(marks.escape),
        record_end=layout.record_end or record_end,
        remark=_bytes_or_none(remark),
        remark_is_given=bool(layout.remark),
        has_counts=layout.remark != "" and not layout.footer_rows,
    )


def _names_rows(rows: Sequence[Row], begin: Beginning, width: int, delimiter: str) -> bool:
    is_there = begin.header_rows == 1 and begin.place < len(rows) and not begin.delimiter
    return is_there and names_rows_first(rows, begin.place, width, delimiter)


def _has_empty_names(rows: Sequence[Row], begin: Beginning, width: int) -> bool:
    header = rows[begin.place : begin.place + begin.header_rows]
    if len(header) > 1:
        return are_bare_behind(header, width)
    return len(header) == 1 and has_empty_names(rows, begin.place, width)


def _told_of_names(rows: Sequence[Row], begin: Beginning, found: Detection) -> dict[str, str]:
    is_there = begin.header_rows == 1 and begin.place < len(rows) and not begin.delimiter
    told = told_of_names(rows, begin.place, found.width) if is_there else ""
    return {"names": told} if told and not found.names_rows else {}


def _is_sure(rows: Sequence[Row], begin: Beginning, width: int) -> bool:
    is_there = begin.header_rows == 1 and begin.place < len(rows) and width > 1
    if not is_there:
        return False
    header = rows[begin.place]
    columns = columns_of(
        [row for row in rows[begin.place + 1 :] if row.cells != header.cells], width
    )
    tells = (looks_like_names, has_numbers_as_names, are_words_of_no_row)
    return any(tell(header, columns) for tell in tells)


def _settle(
    text: str, layout: FileFormat, best: Attempt, delimiter: str
) -> tuple[Marks, dict[str, str]]:
    """Return the marks that `best` and a closer look at its quotes tell, and why."""
    filled = [row for row in best.rows if not row.is_blank]
    fitting = sum(len(row.cells) == best.width for row in filled)
    columns = f"{fitting} of {len(filled)} rows have {best.width} fields"
    quote = settle_quote(text, best) if layout.quote is None else layout.quote or None
    settled = replace(best, marks=replace(best.marks, quote=quote))
    escape, why = find_escape(text, settled)
    if layout.escape is not None:
        escape = layout.escape or None
    marks = Marks(delimiter=delimiter, quote=quote, escape=escape)
    return marks, {"delimiter": columns, "escape": why}


def _find_beginning(
    rows: Sequence[Row], width: int, layout: FileFormat, wanted: frozenset[str]
) -> Beginning:
    if layout.skip_rows is None:
        directive = None if wanted else begin_at_directive(rows, width)
        found = directive or find_beginning(rows, width, wanted)
    else:
        place = next((place for place, row in enumerate(rows) if not row.is_blank), 0)
        count, why = count_header_rows(rows, place, width)
        mark = delimiter_of_names(rows[place], width) if place < len(rows) else ""
        found = Beginning(place=place, line=0, header_rows=count, where="", why=why, delimiter=mark)
    if layout.header_rows is None:
        return found
    delimiter = found.delimiter if layout.header_rows == 1 else ""
    return replace(found, header_rows=layout.header_rows, delimiter=delimiter)


def _bytes_or_none(mark: str | None) -> bytes | None:
    return mark.encode() if mark else None
