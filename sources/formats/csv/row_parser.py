"""Reading one row with care: the slow way, for the few that arrays cannot take.

The rules are those of Python's csv module:

- a field that begins with the quote is quoted: delimiters and line ends in it are content, and it
  ends at the next quote that is not doubled and not escaped;
- any other field ends at the next delimiter or line end, and a quote in it is an ordinary
  character;
- an escape, inside or outside quotes, takes the meaning from the character behind it.

With these exceptions:

- text behind a closing quote is a fault;
- in a dialect without escape a quote closes its field only where a field may end;
- an escape is content before a letter or a digit that means nothing, and takes the meaning from a
  CRLF as a whole;
- a delimiter may have several characters, and a lone CR ends a row only where `Dialect` says so.

The time taken is proportional to the bytes looked at, whatever is in them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

from sources.formats.csv.dialect import LETTERS_AND_DIGITS, Dialect

ANY_BYTE = rb"[\x00-\xff]"
KNOWN_GRAMMARS = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedRow:
    """One row: its fields without quotes and escapes, and where the next row starts.

    `width` is how many fields there are; `fields` are the first of them, as many as were asked
    for. `stray_quote` tells that text followed a closing quote; from there the field was read on
    as if it had no quotes.
    """

    fields: list[bytes]
    width: int
    end: int
    stray_quote: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Grammar:
    """The patterns of a dialect; they are possessive, so no byte is looked at twice.

    `closing` is the rest of a quoted field behind its first quote. `stretch` is a run of fields
    without quotes, and behind it a line end, or a delimiter with a quoted field behind it. `field`
    is one field of a stretch with the delimiter before it, `escaped` an `escape` and the byte it
    takes the meaning from, which is left. A `quote` in a quoted field may be `doubled`.
    """

    delimiter: bytes
    quote: bytes | None
    doubled: bytes | None
    escape: bytes | None
    closing: re.Pattern[bytes] | None
    stretch: re.Pattern[bytes]
    field: re.Pattern[bytes]
    escaped: re.Pattern[bytes] | None


def parse_row(buffer: bytes, start: int, dialect: Dialect, most: int) -> ParsedRow | None:
    """Return the row that begins at `start`, or None if `buffer` ends before it does.

    At `most` so many of its fields are returned. A line feed must stand at the end of `buffer`
    where the file ends.
    """
    grammar = grammar_of(dialect)
    quote, delimiter, size = grammar.quote, grammar.delimiter, len(buffer)
    fields: list[bytes] = []
    width, stray_quote, at = 0, False, start
    while at < size:
        content = None
        if quote and grammar.closing and buffer.startswith(quote, at):
            closing = grammar.closing.match(buffer, at + 1)
            if closing is None:
                return None
            content, at = _content(buffer[at + 1 : closing.end() - 1], grammar), closing.end()
        stretch = grammar.stretch.match(buffer, at)
        if stretch is None:
            return None
        texts, count = _fields(stretch["fields"], grammar, most + 1)
        if content is not None:
            stray_quote |= texts[0] != b""
            texts[0] = content + texts[0]
        fields += texts[: most - len(fields)]
        width, at = width + count, stretch.end()
        if stretch["end"] != delimiter:
            return ParsedRow(fields=fields, width=width, end=at, stray_quote=stray_quote)
    return None


def behind(row: bytes, dialect: Dialect, count: int) -> bytes | None:
    """Return what stands behind the first `count` fields of a row, None if nothing does."""
    grammar, quote, at = grammar_of(dialect), dialect.quote, 0
    for number in range(count):
        begin = at + (len(dialect.delimiter) if number else 0)
        if grammar.closing and quote and row.startswith(quote, begin):
            closing = grammar.closing.match(row, begin + 1)
            if closing is None:
                return None
            at = row.find(dialect.delimiter, closing.end())
        else:
            field = grammar.field.match(row, at)
            at = -1 if field is None else field.end()
        if not row.startswith(dialect.delimiter, at) or at < 0:
            return None
    return row[at + len(dialect.delimiter) :]


@lru_cache(maxsize=KNOWN_GRAMMARS)
def grammar_of(dialect: Dialect) -> Grammar:
    """Return the patterns of `dialect`."""
    delimiter, quote = re.escape(dialect.delimiter), re.escape(dialect.quote or b"")
    plain = plain_parts(dialect)
    # Delimiters before further quotes are none of a stretch.
    ordinary = [*plain, delimiter + (rb"(?!" + quote + rb")" if quote else b"")]
    fields = rb"(?P<fields>(?:" + rb"|".join(ordinary) + rb")*+)"
    field = [*plain, rb"[\r\n]"]
    return Grammar(
        delimiter=dialect.delimiter,
        quote=dialect.quote,
        doubled=dialect.quote * 2 if dialect.quote and dialect.doubles else None,
        escape=dialect.escaping,
        closing=re.compile(closing_pattern(dialect)) if quote else None,
        stretch=re.compile(fields + rb"(?P<end>" + delimiter + rb"|" + _line_end(dialect) + rb")"),
        field=re.compile(rb"(?:\A|" + delimiter + rb")((?:" + rb"|".join(field) + rb")*+)"),
        escaped=_escaped(dialect) if dialect.escaping else None,
    )


def plain_parts(dialect: Dialect) -> list[bytes]:
    """Return the patterns of what a field without quotes is made of."""
    first, escape = re.escape(dialect.delimiter[:1]), re.escape(dialect.escaping or b"")
    parts = [rb"[^" + first + escape + rb"\r\n]++"]
    if escape:
        parts.append(escape + rb"(?:\r\n|" + ANY_BYTE + rb")")
    if len(dialect.delimiter) > 1:
        parts.append(first + rb"(?!" + re.escape(dialect.delimiter[1:]) + rb")")
    if not dialect.returns_end:
        parts.append(rb"\r(?!\n)")
    return parts


def closing_pattern(dialect: Dialect) -> bytes:
    """Return the pattern of the rest of a quoted field, with the quote that closes it."""
    quote, escape = re.escape(dialect.quote or b""), re.escape(dialect.escaping or b"")
    if dialect.doubles:
        inside = quote + quote
    elif escape:
        inside = escape + ANY_BYTE
    else:
        field_end = re.escape(dialect.delimiter) + rb"|" + _line_end(dialect)
        inside = quote + rb"(?!" + field_end + rb")"
    return rb"(?:[^" + quote + escape + rb"]++|" + inside + rb")*+" + quote


def _line_end(dialect: Dialect) -> bytes:
    # A CR at the very end of the buffer is no line end yet: an LF may follow.
    return rb"\n|\r(?:\n|(?=[^\n]))" if dialect.returns_end else rb"\r?\n"


def _escaped(dialect: Dialect) -> re.Pattern[bytes]:
    marks = rb"|".join(map(re.escape, dialect.escapable))
    byte = rb"[^" + LETTERS_AND_DIGITS + rb"]|(?=" + marks + rb")" + ANY_BYTE
    return re.compile(re.escape(dialect.escaping or b"") + rb"(" + byte + rb")")


def _content(text: bytes, grammar: Grammar) -> bytes:
    """Return what `text` stands for, which is inside quotes or has escapes."""
    if grammar.doubled and grammar.quote:
        return text.replace(grammar.doubled, grammar.quote)
    return grammar.escaped.sub(rb"\1", text) if grammar.escaped else text


def _fields(text: bytes, grammar: Grammar, most: int) -> tuple[list[bytes], int]:
    """Return the first fields of a stretch and the number of all."""
    if grammar.escape is None or grammar.escape not in text:
        return text.split(grammar.delimiter, most), text.count(grammar.delimiter) + 1
    found = grammar.field.finditer(text)
    fields = [_content(field[1], grammar) for field in islice(found, most)]
    return fields, len(fields) + sum(1 for _ in found)
