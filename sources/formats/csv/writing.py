"""Writing rows in a form that can be read at full speed.

Polars reads text with a separator of one byte, a quote that is doubled, and a row end of one
byte. Much text is so *as it stands*. Other text is changed with array operations: quotes and
escapes are left out, and three ASCII bytes that occur nowhere in the buffer become separator, quote
and row end (the *plain* form). Single rows are written anew, field by field, into either
form. Should a buffer use nearly every ASCII byte, all its rows are written so, in the *quoted*
form.

```
text         1||"a||b"⏎2||"c⏎d"⏎     its delimiter is too long to stand as it is
plain form   1␟a||b␝2␟c⏎d␝           ␟ parts fields, ␝ ends rows, ␞ would quote a field
```
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby, islice
from operator import attrgetter

import numpy as np

from definitions.arrays import Bytes, Mask
from sources.formats.csv.cuts import Cuts
from sources.formats.csv.structural_index import RETURN, Places

# Control characters first, most of which no text has; no line end, and NUL last of all.
CANDIDATES = (*range(0x1F, 0x0D, -1), 0x0B, 0x0C, *range(0x01, 0x0A), *range(0x7F, 0x1F, -1), 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Form:
    """How rows are written: one ASCII byte each; a quote inside quotes is doubled."""

    separator: bytes
    quote: bytes
    row_end: bytes = b"\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """Rows with the right number of fields, one behind the other."""

    form: Form
    content: bytes


QUOTED = Form(separator=b",", quote=b'"')


def form_as_it_stands(cuts: Cuts) -> Form | None:
    """Return the form in which rows need no change, None if each needs one.

    In that form, too, those need one that have `ordinary_quotes`.
    """
    index, dialect = cuts.index, cuts.index.dialect
    if len(index.escapes) or not dialect.has_short_delimiter:
        return None
    if dialect.returns_end and (index.text[cuts.ends] == RETURN).any():
        return None
    quote = dialect.quote or next(iter(_unused(index.buffer, 1)), None)
    return None if quote is None else Form(separator=dialect.delimiter, quote=quote)


def ordinary_quotes(cuts: Cuts) -> Mask:
    """Tell for each row whether it has a quote that neither opens nor closes a field."""
    if cuts.counted:
        return np.zeros(cuts.count, np.bool_)
    quotes, toggles = (
        places.searchsorted(cuts.ends) - places.searchsorted(cuts.starts)
        for places in (cuts.index.quotes, cuts.toggles)
    )
    mask: Mask = quotes != toggles
    return mask


def plain_form(buffer: bytes) -> Form | None:
    """Return a form of three bytes that are not in `buffer`, None if there are not so many."""
    try:
        separator, quote, row_end = _unused(buffer, 3)
    except ValueError:
        return None
    return Form(separator=separator, quote=quote, row_end=row_end)


def write_row(fields: Sequence[bytes], form: Form) -> bytes:
    """Return the row that stands for `fields`, quoted where needed, with its end."""
    marks = form.quote + form.row_end + b"\r\n"
    bare = form.separator.join(fields)  # which nearly all rows may stay
    if bare.count(form.separator) < len(fields) and not _has_any(bare, marks):
        return bare + form.row_end
    marks += form.separator
    quoted = [
        form.quote + text.replace(form.quote, form.quote * 2) + form.quote
        if _has_any(text, marks)
        else text
        for text in fields
    ]
    return form.separator.join(quoted) + form.row_end


def _has_any(text: bytes, marks: bytes) -> bool:
    return len(text.translate(None, marks)) < len(text)


def merged(texts: Iterable[Text]) -> Iterator[Text]:
    """Yield the texts, of which neighbours in the same form are made one."""
    for form, group in groupby(texts, key=attrgetter("form")):
        yield Text(form=form, content=b"".join(text.content for text in group))


def need_quotes(cuts: Cuts, form: Form) -> Mask:
    """Tell for each row whether one of its fields would end with a CR and not be in quotes.

    Polars takes such a CR for a part of the line end, in any field.
    """
    index, needy = cuts.index, np.zeros(cuts.count, np.bool_)
    if RETURN not in index.buffer:
        return needy
    delimiters = cuts.delimiters[: cuts.delimiters.searchsorted(cuts.ends[-1])]
    field_ends = np.concatenate((delimiters, cuts.content_ends))
    last = field_ends - 1
    if form.row_end != b"\n" and index.dialect.quote:  # its quotes will be left out
        last = last - (index.text[last] == index.dialect.quote[0])
    found = index.text[last] == RETURN
    rows = cuts.ends.searchsorted(field_ends[found])
    needy[rows[last[found] >= cuts.starts[rows]]] = True
    return needy


def write_all(cuts: Cuts, wanted: Mask, written: Sequence[tuple[int, bytes]], form: Form) -> bytes:
    """Return the wanted rows in `form`, and between them those that were `written`.

    The latter come with their number, in order, and are none of the wanted.
    """
    if form.row_end != b"\n":
        return _plainly(cuts, wanted, written, form)
    text = cuts.index.text[cuts.starts[0] : cuts.ends[-1] + 1]
    if wanted.all():
        return text.tobytes()
    return _spliced(text, np.repeat(wanted, cuts.ends + 1 - cuts.starts), cuts, written)


def _plainly(cuts: Cuts, wanted: Mask, written: Sequence[tuple[int, bytes]], form: Form) -> bytes:
    """Return the same in a plain form: other marks, and no quotes, escapes and CRs before an LF."""
    index, begin, end = cuts.index, int(cuts.starts[0]), int(cuts.ends[-1]) + 1
    text = index.text[begin:end].copy()
    keep = np.repeat(wanted, cuts.ends + 1 - cuts.starts)
    delimiters = _between(cuts.delimiters, begin, end)
    text[delimiters] = form.separator[0]
    text[cuts.ends - begin] = form.row_end[0]
    for tail in range(1, len(index.dialect.delimiter)):
        keep[delimiters + tail] = False
    keep[_between(_marks_of_quoting(cuts.toggles), begin, end)] = False
    keep[_between(index.escapes, begin, end)] = False
    keep[cuts.content_ends[cuts.content_ends < cuts.ends] - begin] = False
    return _spliced(text, keep, cuts, written)


def _unused(buffer: bytes, most: int) -> list[bytes]:
    """Return the first ASCII bytes that are not in `buffer`."""
    unused = (bytes((code,)) for code in CANDIDATES if code not in buffer)
    return list(islice(unused, most))


def _between(places: Places, begin: int, end: int) -> Places:
    return places[slice(*places.searchsorted((begin, end)))] - begin


def _marks_of_quoting(toggles: Places) -> Places:
    """Return the quotes that are not content: all toggles, but one of each doubled pair."""
    dropped = np.ones(len(toggles), np.bool_)
    doubled = np.diff(toggles)[1::2] == 1
    dropped[2::2][: len(doubled)] = ~doubled
    return toggles[dropped]


def _spliced(text: Bytes, keep: Mask, cuts: Cuts, written: Sequence[tuple[int, bytes]]) -> bytes:
    """Return the bytes to `keep` of the text of all rows, and each written row in its place."""
    content = text[keep].tobytes()
    if not written:
        return content
    sizes = np.add.reduceat(keep, cuts.starts - cuts.starts[0], dtype=np.int64)
    offsets, done = np.cumsum(sizes) - sizes, 0
    pieces: list[bytes] = []
    for number, row in written:
        offset = int(offsets[number])
        pieces += (content[done:offset], row)
        done = offset
    return b"".join((*pieces, content[done:]))
