"""Which marks may part the fields of a text, and which of them does."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from definitions.model import FileFormat
from sources.formats.csv.detection.even_lines import with_even_lines
from sources.formats.csv.detection.long_marks import fit, without_rest
from sources.formats.csv.detection.quotes import (
    QUOTE,
    UNUSUAL,
    count_swallowed,
    likely_escapes,
    likely_quotes,
)
from sources.formats.csv.detection.reading import LINE_END, Marks, Row
from sources.formats.csv.detection.scoring import WHOLE_LINE, Attempt, attempt, prior_of
from sources.formats.csv.detection.single_name import is_named_column

DETECTION_SIZE = 1 << 16
LONG_LINES = 4  # with fewer lines than that in it, the sample is taken larger
FIRST_LOOK, SECOND_LOOKS = 1 << 14, 6  # bytes, and in how many ways the rest is read
MOST_LINES = 120
AHEAD = 30  # rows in which expected names are looked for
MOST_CANDIDATES = 8  # of one character, and of several
USUAL = (",", ";", "\t", "|")
SINGLE = re.compile(r"[,;\t|: ~^#!$%&*@=+§¦¬\x01-\x08\x0e-\x1f]")
SEVERAL = re.compile(r"[,;\t|:~^#!$%&*@=+<>\-_/§¦¬ ]{2,}")
LONGEST, LONGEST_LINE = 4, 4096
WHOLLY = 0.95
BETWEEN_QUOTES = re.compile(r"""(?<=(["']))([^"'\w\r\n{}()\[\]\\]{2,6})(?=\1)""")
SHARE_OF_LINES = 0.3
_CLOCK = r"(?:[01]?\d|2[0-4]):[0-5]\d(?::[0-5]\d(?:\.\d+)?)?(?:Z|[-+]\d\d:?\d\d)?"
_DEVICE = r"(?:[\da-fA-F]{2}:){5}[\da-fA-F]{2}"
CLOCK = re.compile(  # behind a date, or between spaces; or, as addresses of devices, a whole cell
    r"(?<=\d[T ])\d{1,2}:\d\d(?::\d\d)?(?!\d)|(?<=\s)\d{1,2}:\d\d(?::\d\d)?(?=\s|$)"
    rf"|(?:^|(?<=[,;|\t]))(?:{_CLOCK}|{_DEVICE})(?=[,;|\t])|(?<=[,;|\t])(?:{_CLOCK}|{_DEVICE})$"
)
IN_QUOTES = re.compile(r'"[^"]*+"')
ENDS_LINE = re.compile(rb"[\r\n]")
LABELLED = re.compile(r"[\w.-]+:[^\t]*+(?:\t[\w.-]+:[^\t]*+)+")  # LTSV
NAMES, ODD = re.compile(r"[\w .-]+"), re.compile(r"[,;|] ")
STAND_INS = (",", ";", "\t", "|", "\x1f")  # for a text of one column, whose lines stay whole


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What somebody knows of the columns: names of some of them, and how many there are."""

    names: frozenset[str] = frozenset()
    width: int = 0


def beginning(sample: bytes, *, complete: bool) -> tuple[str, bool]:
    """Return as much of the text as is looked at for its marks, and whether it is cut."""
    size = DETECTION_SIZE
    lines = len(sample[:size].splitlines())
    if lines < LONG_LINES:
        first = ENDS_LINE.search(sample)
        size = max(4 * size, first.end() + size if first else 0)
    return sample[:size].decode(errors="replace"), not complete or len(sample) > size


def first_look(text: str) -> int:
    """Return how much of a text is looked at first: lines behind the first one, however long."""
    first = LINE_END.search(text)
    return FIRST_LOOK + (first.end() if first and first.end() > FIRST_LOOK // 2 else 0)


def ways_to_read(text: str, layout: FileFormat) -> list[Marks]:
    """Return the ways in which `text` may be written, as far as `layout` does not say it."""
    found = (mark for mark in candidates(text) if _may_part(mark, layout))
    delimiters = [layout.delimiter] if layout.delimiter else [*found, WHOLE_LINE]
    ways = [
        (delimiter, quote)
        for delimiter in delimiters
        for quote in (
            likely_quotes(text, delimiter) if layout.quote is None else [layout.quote or None]
        )
    ]
    return [
        Marks(delimiter=delimiter, quote=quote, escape=escape)
        for delimiter, quote in ways
        for escape in (
            likely_escapes(text, quote, delimiter) if delimiter != WHOLE_LINE else [quote]
        )
    ]


def _may_part(mark: str, layout: FileFormat) -> bool:
    """Tell whether `mark` may part fields beside what is given, as if it were given too."""
    is_other = any(other and other in mark for other in (layout.quote, layout.escape))
    return not is_other and not (layout.remark or "").startswith(mark)


def best_attempt(text: str, ways: Sequence[Marks], expected: Expected, *, cut: bool) -> Attempt:
    """Return the best of the `ways` to read `text`.

    A long text is read in those only in which its beginning reads best.
    """

    def merit(made: Attempt) -> tuple[bool, float]:
        is_wide = made.width == expected.width
        return _is_named(made, expected), made.score * (2.0 if is_wide else 1.0)

    looked = ways
    if len(text) > first_look(text):
        first = [attempt(text[: first_look(text)], marks, cut=True) for marks in ways]
        looked = [made.marks for made in sorted(first, key=merit, reverse=True)[:SECOND_LOOKS]]
    best = max((attempt(text, marks, cut=cut) for marks in looked), key=merit)
    for reconsidered in (_with_apostrophes_as_text, without_rest, with_even_lines):
        best = reconsidered(text, best, ways, cut=cut)
    if _is_named(best, expected) or best.width == expected.width or not is_named_column(best):
        return best
    whole = [attempt(text, marks, cut=cut) for marks in ways if marks.delimiter == WHOLE_LINE]
    return max(whole, key=merit, default=best)


def _with_apostrophes_as_text(
    text: str, best: Attempt, ways: Sequence[Marks], *, cut: bool
) -> Attempt:
    """Return `best`, or a reading without unusual quotes if more rows fit in that.

    Quotes keep rows from falling apart; where they do nothing but join fields, or rows as two
    names with an apostrophe do, they are text. More rows than are won by that may not be in quotes
    on a line of their own.
    """
    fitting = [row for row in best.rows if len(row.cells) == best.width]
    quoted = sum(map(_has_quotes_on_a_line, fitting))
    if best.marks.quote not in UNUSUAL or (quoted and best.width == 1):
        return best
    others = [
        attempt(text, marks, cut=cut)
        for marks in ways
        if marks.delimiter == best.marks.delimiter and marks.quote == QUOTE
    ]
    fuller = [
        made
        for made in others
        if made.width == best.width
        and (
            fit(made) > fit(best) + quoted
            or count_swallowed(text, best.rows, made.width, made.marks) > quoted
        )
    ]
    return max(fuller, key=fit, default=best)


def _has_quotes_on_a_line(row: Row) -> bool:
    """Tell whether quotes stand around a field of the row that has no line end in it."""
    cells = zip(row.cells, row.quoted, strict=True)
    return any(quoted and LINE_END.search(cell) is None for cell, quoted in cells)


def candidates(text: str) -> list[str]:
    """Return the marks that may part the fields of `text`, the most usual ones first."""
    lines = [line for line in LINE_END.split(text[: first_look(text)])[:MOST_LINES] if line.strip()]
    single, several, places = Counter[str](), Counter[str](), Counter[str]()
    clocks = sum(CLOCK.search(IN_QUOTES.sub("", line)) is not None for line in lines)
    for line in lines:
        marks = list(_runs_in(line))
        single.update(set(SINGLE.findall(CLOCK.sub("", line))))
        several.update(set(marks))
        places.update(marks)
    if clocks * 2 > len(lines) or all(map(LABELLED.fullmatch, lines)):
        # it would cut clocks, or stands behind the labels of fields
        single, several = (_without_colon(marks) for marks in (single, several))
    least = SHARE_OF_LINES * len(lines)
    longer = [
        mark
        for mark in several
        if several[mark] >= least
        and not _is_part(mark, places, lines[0])
        and not _is_gap(mark, lines[0])
    ]
    usual = [mark for mark in USUAL if mark in single]
    others = [mark for mark in single if mark not in USUAL and single[mark] >= least / 3]
    return usual + _likeliest(others, single) + _likeliest(longer, several)


def _without_colon(found: Counter[str]) -> Counter[str]:
    """Return the marks that do not begin with a single colon."""
    kept = {mark: count for mark, count in found.items() if mark[0] != ":" or mark[1:2] == ":"}
    return Counter(kept)


def _is_part(mark: str, places: Counter[str], first: str) -> bool:
    """Tell whether a mark stands only as a part of a longer one, also in the first line."""
    return any(
        mark in other
        and mark != other
        and count >= WHOLLY * places[mark]
        and (other in first or mark not in first)
        for other, count in places.items()
    )


def _is_gap(mark: str, first: str) -> bool:
    """Tell whether a mark is empty fields in a row, since the first line has its parts singly."""
    return len(set(mark)) == 1 and mark not in first and mark[0] in first


def _likeliest(marks: Sequence[str], found: Counter[str]) -> list[str]:
    ranked = sorted(marks, key=lambda mark: (-found[mark] * prior_of(mark), len(mark), mark))
    return ranked[:MOST_CANDIDATES]


def delimiter_of(best: Attempt, sample: bytes, layout: FileFormat) -> str:
    """Return the delimiter of `best`; of one column, a mark that leaves its lines whole."""
    if best.marks.delimiter != WHOLE_LINE:
        return best.marks.delimiter
    lines = [row.cells[0] for row in best.rows if not row.is_blank]
    header, body = (lines[0], lines[1:]) if lines else ("", [])
    for mark in (each for each in USUAL if _may_part(each, layout)):
        named = mark in header and NAMES.fullmatch(header.replace(mark, "")) is not None
        if named and not ODD.search(header) and not any(mark in line for line in body):
            return mark  # names of several columns above rows that are too short
    stand_ins = [mark for mark in STAND_INS if _may_part(mark, layout)]
    return next((mark for mark in stand_ins if mark.encode() not in sample), stand_ins[-1])


def told_of_absent(layout: FileFormat, text: str) -> dict[str, str]:
    """Return what a person reads about a given delimiter that parts nothing."""
    told = f"the delimiter {layout.delimiter!r} stands nowhere in the first {len(text)} characters"
    return {"absent": told} if layout.delimiter and layout.delimiter not in text else {}


def _is_named(made: Attempt, expected: Expected) -> bool:
    """Tell whether an attempt shows the names that somebody looks for.

    No matter how well another one reads, that can only be the right one.
    """
    cells = (map(str.strip, row.cells) for row in made.rows[:AHEAD])
    hits = max((len(expected.names.intersection(each)) for each in cells), default=0)
    return hits > 0 and hits * 2 >= len(expected.names)


def _runs_in(line: str) -> Iterator[str]:
    """Yield the marks of more than one character in a line, with those that are parts of them."""
    for run in SEVERAL.findall(line[:LONGEST_LINE]):
        for size in range(2, min(len(run), LONGEST) + 1):
            for start in range(min(len(run) - size + 1, LONGEST)):
                if not run[start : start + size].isspace():
                    yield run[start : start + size]
    for _, mark in BETWEEN_QUOTES.findall(line[:LONGEST_LINE]):
        yield mark
