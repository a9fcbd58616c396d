"""Files that people have, changed at random and read by every format of text: `make fuzz-files`.

```
python -m tests.fuzz.files --seconds 600
python -m tests.fuzz.files --seed 17          # one file again; it is kept below var/fuzz
```

A seed takes one of the files, cuts, doubles, swaps and puts in a few pieces, and has it found out
about and read. Whatever it has become, the reader must

- raise nothing but `FormatError`, and be done in a few seconds;
- account for every record: the rows it gives and the rows it rejects are 1, 2, 3 … without a gap.
"""

from __future__ import annotations

import argparse
import random
import sys
import time
import traceback
from collections.abc import Callable, Mapping, Sequence
from itertools import count
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

from definitions.errors import FormatError
from definitions.model import FileFormat, MalformedRows
from sources.base import ReadTerms
from sources.formats.csv import CsvFormat
from sources.formats.json import JsonFormat
from sources.formats.xml import XmlFormat
from tests.polluting import POLLUTIONS, polluted

KEPT: Final = Path("var/fuzz")
LONGEST: Final = 6_000  # bytes of a file, so that many can be tried
SLOW: Final = 10.0  # seconds
READERS: Final = {"csv": CsvFormat, "json": JsonFormat, "xml": XmlFormat}
WANTED: Final = (frozenset[str](), frozenset({"id", "name"}), frozenset({"price", "city"}))
PIECES: Final[Sequence[bytes]] = tuple(
    piece.encode("latin-1")
    for piece in (
        *("\"',;:|\t\\\n\0\xff#=&<>[]{}"),
        *(
            "\r\n",
            ",,",
            "\n\n",
            '""',
            '","',
            "</",
            "<!--",
            "]]>",
            ' name="x"',
            "&#0;",
            "null",
            "\x1a",
        ),
    )
)
JSON: Final = (
    '[{"id":1,"name":"A"},\n{"id":2,"name":null,"tags":["x","y"]},\n{"id":3.50,"a":{"b":1}}]',
    '{"id":1,"name":"A"}\n{"id":2}\n{"id":3,"name":"C, \\"D\\""}\n',
    '{"items":[{"id":1},{"id":2}],"next":2}\n{"items":[{"id":3}],"next":null}',
    '[["id","name"],[1,"A"],[2,"B"]]',
    'load([{id: 1, name: "A", /* note */ }, {"id": 0x1F}]);',
    'event: x\ndata: {"id": 1}\n\ndata: {"id": 2}\n\n',
)
XML: Final = (
    "<?xml version='1.0'?><r><p i='1'><id>1</id><name>A &amp; B</name></p>\n<p><id>2</id></p></r>",
    '<d><row><field name="id">1</field></row><row><field name="id">2</field></row></d>',
    "<s:e xmlns:s='u'><s:l><s:o><s:id>1</s:id><t>x</t><t>y</t></s:o><s:o/></s:l></s:e>",
    "<rss><channel><title>t</title><item><a><![CDATA[x <b>]]></a></item><item/></channel></rss>",
    "<a><g><i><x>1</x><y>2</y></i><i><x>3</x></i></g><g><i><x>4</x></i></g></a>",
)


def samples() -> Mapping[str, Sequence[bytes]]:
    """Return the files of each format."""
    return {
        "csv": [file.data for name in POLLUTIONS for _, file in polluted(name)],
        "json": [text.encode() for text in JSON],
        "xml": [text.encode() for text in XML],
    }


def _without(pick: random.Random, data: bytes) -> bytes:
    at = pick.randrange(len(data) + 1)
    return data[:at] + data[at + pick.choice((1, 1, 5, 50)) :]


def _with_piece(pick: random.Random, data: bytes) -> bytes:
    at = pick.randrange(len(data) + 1)
    return data[:at] + pick.choice(PIECES) + data[at:]


def _with_copy(pick: random.Random, data: bytes) -> bytes:
    begin, at = pick.randrange(len(data) + 1), pick.randrange(len(data) + 1)
    copy = data[begin : begin + pick.choice((3, 20, 100))]
    return data[:at] + copy + data[at:]


def _with_byte(pick: random.Random, data: bytes) -> bytes:
    at = pick.randrange(len(data) + 1)
    return data[:at] + bytes((pick.randrange(256),)) + data[at + 1 :]


def _with_lines_swapped(pick: random.Random, data: bytes) -> bytes:
    lines = data.split(b"\n")
    one, other = pick.randrange(len(lines)), pick.randrange(len(lines))
    lines[one], lines[other] = lines[other], lines[one]
    return b"\n".join(lines)


CHANGES: Final[Sequence[Callable[[random.Random, bytes], bytes]]] = (
    _without,
    _with_piece,
    _with_copy,
    _with_byte,
    _with_lines_swapped,
)


def drawn(seed: int, files: Mapping[str, Sequence[bytes]]) -> tuple[str, bytes, ReadTerms]:
    """Return the format, the content and the terms of the file that a seed makes."""
    pick = random.Random(seed)
    kind = pick.choice(sorted(files))
    data = pick.choice(files[kind])[:LONGEST]
    for _ in range(pick.choice((1, 1, 2, 4, 8))):
        data = pick.choice(CHANGES)(pick, data)
    policy = pick.choice((MalformedRows.PAD, MalformedRows.REJECT))
    terms = ReadTerms(layout=FileFormat(malformed_rows=policy), wanted=pick.choice(WANTED))
    return kind, data, terms


def complaint(kind: str, data: bytes, terms: ReadTerms, folder: Path) -> str:
    """Return what reading did wrong, nothing if all was well."""
    (folder / "f").write_bytes(data)
    began = time.monotonic()
    numbers: list[int] = []
    try:
        for batch in READERS[kind](terms).open(folder / "f", "f").batches():
            numbers += batch.rows.tolist()
            numbers += [fault.row for fault in batch.faults if fault.rejects_row]
    except FormatError:
        pass
    except Exception:  # noqa: BLE001 - whatever it is, it should not be
        return traceback.format_exc(limit=-4)
    if sorted(numbers) != list(range(1, len(numbers) + 1)):
        return f"rows are numbered {numbers[:50]}"
    seconds = time.monotonic() - began
    return f"it took {seconds:.1f} s" if seconds > SLOW else ""


def main() -> None:
    """Try seeds for some time, or one of them, and keep what does not pass."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seconds", type=float, default=600.0)
    options.add_argument("--seed", type=int)
    given = options.parse_args()
    files, until, wrong = samples(), time.monotonic() + given.seconds, 0
    first = random.SystemRandom().randrange(1 << 40)
    seeds = count(first) if given.seed is None else [given.seed]
    with TemporaryDirectory() as folder:
        for tried, seed in enumerate(seeds):  # noqa: B007 - told below
            if time.monotonic() > until:
                break
            kind, data, terms = drawn(seed, files)
            if found := complaint(kind, data, terms, Path(folder)):
                wrong += 1
                KEPT.mkdir(parents=True, exist_ok=True)
                (KEPT / f"{seed}.{kind}").write_bytes(data)
                sys.stdout.write(f"seed {seed}, kept below {KEPT}: {found}\n")
    sys.stdout.write(f"{tried} files, {wrong} read wrongly\n")
    sys.exit(wrong > 0)


if __name__ == "__main__":
    main()
