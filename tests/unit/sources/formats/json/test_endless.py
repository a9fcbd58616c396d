from __future__ import annotations

import random
from pathlib import Path

import pytest

from definitions.model import FileFormat, MalformedRows
from sources.base import ReadTerms
from sources.formats.json import JsonFormat
from sources.formats.json.endless import NOT_ENDED, are_apart
from sources.formats.json.layout import record_beginning
from sources.gathering import MAX_RECORD
from tests.reading import assert_resumable, numbered, seen_faults

WHOLE = '{"id":%d,"parts":[{"sku":1},{"sku":2}]}'
OPEN = '{"id":%d,"parts":[{"sku":1},{"sku":2}'
NESTED = '{"id":%d,"parts":[{"id":1},{"id":2}]}'
IS_CUT = "is cut: the file ends in the middle of it"
SIZES = [16, 60, 200, 1 << 20]


def listed(texts: list[str], before: str = "[", between: str = ",", behind: str = "]") -> str:
    """Return numbered records as a list."""
    return before + between.join(text % at for at, text in enumerate(texts, start=1)) + behind


def read(text: str, folder: Path, size: int = 1 << 20) -> tuple[list[int], list[tuple[int, str]]]:
    """Return the ids of the rows, which are their numbers, and the faults; reading can go on."""
    (folder / "f").write_text(text)
    terms = ReadTerms(layout=FileFormat(malformed_rows=MalformedRows.PAD), batch_size=size)
    reader = JsonFormat(terms, size).open(folder / "f", "f")
    batches = list(reader.batches())
    assert_resumable(reader)
    ids = [int(row[0]) for batch in batches for row in batch.frame.rows()]
    assert numbered(batches)[0] == ids
    return ids, [(fault.row, fault.message) for fault in seen_faults(batches)]


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize(
    "marks",
    [
        ("[", ",", "]"),
        ("[", " , ", "]\n"),
        ("[\n", ",\n", "\n]\n"),
        ("[\n  ", ",\n  ", "\n]\n"),
        ('{"data":[', ",", '],"total":9}'),
        ('{"ok":true,"data":{"items":[\n', ",\n", "\n]}}\n"),
    ],
)
def test_a_record_without_an_end_ends_where_the_next_one_begins(
    marks: tuple[str, str, str], size: int, tmp_path: Path
) -> None:
    texts = [WHOLE, WHOLE, WHOLE, OPEN, WHOLE, OPEN, OPEN, WHOLE, WHOLE]
    found = read(listed(texts, *marks), tmp_path, size)
    assert found == ([1, 2, 3, 5, 8, 9], [(at, NOT_ENDED.message) for at in (4, 6, 7)])


def test_a_record_without_an_end_ends_there_however_much_follows(tmp_path: Path) -> None:
    long = '{"id":%d,"parts":["' + "x" * (MAX_RECORD // 64) + '"]}'
    texts = [WHOLE, WHOLE, WHOLE, OPEN] + 70 * [long] + [OPEN] + 140 * [long]
    (tmp_path / "f").write_text(listed(texts))
    batches = list(JsonFormat().open(tmp_path / "f", "f").batches())
    assert [fault.row for fault in seen_faults(batches)] == [4, 75]
    assert [row for row in range(1, 216) if row not in {4, 75}] == numbered(batches)[0]


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (listed([WHOLE, WHOLE, WHOLE, NESTED])[:-4], [1, 2, 3]),  # the file is cut
        (listed([WHOLE, WHOLE, WHOLE, OPEN, WHOLE])[:-10], [1, 2, 3]),
        (listed([WHOLE, NESTED, WHOLE, OPEN, WHOLE]), [1, 2, 3]),  # records hold such
        (listed([WHOLE, OPEN, WHOLE, WHOLE]), [1]),  # too few tell
    ],
)
def test_what_looks_like_the_next_record_may_be_in_one(
    text: str, rows: list[int], tmp_path: Path
) -> None:
    assert read(text, tmp_path) == (rows, [(len(rows) + 1, IS_CUT)])


def test_whole_records_stay_whole_beside_one_without_an_end(tmp_path: Path) -> None:
    texts = [WHOLE, WHOLE, WHOLE, OPEN, NESTED, WHOLE]
    assert read(listed(texts), tmp_path) == ([1, 2, 3, 5, 6], [(4, NOT_ENDED.message)])


@pytest.mark.parametrize("seed", range(20))
def test_any_records_without_an_end_are_told_in_blocks_of_any_size(
    seed: int, tmp_path: Path
) -> None:
    chance = random.Random(seed)
    lost = {at for at in range(4, 60) if chance.random() < 0.2}
    texts = [OPEN if at in lost else WHOLE for at in range(1, 60)] + [WHOLE]
    kept = [at for at in range(1, 61) if at not in lost]
    size = chance.choice(SIZES)
    found = read(listed(texts, between=chance.choice([",", ",\n"])), tmp_path, size)
    assert found == (kept, [(at, NOT_ENDED.message) for at in sorted(lost)])


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"a":1},{"a":2},{"a":3}]', True),
        ('\n{"a":1},\n{"a":2},\n{"a":3}\n]', True),
        ('\n  {"a":[\n    {"a":1},\n    {"a":2}]},\n  {"a":2},\n  {"a":3}\n]', True),
        ('{"a":"]}"},{"a":",{\\"a\\":"},{"a":3}]', True),
        ('{"a":[{"b":1},{"a":1}]},{"a":2},{"a":3}]', False),
        ('{"a":[{"a":1}]},{"a":2},{"a":3}]', False),
        ('\n{"a":[\n{"a":1}\n]},\n{"a":2},\n{"a":3}\n]', False),
        ('{"a":1},{"a":[{"a":1', False),
        ("1,2,3]", False),
    ],
)
def test_records_are_apart_where_none_holds_what_begins_like_them(
    text: str, expected: bool
) -> None:
    assert are_apart(text.encode(), record_beginning(text)) is expected
