"""Delimited text as column batches: what the splitter finds clean goes through polars, as text."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np
import polars as pl

from definitions.batches import Batch, Position
from definitions.errors import ReconcileError
from sources.base import ReadTerms
from sources.encoding import SAMPLE_SIZE, TextKind, open_text, text_kind
from sources.formats.csv.detection import detect, find_line_end
from sources.formats.csv.dialect import Header, read_header
from sources.formats.csv.harvest import Block
from sources.formats.csv.record import Shape
from sources.formats.csv.splitter import BLOCK_SIZE, MANY_FAULTS, split


@dataclass(frozen=True, slots=True)
class CsvFormat:
    """Reads delimited text, plain or gzip, of the usual encodings, delimiters and line ends."""

    terms: ReadTerms = field(default_factory=ReadTerms)
    block_size: int = BLOCK_SIZE

    def open(self, file: Path, name: str) -> CsvReader:
        """Return a reader of the spooled `file`, calling it `name` in faults.

        Raise `FormatError` when there is no readable header.
        """
        kind = text_kind(file, self.terms.limits, self.terms.layout.encoding)
        sample = self._beginning(file, kind)
        kind = replace(kind, line_end=find_line_end(sample))
        sample = self._beginning(file, kind)
        terms, complete = self.terms, len(sample) < SAMPLE_SIZE
        found = detect(sample, terms.layout, terms.wanted, complete=complete)
        delimiter = found.dialect.delimiter
        header = read_header(sample, delimiter, name)
        shape = Shape(file=name, delimiter=delimiter, width=len(header.names))
        return CsvReader(self, file, kind, header, shape)

    def _beginning(self, file: Path, kind: TextKind) -> bytes:
        with closing(open_text(file, kind, 0, self.terms.limits)) as text:
            return text.read(SAMPLE_SIZE)


class CsvReader:
    """An open delimited file."""

    def __init__(
        self, settings: CsvFormat, file: Path, kind: TextKind, header: Header, shape: Shape
    ) -> None:
        self._settings, self._file, self._kind = settings, file, kind
        self._header, self._shape = header, shape
        self._schema = dict.fromkeys(header.names, pl.String())

    @property
    def header(self) -> tuple[str, ...]:
        """Return the column names in file order, unique and not empty."""
        return self._header.names

    @property
    def named(self) -> bool:
        """Tell whether the file names the columns."""
        return True

    @property
    def evidence(self) -> dict[str, str]:
        """Return what was detected: how the file is written, and which columns were renamed."""
        found = {
            "compression": self._kind.compression,
            "encoding": self._kind.encoding,
            "line_end": self._kind.line_end,
            "delimiter": self._shape.delimiter.decode(),
        }
        renamed = [f"{old!r} -> {new!r}" for new, old in self._header.renamed.items()]
        return found | ({"renamed_columns": ", ".join(renamed)} if renamed else {})

    def batches(self, resume: Position | None = None) -> Iterator[Batch]:
        """Yield batches in file order from `resume` (or the first data row), in bounded memory."""
        begin, terms = resume or self._header.data, self._settings.terms
        stream = open_text(self._file, self._kind, begin.byte, terms.limits, terms.heartbeat)
        with closing(stream) as text:
            blocks: list[Block] = []
            size = min(self._settings.block_size, terms.batch_size)
            for block in split(text.read, self._shape, begin, size):
                blocks.append(block)
                if self._is_enough(blocks, begin):
                    yield from self._batch(blocks)
                    blocks, begin = [], block.end
            yield from self._batch(blocks)

    def _is_enough(self, blocks: list[Block], begin: Position) -> bool:
        size = blocks[-1].end.byte - begin.byte
        faults = sum(len(block.faults) for block in blocks)
        return size >= self._settings.terms.batch_size or faults >= MANY_FAULTS

    def _batch(self, blocks: list[Block]) -> Iterator[Batch]:
        """Yield what the blocks hold as one batch, nothing if there were only blank lines."""
        if not any(block.text or block.faults for block in blocks):
            return
        rows = np.concatenate([block.rows for block in blocks])
        frame = self._frame(b"".join(block.text for block in blocks))
        if frame.height != len(rows):
            msg = (
                f"{self._shape.file!r} was split into {len(rows)} rows but read as {frame.height} "
                f"before line {blocks[-1].end.line}; this is an error of importmgr, report it"
            )
            raise ReconcileError(msg)
        yield Batch(
            frame=frame,
            rows=rows,
            lines=np.concatenate([block.lines for block in blocks]),
            faults=tuple(fault for block in blocks for fault in block.faults),
            end=blocks[-1].end,
        )

    def _frame(self, text: bytes) -> pl.DataFrame:
        if not text:
            return pl.DataFrame(schema=self._schema)
        return pl.read_csv(
            text,
            has_header=False,
            schema=self._schema,
            separator=self._shape.delimiter.decode(),
            empty_string_is_null=False,
        )
