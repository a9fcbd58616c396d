"""Texts drawn at random, well-formed or not, and the dialects they are to be read in."""

from __future__ import annotations

from dataclasses import dataclass

import hypothesis.strategies as st

from definitions.model import RecordEnd
from sources.formats.csv.dialect import Dialect
from sources.formats.csv.row_terms import RowTerms
from tests.unit.sources.formats.csv.reference import Reference, Row


@dataclass(frozen=True)
class Document:
    """Any text, well-formed or not, the dialect it is to be read in, and what its header is."""

    text: str
    dialect: Dialect
    width: int
    header: str = ""

    @property
    def terms(self) -> RowTerms:
        """Return what the rows of the text are held against."""
        return RowTerms(
            file="f.csv", dialect=self.dialect, width=self.width, header=self.header.encode()
        )

    def read_plainly(self) -> list[Row]:
        """Return the rows of the text as they are read character by character."""
        return Reference(self.text, self.dialect, self.width, self.header).rows()


@st.composite
def dialects(draw: st.DrawFn) -> Dialect:
    """Draw how a text is written."""
    quote = draw(st.sampled_from(['"', '"', "'", ""]))
    escape = draw(st.sampled_from([quote, quote, "\\", ""]))
    remark = draw(st.sampled_from(["", "", "#", "//"]))
    return Dialect(
        delimiter=draw(st.sampled_from([",", ";", "\t", " ", "|", "||", ", ", "§", "→|"])).encode(),
        quote=quote.encode() or None,
        escape=escape.encode() or None,
        record_end=draw(st.sampled_from(RecordEnd)),
        remark=remark.encode() or None,
        remark_is_given=bool(remark) and draw(st.booleans()),
        has_rules=draw(st.booleans()),
        has_counts=draw(st.booleans()),
    )


@st.composite
def documents(draw: st.DrawFn) -> Document:
    """Draw a text of the marks that its dialect has, and of whatever may be taken for one."""
    dialect = draw(dialects())
    marks = [mark.decode() for mark in (dialect.delimiter, dialect.quote, dialect.escape) if mark]
    remark = (dialect.remark or b"#").decode()
    header = draw(st.sampled_from(["", "a", f"a{marks[0]}N", f"\ufeffa{marks[0]}N"]))
    pieces = [
        *marks * 3,
        *marks[0],
        "\n",
        "\n",
        "\r",
        "\r\n",
        "a",
        "N",
        "é",
        "\x00",
        '"',
        "\n\ufeff",
        " ",
        "\t",
        "\x1a",
        "\n\x1a\n",
        f"\n{remark}",
        f"\n{remark} a\n",
        "\n--+--\n",
        f"\n---{marks[0]}---\n",
        "\n(2 rows)\n",
        f"\n{header}\n",
        f"\n\ufeff{header}\n",
    ]
    text = "".join(draw(st.lists(st.sampled_from(pieces), max_size=60)))
    return Document(text, dialect, draw(st.integers(1, 3)), header)
