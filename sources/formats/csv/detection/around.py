"""What is around the rows and cells of a text, and is taken off before the rest is found out.

`AROUND` has what is asked, in this order: the first answer is believed, and nothing else is asked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Any, Final, Protocol

from definitions.model import FileFormat
from sources.encoding import TextKind
from sources.formats.csv.detection.aligned import are_aligned
from sources.formats.csv.detection.framed import are_framed
from sources.formats.csv.detection.indented import are_indented
from sources.formats.csv.detection.record_marks import find_record_mark
from sources.formats.csv.detection.round_quotes import find_round_quotes
from sources.formats.csv.detection.spaced import delimiter_before_spaces
from sources.formats.csv.detection.wrapping import are_wrapped
from sources.straightening import RoundQuotes


class Question(Protocol):
    """Asks whether something is around rows or cells, and what; no answer is false."""

    def __call__(
        self, sample: bytes, layout: FileFormat, *, complete: bool
    ) -> bool | str | RoundQuotes | None:
        """Look at the `sample` at the beginning of a text, which is `complete` if it is all."""


# By the part of a `TextKind` that the answer is.
AROUND: Final[Mapping[str, Question]] = MappingProxyType(
    {
        "wrapped": are_wrapped,
        "aligned": are_aligned,
        "framed": are_framed,
        "indented": are_indented,
        "round_quotes": find_round_quotes,
        "spaced": delimiter_before_spaces,
    }
)
TOLD: Final[Mapping[str, str]] = MappingProxyType(
    {
        "wrapped": "rows are in quotes as a whole, which are taken off",
        "aligned": "columns are aligned with spaces, several of which are one",
        "framed": "rows are in frames of '|', which are taken off",
        "indented": "spaces before the first quotes of rows, which are taken off",
        "round_quotes": "quotes such as “ and ” around cells are read as straight ones",
        "spaced": "spaces before the quotes of some cells, which are taken off",
    }
)


def with_line_ends(kind: TextKind, sample: bytes, layout: FileFormat) -> TextKind:
    """Return how a text is read with line ends where another mark ends its records, if one does."""
    mark = find_record_mark(sample, layout)
    return replace(kind, record_mark=mark) if mark else kind


def without_what_is_around(
    kind: TextKind, sample: bytes, layout: FileFormat, *, complete: bool
) -> TextKind:
    """Return how a text is read without what is around its rows or cells, if anything is."""
    for part, find in AROUND.items():
        if answer := find(sample, layout, complete=complete):
            changed: dict[str, Any] = {part: answer}  # each part has a type of its own
            return replace(kind, **changed)
    return kind


def told_of_changes(kind: TextKind) -> dict[str, str]:
    """Return what a person reads about what is changed or taken off."""
    told = {part: f"found: {what}" for part, what in TOLD.items() if getattr(kind, part)}
    if kind.record_mark:
        told["record_mark"] = f"found: {kind.record_mark} ends records, which no line end does"
    return told
