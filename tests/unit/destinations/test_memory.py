from __future__ import annotations

import numpy as np
import polars as pl

from destinations.bulk import NOBODY
from destinations.memory import IdHashes, IdMemory


def ids(*values: str, kind: str = "email") -> pl.DataFrame:
    return pl.DataFrame({"id_type": [kind] * len(values), "id_value": values})


def owners(*numbers: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    return np.array(numbers, np.int64)


def test_ids_are_remembered_whatever_order_they_come_in() -> None:
    memory = IdMemory()
    memory.keep(IdHashes.of(ids("b", "d")), owners(2, 4))
    memory.keep(IdHashes.of(ids("c", "a")), owners(3, 1))

    found = memory.recall(IdHashes.of(ids("a", "b", "c", "d", "e", "")))

    assert found.tolist() == [1, 2, 3, 4, NOBODY, NOBODY]


def test_many_ids_are_remembered_page_by_page() -> None:
    memory, chance = IdMemory(), np.random.default_rng(5)
    numbers = chance.permutation(20_000)
    for page in np.split(numbers, [1, 2, 3, 5_000, 5_010, 15_000]):
        memory.keep(IdHashes.of(ids(*map(str, page))), page + 1)

    asked = chance.integers(0, 25_000, 3_000)

    found = memory.recall(IdHashes.of(ids(*map(str, asked))))
    assert found.tolist() == np.where(asked < 20_000, asked + 1, NOBODY).tolist()


def test_an_id_of_another_type_is_another_id() -> None:
    memory = IdMemory()
    memory.keep(IdHashes.of(ids("a")), owners(1))

    assert memory.recall(IdHashes.of(ids("a", kind="phone"))).tolist() == [NOBODY]


def test_half_a_mark_is_not_enough() -> None:
    memory = IdMemory()
    hashes = IdHashes.of(ids("a"))
    memory.keep(hashes, owners(1))

    assert memory.recall(IdHashes(hashes.first, hashes.second + 1)).tolist() == [NOBODY]
    assert memory.recall(IdHashes(hashes.first + 1, hashes.second)).tolist() == [NOBODY]


def test_what_is_forgotten_was_never_known() -> None:
    memory = IdMemory()
    memory.keep(IdHashes.of(ids("a")), owners(1))
    memory.block, memory.reached["email"], memory.due = 3, "a", 5

    memory.forget(7)

    assert memory.recall(IdHashes.of(ids("a"))).tolist() == [NOBODY]
    assert (memory.changes, memory.block, memory.reached, memory.due, len(memory)) == (
        7,
        0,
        {},
        0,
        0,
    )
