"""All pollutions, by class."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial

from benchmarks.polluted.pollutions import around, ends, layouts, marks, names, quotes, rows
from benchmarks.polluted.sheets import Sheet, Table

THREE = ("Export of the warehouse", "Created: 2026-05-01 10:22", "User: admin")
FIVE = ("Report§§", "Created§2026-05-01§", "User§admin§", "Filter§none§all", "Source§system§")
PAIRS = ("Customer: ACME", "Period: 2026-Q1", "")
SENTENCE = "All amounts in EUR, net of tax, as of today, without warranty"
STARRED = ("", "* provisional values", "** estimated by the office", "Last update 2026-05-01")


@dataclass(frozen=True, slots=True, kw_only=True)
class Pollution:
    """What is done to a sheet that has `least` columns or more.

    `is_arguable` tells that a careful person could read something else; with `needs_kinds` that is
    so where rows are written like their header.
    """

    name: str
    change: Callable[[Sheet], Sheet]
    least: int = 2
    is_arguable: bool = False
    needs_kinds: bool = False

    def is_arguable_for(self, table: Table) -> bool:
        """Tell whether a careful person could read another table in the file."""
        return self.is_arguable or (self.needs_kinds and table.has_words_only)


_any = partial(Pollution, least=1)
_arguable = partial(Pollution, is_arguable=True)
_kinds = partial(Pollution, needs_kinds=True)


def _delimited(name: str, mark: str, *, is_arguable: bool = False) -> Pollution:
    change = partial(marks.delimited, mark=mark)
    return Pollution(name=name, change=change, is_arguable=is_arguable, needs_kinds=mark == " ")


def _above(name: str, *lines: str, least: int = 2) -> Pollution:
    return _kinds(name=name, change=lambda sheet: around.above(sheet, *lines), least=least)


def _below(name: str, *lines: str, is_arguable: bool = False) -> Pollution:
    change = lambda sheet: around.below(sheet, *lines)  # noqa: E731 - as short as `_above`
    return _kinds(name=name, change=change, is_arguable=is_arguable)


def _ended(name: str, end: str, *, least: int = 1, is_arguable: bool = False) -> Pollution:
    change = partial(ends.ended, end=end)
    return Pollution(name=name, change=change, least=least, is_arguable=is_arguable)


def _encoded(name: str, encoding: str, *, is_arguable: bool = False) -> Pollution:
    change = partial(ends.encoded, encoding=encoding)
    return _any(name=name, change=change, is_arguable=is_arguable)


def _marked(name: str, encoding: str) -> Pollution:
    return _any(name=name, change=partial(ends.marked, encoding=encoding))


CLASSES: Mapping[str, tuple[Pollution, ...]] = {
    "nothing": (_any(name="nothing", change=lambda sheet: sheet),),
    "delimiter": (
        _delimited("comma", ","),
        _delimited("semicolon", ";"),
        _delimited("tab", "\t"),
        _delimited("bar", "|"),
        _delimited("comma and space", ", "),
        _delimited("semicolon and space", "; "),
        _delimited("space", " "),
        _delimited("caret", "^"),
        _delimited("tilde", "~"),
        _delimited("colon", ":"),
        _delimited("section sign", "§"),
        _delimited("broken bar", "¦"),
        _delimited("0x1F", "\x1f"),
        _delimited("0x01", "\x01"),
        _delimited("two bars", "||"),
        _delimited("two colons", "::"),
        _delimited("number sign", "#", is_arguable=True),
        _delimited("arrow", "=>", is_arguable=True),
        _delimited("question mark", "?", is_arguable=True),
    ),
    "quotes and escapes": (
        Pollution(name="apostrophes", change=marks.in_apostrophes),
        Pollution(name="apostrophes around all", change=marks.all_in_apostrophes),
        Pollution(name="accents around all", change=marks.all_in_accents),
        _any(name="quotes around all", change=marks.all_in_quotes),
        _any(name="quotes around texts", change=marks.texts_in_quotes),
        Pollution(name="quotes around all, backslashes", change=marks.all_with_backslashes),
        Pollution(name="backslashes before quotes", change=marks.with_backslashes),
        Pollution(name="quotes around all, not escaped", change=marks.all_without_escapes),
        Pollution(name="quotes not escaped", change=marks.without_escapes),
        Pollution(name="no quotes", change=marks.without_quotes),
        Pollution(name="no quotes, backslashes", change=marks.escaped_delimiters),
        Pollution(name="one column in quotes", change=marks.one_column_in_quotes),
        _arguable(name="typographic quotes", change=marks.in_typographic_quotes),
    ),
    "record ends": (
        _ended("LF", "\n"),
        _ended("CR", "\r"),
        _ended("LF CR", "\n\r", least=2),
        _ended("CR CR LF", "\r\r\n", least=2),
        _any(name="LF, CRLF, CR in turns", change=ends.mixed),
        _any(name="one LF among CRLF", change=ends.one_other),
        _any(name="none at the end", change=ends.not_closed),
        Pollution(name="several at the end", change=ends.several_at_the_end),
        _ended("0x1E", "\x1e", is_arguable=True),
        _ended("U+2028", "\u2028", is_arguable=True),
        _ended("NEL", "\x85", is_arguable=True),
    ),
    "encoding": (
        _marked("UTF-8 with mark", "utf-8"),
        _marked("UTF-16 LE with mark", "utf-16-le"),
        _marked("UTF-16 BE with mark", "utf-16-be"),
        _marked("UTF-32 LE with mark", "utf-32-le"),
        _encoded("UTF-16 LE", "utf-16-le"),
        _encoded("Windows-1252", "cp1252"),
        _encoded("Windows-1250", "cp1250", is_arguable=True),
        _encoded("Windows-1251", "cp1251"),
        _encoded("Windows-1256", "cp1256", is_arguable=True),
        _encoded("KOI8-R", "koi8-r"),
        _encoded("GB 18030", "gb18030", is_arguable=True),
        _encoded("code page 850", "cp850", is_arguable=True),
        _any(name="mark in the midst", change=ends.mark_in_the_midst),
        _any(name="0x1A at the end", change=ends.end_of_dos),
        _any(name="NUL in a cell", change=ends.nul_in_cell, is_arguable=True),
        _arguable(name="file cut off", change=ends.cut_off),
    ),
    "above the table": (
        _above("title", "Monthly report of the northern region"),
        _above("title and blank line", "Monthly report of the northern region", ""),
        _above("three lines", *THREE),
        _above("five lines with delimiters", *FIVE, least=5),
        _above("pairs and blank line", *PAIRS),
        _above("sentence with commas", SENTENCE, least=5),
        _above("blank line", ""),
        _above("three blank lines", "", "", ""),
        _kinds(name="title with empty cells", change=around.padded_title, least=3),
        _kinds(name="remarks above", change=around.comments),
        Pollution(name="sep= line", change=around.declaration),
        Pollution(name="row of empty cells above", change=around.empty_cells_above),
    ),
    "below the table": (
        _below("note", around.NOTE),
        _below("blank line and note", "", around.NOTE),
        _below("notes with stars", *STARRED),
        _below("count of rows", "(25 rows)"),
        _below("three blank lines below", "", "", ""),
        _below("note with comma", f"{around.NOTE}, all rights reserved", is_arguable=True),
        _kinds(name="note with empty cells", change=around.padded_note),
        _arguable(name="total", change=around.total),
        _arguable(name="rows of empty cells", change=around.empty_cells_below),
        _arguable(name="second table", change=around.second_table),
    ),
    "header": (
        _kinds(name="no header", change=names.nameless, least=1),
        _any(name="header alone", change=names.alone, is_arguable=True),
        _arguable(name="groups of names", change=names.in_groups),
        _arguable(name="group above each name", change=names.in_full_groups),
        Pollution(name="units below names", change=names.with_units),
        Pollution(name="names parted otherwise", change=names.otherwise_delimited),
        Pollution(name="header among rows", change=names.again_in_the_midst),
        Pollution(name="header twice", change=names.twice),
        Pollution(name="two files in one", change=names.of_two_files),
        Pollution(name="dashes below each name", change=names.underlined),
        Pollution(name="line below header", change=names.ruled),
        Pollution(name="names in quotes", change=names.in_quotes),
        Pollution(name="spaces before names", change=names.spaced),
        Pollution(name="blank line below header", change=names.apart),
        _arguable(name="# before header", change=names.remarked),
        Pollution(name="empty first name", change=names.with_index),
        _arguable(name="no first name", change=names.with_row_names),
        Pollution(name="delimiter behind header", change=names.closed),
    ),
    "rows": (
        Pollution(name="delimiter behind a row", change=rows.closed),
        _arguable(name="cell too many", change=rows.longer),
        Pollution(name="field too few", change=rows.shorter, least=3),
        Pollution(name="often a field too few", change=rows.often_shorter, least=3),
        Pollution(name="no empty fields at ends", change=rows.without_empty_tails),
        _arguable(name="empty field in the midst", change=rows.with_gap),
        _arguable(name="delimiter behind all lines", change=rows.all_closed),
        _arguable(name="delimiter behind all rows", change=rows.rows_closed),
        Pollution(name="delimiter behind some rows", change=rows.some_closed),
        Pollution(name="row parted otherwise", change=rows.otherwise_delimited, least=3),
        Pollution(name="blank line among rows", change=rows.blank_between),
        Pollution(name="blank line behind each", change=rows.blank_after_each),
        Pollution(name="blank line behind five", change=rows.blank_after_five),
        _arguable(name="empty cells among rows", change=rows.empty_cells_between),
        Pollution(name="remarks among rows", change=rows.remarks_between),
        Pollution(name="line among rows", change=rows.rule_between),
        _arguable(name="line end without quotes", change=rows.broken),
    ),
    "quotes in rows": (
        Pollution(name="quote at a beginning", change=quotes.at_the_beginning),
        Pollution(name="quote in a cell", change=quotes.in_the_midst),
        Pollution(name="inches in a cell", change=quotes.inches),
        Pollution(name="pair of quotes in quotes", change=quotes.pair_inside),
        _arguable(name="quote never closed", change=quotes.never_closed),
        Pollution(name="row with all in quotes", change=quotes.whole_row_quoted),
        Pollution(name="line in quotes", change=quotes.line_quoted),
        Pollution(name="all lines in quotes", change=quotes.lines_quoted, least=3),
        Pollution(name="line end in quotes", change=quotes.line_break),
        Pollution(name="space before a quote", change=quotes.space_before_one),
        Pollution(name="space before each line", change=quotes.space_before_each),
        Pollution(name="spaces around quotes", change=quotes.spaces_around),
    ),
    "layout": (
        Pollution(name="cells filled up", change=layouts.padded),
        Pollution(name="spaces around delimiters", change=layouts.spaced),
        _arguable(name="fixed widths", change=layouts.fixed),
        Pollution(name="fixed widths with bars", change=layouts.fixed_by_bars),
        Pollution(name="Markdown", change=layouts.markdown),
        Pollution(name="frame of psql", change=layouts.of_psql),
        Pollution(name="frame of mysql", change=layouts.of_mysql),
    ),
}
