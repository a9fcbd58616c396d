"""Random documents, read in blocks of any size: what is valid is read as any JSON reader does.

Of broken ones every row has its number, and reading can go on behind any batch.
"""

from __future__ import annotations

import json
import random
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from definitions.batches import Batch
from definitions.errors import FormatError
from definitions.model import FileFormat, MalformedRows
from sources.base import ReadTerms
from sources.formats.json import JsonFormat
from tests.reading import assert_resumable, numbered, seen_faults

PIECES = ["a", " ", '"', "\\", "\n", ",", "{", "}", "[", "]", ":", "é", "😀", "//", "/*", "#", "'"]
REMARKS = ["", "", " ", "\n", "/* , */", "// ]\n", "# {\n"]
SIZES = [16, 30, 100, 1000, 1 << 20]


@dataclass(frozen=True)
class Document:
    """A text, where its records are, and these, None if some are broken."""

    text: str
    where: str | None
    records: list[dict[str, Any]] | None


def document(seed: int) -> Document:
    """Return one of many kinds."""
    chance = random.Random(seed)
    records = [record(chance) for _ in range(chance.randint(2, 9))]
    is_broken, remarks = seed % 3 == 0, REMARKS if seed % 2 else [""]
    texts = [json.dumps(each, ensure_ascii=chance.random() < 0.5) for each in records]
    if is_broken:
        texts = [broken(chance, text) if chance.random() < 0.4 else text for text in texts]
    by_line = "\n".join(texts)

    def listed(some: list[str]) -> str:
        parted = [chance.choice(remarks) + text + chance.choice(remarks) for text in some]
        return "[" + ",".join(parted) + "]"

    pages = [
        '{"n":{"x":1},"items":' + listed(texts[at : at + 3]) + ',"next":["]}"]}'
        for at in range(0, len(texts), 3)
    ]
    text, where = chance.choice(
        [
            (listed(texts), None),
            (by_line + "\n", None),
            (by_line.replace("\n", "\r\n\r\n"), None),
            ("\x1e" + by_line.replace("\n", "\n\x1e"), None),
            (listed(texts[:1]) + "\n" + listed(texts[1:]), None),
            (f"load({listed(texts)});", None),
            ("".join(pages), "items"),
            (",\n".join(pages), "items"),
        ]
    )
    return Document(text, where, None if is_broken else records)


def record(chance: random.Random) -> dict[str, Any]:
    """Return a record of some cells."""
    others = {name: value(chance) for name in ("b", "c") if chance.random() < 0.7}
    return {"a": chance.randint(0, 99)} | others


def value(chance: random.Random) -> object:
    """Return anything that JSON has; no objects, of which cells would be made."""
    match chance.randint(0, 4):
        case 0:
            return chance.choice([None, True, False])
        case 1:
            return chance.randint(-9, 10 ** chance.randint(1, 25))
        case 2:
            return [value(chance) for _ in range(chance.randint(0, 3))]
        case _:
            return "".join(chance.choices(PIECES, k=chance.randint(0, 6)))


def broken(chance: random.Random, text: str) -> str:
    """Return a text with something wrong in it."""
    at = chance.randint(1, len(text))
    sign = chance.choice('"{}[],:\\x')
    ways = [text[:at], text[:at] + sign + text[at:], text[: at - 1] + text[at:], "{a: 1,}", "5", ""]
    return chance.choice(ways)


def cell(content: object) -> str:
    """Return the text of a value."""
    if content is None or isinstance(content, str):
        return content or ""
    return json.dumps(content, ensure_ascii=False, separators=(",", ":"))


@pytest.mark.parametrize("policy", [MalformedRows.REJECT, MalformedRows.PAD])
@pytest.mark.parametrize("seed", range(60))
def test_documents_are_read_the_same_in_blocks_of_any_size(
    seed: int, policy: MalformedRows, tmp_path: Path
) -> None:
    made = document(seed)
    (tmp_path / "f").write_bytes(made.text.encode())
    for size in SIZES:
        layout = FileFormat(records=made.where, malformed_rows=policy)
        opened = JsonFormat(ReadTerms(layout=layout, batch_size=size), size)
        try:
            reader = opened.open(tmp_path / "f", "f")
        except FormatError:
            assert made.records is None
            continue
        batches = list(reader.batches())
        assert_all_counted(batches, reader.header)
        assert_resumable(reader)
        if made.records is not None:
            header = tuple(dict.fromkeys(name for each in made.records for name in each))
            rows = [tuple(cell(each.get(name)) for name in header) for each in made.records]
            assert reader.header == header
            assert [row for batch in batches for row in batch.frame.rows()] == rows
            assert seen_faults(batches) == []


def assert_all_counted(batches: list[Batch], header: tuple[str, ...]) -> None:
    """Assert that rows and faults together are numbered from 1 on, and that rows have cells."""
    rows, _ = numbered(batches)
    left_out = [fault.row for fault in seen_faults(batches) if fault.rejects_row]
    assert sorted(rows + left_out) == list(range(1, len(rows) + len(left_out) + 1))
    assert sum(batch.read for batch in batches) == len(rows) + len(left_out)
    assert header or not rows
