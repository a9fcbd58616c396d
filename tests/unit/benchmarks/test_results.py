"""The page keeps the parts that a command does not measure."""

from __future__ import annotations

from pathlib import Path

from benchmarks.results import put


def test_a_part_is_replaced_and_the_others_stay(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    put("memory", ["old memory", "", "### with a heading"], page)
    put("compare", ["speed"], page)
    put("memory", ["new memory"], page)

    text = page.read_text(encoding="utf-8")
    assert "old memory" not in text
    assert text.index("## Against others\n\nspeed\n") < text.index("## Memory\n\nnew memory\n")


def test_writing_the_same_again_changes_nothing(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    put("hostile", ["| a | table |"], page)
    put("linear", ["growth"], page)
    first = page.read_text(encoding="utf-8")
    put("linear", ["growth"], page)

    assert page.read_text(encoding="utf-8") == first
