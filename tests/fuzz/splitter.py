"""Coverage-guided fuzzing of the reader of delimited text: `make fuzz`.

Out of each input come a dialect, two block sizes and a text. Whatever they are, the reader must

- end, and raise nothing but `FormatError`, and that only before the first batch: where there is no
  header, or the footer has more rows than the file;
- account for every record: the rows it gives and the rows it rejects are 1, 2, 3 … without a gap;
- give the same rest when it goes on from the end of any batch;
- give the same records whatever the size of its blocks.

What breaks a rule is kept below `var/fuzz`; run it again with `python -m tests.fuzz.splitter FILE`.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import atheris

with atheris.instrument_imports(include=["sources"]):
    from definitions.batches import Batch, Position
    from definitions.errors import FormatError
    from definitions.model import FileFormat, MalformedRows, RecordEnd
    from sources.base import Reader, ReadTerms
    from sources.formats.csv import CsvFormat

DELIMITERS = (None, ",", ";", "\t", "|", "::", "¦")
MARKS = (None, "", '"', "'", "\\")
ENCODINGS = (None, None, None, "utf-8", "latin-1", "cp1250", "utf-16-le")
BLOCK_SIZES = (1, 2, 3, 5, 8, 16, 64, 256, 1 << 20)
MOST_RESUMED = 4  # ends of batches at which reading goes on: all of few, some of many
CHOICES = 11  # bytes at the end of an input that say how the text before them is read
SEEDS = (
    b'id,name,note\n1,a,"x, ""y"""\n2,b\n3,c,d,e\n4,"f"g,h\n5,"open\n6,i,j\n',
    b"id;name\r\n1;'a;b'\r\n2;c\\;d\r\n",
    b"# preamble\n\nid|name\r1|a\r2|b\r\n3|\xff\n",
    b'\xef\xbb\xbfid::name\n"1"::15" wide\n\n2::\x00\n',
)


class Record(NamedTuple):
    """A row as read, or why it was left out."""

    row: int
    line: int
    content: object


@dataclass(frozen=True, slots=True)
class Case:
    """What one input says."""

    layout: FileFormat
    sizes: tuple[int, int]
    text: bytes


def case_of(data: bytes) -> Case:
    """Make a case out of any bytes."""
    some = atheris.FuzzedDataProvider(data)

    def one_of(values: Iterable[Any]) -> Any:  # noqa: ANN401 - of the values' type
        return some.PickValueInList([*values])

    layout = FileFormat(
        delimiter=one_of(DELIMITERS),
        quote=one_of(MARKS),
        escape=one_of(MARKS),
        encoding=one_of(ENCODINGS),
        record_end=one_of((None, *RecordEnd)),
        remark=one_of((None, None, "", "#", "//")),
        header_rows=one_of((None, 0, 1, 2)),
        skip_rows=one_of((None, None, 0, 1, 3)),
        footer_rows=one_of((0, 0, 1, 2)),
        malformed_rows=one_of((MalformedRows.REJECT, MalformedRows.PAD)),
    )
    sizes = one_of(BLOCK_SIZES), one_of(BLOCK_SIZES)
    return Case(layout, sizes, some.ConsumeBytes(some.remaining_bytes()))


def check(case: Case, file: Path) -> None:
    """Raise unless the reader keeps its promises."""
    file.write_bytes(case.text)
    first, second = (opened(case.layout, size, file) for size in case.sizes)
    if first is None or second is None:
        must(first is second, "whether a file can be read depends on the size of blocks")
        return
    batches = batches_of(first)
    if batches is None:
        must(batches_of(second) is None, "whether a footer fits depends on the size of blocks")
        return
    found = [record for batch in batches for record in records(batch)]
    must([record.row for record in found] == list(range(1, len(found) + 1)), "rows have a gap")
    must(all(a.line <= b.line for a, b in pairwise(found)), "lines go backwards")
    for done in range(1, len(batches) + 1, max(1, len(batches) // MOST_RESUMED)):
        batch = batches[done - 1]
        rest = [record for other in batches[done:] for record in records(other)]
        must(batch.end.row == len(found) - len(rest) + 1, "the end of a batch is not its last row")
        must(list(all_records(first, batch.end)) == rest, "reading goes on differently")
    must(list(all_records(second)) == found, "records depend on the size of blocks")


def opened(layout: FileFormat, size: int, file: Path) -> Reader | None:
    """Return a reader of small blocks and batches, None where there is no readable header."""
    terms = ReadTerms(layout=layout, batch_size=max(size, 16))
    try:
        return CsvFormat(terms, block_size=size).open(file, "file")
    except FormatError:
        return None


def batches_of(reader: Reader) -> list[Batch] | None:
    """Return what is read, None where the footer should have more rows than there are."""
    batches: list[Batch] = []
    try:
        batches.extend(reader.batches())
    except FormatError:
        must(not batches, "a file is refused behind a batch")
        return None
    return batches


def all_records(reader: Reader, resume: Position | None = None) -> Iterator[Record]:
    """Yield everything that is read from some position on."""
    for batch in reader.batches(resume):
        yield from records(batch)


def records(batch: Batch) -> Iterator[Record]:
    """Yield rows and rejected rows in their order; other faults are told with their row."""
    other = [fault for fault in batch.faults if not fault.rejects_row]
    cells = zip(batch.rows.tolist(), batch.lines.tolist(), batch.frame.rows(), strict=True)
    whole = [
        Record(row, line, (content, [fault.code for fault in other if fault.row == row]))
        for row, line, content in cells
    ]
    left_out = [
        Record(fault.row, fault.line, (fault.code, fault.value, fault.message))
        for fault in batch.faults
        if fault.rejects_row
    ]
    yield from sorted(whole + left_out, key=lambda record: record.row)


def must(kept: bool, promise: str) -> None:
    """Raise if a promise is not kept; unlike assert in any mode."""
    if not kept:
        raise AssertionError(promise)


def main() -> None:
    """Fuzz until told to stop, by the options of libFuzzer; a folder keeps the inputs."""
    for kept in filter(Path.is_dir, map(Path, sys.argv[1:])):
        for number, seed in enumerate(SEEDS):
            (kept / f"seed{number}").write_bytes(seed + bytes(CHOICES))
    with TemporaryDirectory() as place:
        file = Path(place) / "file"
        atheris.Setup(sys.argv, lambda data: check(case_of(data), file))
        atheris.Fuzz()


if __name__ == "__main__":
    main()
