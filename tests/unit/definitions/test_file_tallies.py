from __future__ import annotations

from definitions.batches import Tally
from definitions.file_tallies import tallies_of

THREE, TWO = Tally(read=3, created=2, rejected=1), Tally(read=2, created=2)


def test_finished_files_have_their_own_counts_and_the_next_one_has_the_rest() -> None:
    total = THREE + TWO + Tally(read=4, updated=4)
    opened = ["a.csv", "b.csv", "c.csv", "d.csv"]

    found = tallies_of(total, opened, {"a.csv": THREE, "b.csv": TWO})

    assert list(found.items()) == [
        ("a.csv", THREE),
        ("b.csv", TWO),
        ("c.csv", Tally(read=4, updated=4)),
        ("d.csv", Tally()),
    ]


def test_the_only_file_has_all_rows_whatever_it_is_called_elsewhere() -> None:
    assert tallies_of(THREE, ["https://x/a.csv"], {}) == {"https://x/a.csv": THREE}
    assert tallies_of(Tally(), [], {}) == {}
