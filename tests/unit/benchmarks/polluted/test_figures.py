"""The tables of the page have every party and class, and say where another party is better."""

from __future__ import annotations

from benchmarks.polluted.figures import OURS, lines, sentence
from benchmarks.polluted.filing import cases
from benchmarks.polluted.scoring import Read, score
from benchmarks.polluted.sheets import Table

TABLE = Table(header=("id", "name"), rows=tuple((str(i), f"thing {i}") for i in range(6)))
WANTED = {"nothing", "title", "total"}
CASES = [case for case in cases({"t": TABLE}) if case.pollution in WANTED]
RIGHT = [score(case.sheet, Read(header=TABLE.header, rows=TABLE.rows)) for case in CASES]
HALF = [RIGHT[0], score(CASES[1].sheet, None), RIGHT[2]]
MISSING = "not measured: duckdb is not installed"


def test_each_party_has_a_line_and_a_missing_one_says_why() -> None:
    made = lines(CASES, {OURS: HALF, "DuckDB": MISSING}, {OURS: RIGHT})

    assert "| importmgr | 0.5000 | 0.5000 | 0.5000 | 0.5000 | 5.000 | 50.0 |" in made
    assert f"| DuckDB | - | - | - | - | - | {MISSING} |" in made
    assert "| importmgr | 1.0000 | 1.0000 | 1.0000 | 1.0000 | 10.000 | 100.0 |" in made
    assert "3 files: 1 tables, 3 pollutions; of 2 files the right reading is sure." in made[2]


def test_classes_tell_the_best_party_and_pollutions_where_another_one_is_better() -> None:
    made = lines(CASES, {OURS: HALF, "pandas": RIGHT}, {OURS: RIGHT, "pandas": HALF})

    assert "| above the table | 1 | 0.00 | **10.00** |" in made
    assert "| above the table | 1 | **10.00** | 0.00 |" in made
    assert "| title | none | 0.00 | 10.00 | pandas |" in made
    assert [line for line in made if "| given |" in line] == []


def test_one_line_is_for_the_readme() -> None:
    told = sentence(CASES, {OURS: HALF, "pandas": RIGHT}, {OURS: RIGHT})

    assert told == (
        "- Of 2 polluted CSV files importmgr reads 50.0 % wholly right without options "
        "(pandas 100.0 %), and 100.0 % with the right ones"
    )
