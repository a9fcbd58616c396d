"""A format of two columns, `a-b` a line, that stands for every one that pads malformed rows.

A line without a hyphen is a malformed row that is read all the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import polars as pl

from definitions.batches import Batch, Position
from definitions.faults import Fault, FaultCode
from sources.base import ReadTerms
from sources.registry import Kind

BEGINNING = "PADDED\n"
NUMBERED = "PADDED2\n"  # its columns have no names
KIND = Kind(path="tests.padding_format:PaddingFormat", begins=re.compile(rb"PADDED"))


class PaddingFormat:
    """Reads such files, a line a batch."""

    def __init__(self, terms: ReadTerms) -> None:
        self.terms = terms

    def open(self, file: Path, name: str) -> PaddingReader:
        return PaddingReader(file.read_text().splitlines(), name)


class PaddingReader:
    """An open file."""

    header = ("left", "right")
    evidence = {"made_of": "hyphens"}  # noqa: RUF012 - as the Protocol has it

    def __init__(self, lines: list[str], name: str) -> None:
        first, *self._rows = lines
        self.named = f"{first}\n" == BEGINNING
        self._name = name

    def batches(self, resume: Position | None = None) -> Iterator[Batch]:
        assert resume is None
        for row, text in enumerate(self._rows, start=1):
            left, hyphen, right = text.partition("-")
            yield Batch(
                frame=pl.DataFrame({"left": [left], "right": [right]}),
                rows=np.array([row]),
                lines=np.array([row + 1]),
                faults=() if hyphen else (self._fault(row, text),),
                end=Position(byte=row, row=row + 1, line=row + 2),
            )

    def _fault(self, row: int, text: str) -> Fault:
        return Fault(
            file=self._name,
            row=row,
            line=row + 1,
            column=None,
            value=text,
            code=FaultCode.TOO_FEW_FIELDS,
            message="expected 2 fields, found 1",
            rejects_row=False,
        )
