"""Parties take turns, medians are taken, and what cannot be measured says why."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import cast

import pytest

from benchmarks.comparing import Median, Terms, claims, compare, table
from benchmarks.measuring import BenchmarkError, SkippedError
from benchmarks.parties.base import Figure
from benchmarks.scenarios import CLAIMS, SECTIONS, Line, Section
from benchmarks.workshop import Workshop

SHOP = cast("Workshop", None)  # the parties here need none


@dataclass
class Party:
    """Takes the seconds it is told to, and writes down that it was its turn."""

    name: str
    turns: list[str]
    seconds: list[float] = field(default_factory=list)

    def measure(self, shop: Workshop) -> Figure:
        del shop
        self.turns.append(self.name)
        if not self.seconds:
            msg = "nobody there"
            raise SkippedError(msg)
        return Figure(
            seconds=self.seconds.pop(0), rows=10, processor_seconds=0.5, peak_bytes=1 << 20
        )


def test_parties_take_turns_and_the_median_counts() -> None:
    turns: list[str] = []
    ours = Party("ours", turns, [9.0, 1.0, 2.0])
    section = _section(ours, Party("bulk", turns, [1.0, 1.0, 1.0]))

    found = compare(section, SHOP, Terms(repeats=3), lambda _: None)

    assert turns == ["ours", "bulk"] * 3
    assert found["ours"].seconds == pytest.approx(2.0)
    assert "| ours | 2.00 | 5 | 0.50 | 0.50 | 1 | 3 |  |" in table(section, found, 10)


def test_a_missing_party_says_why_and_keeps_nobody_from_being_measured() -> None:
    section = _section(Party("ours", []), Party("bulk", [], [1.0, 1.0]))

    found = compare(section, SHOP, Terms(repeats=2), lambda _: None)

    assert found["ours"].note == "not measured: nobody there"
    assert found["bulk"].runs == 2
    assert "| ours | - | - | - | - | - | 0 | not measured: nobody there |" in table(
        section, found, 10
    )


def test_a_wrong_load_is_not_hidden() -> None:
    class Wrong:
        def measure(self, shop: Workshop) -> Figure:
            del shop
            msg = "expected 10 rows, got 9"
            raise BenchmarkError(msg)

    line = Line(name="ours", title="ours", party=Wrong())
    section = Section(name="s", title="t", engine="e", reference="ours", measure="m", lines=(line,))

    with pytest.raises(BenchmarkError, match="got 9"):
        compare(section, SHOP, Terms(repeats=1), lambda _: None)


def test_every_claim_is_about_lines_that_there_are() -> None:
    lines = {(section.name, line.name) for section in SECTIONS for line in section.lines}

    assert {(claim.section, claim.line) for claim in CLAIMS} <= lines
    assert {(claim.section, claim.than) for claim in CLAIMS} <= lines
    assert {(section.name, section.reference) for section in SECTIONS} <= lines


def test_a_claim_is_met_or_missed_by_what_was_measured() -> None:
    fast = {"fresh": _median(10.0), "bulk": _median(8.5), "csv": _median(19.0)}

    text = claims({"postgresql-items": {**_unmeasured(), **fast}})

    assert "| PostgreSQL, new catalog : `\\copy` | 0.85 | 0.80 | met |" in text
    assert "| PostgreSQL, new catalog : csv module + COPY | 1.90 | 2.00 | missed |" in text
    assert (
        '| PostgreSQL, new catalog : pandas, `method="multi"` | - | 5.00 | not measured |' in text
    )


def test_what_is_claimed_of_pandas_names_the_way_and_is_claimed_of_its_fastest_too() -> None:
    fast = {"fresh": _median(10.0), "pandas": _median(480.0), "pandas-copy": _median(20.0)}

    text = claims({"postgresql-items": {**_unmeasured(), **fast}})

    assert "| PostgreSQL, new catalog : pandas, COPY | 2.00 | 5.00 | missed |" in text
    assert '| PostgreSQL, new catalog : pandas, `method="multi"` | 48.00 | 5.00 | met |' in text


def _section(ours: Party, bulk: Party) -> Section:
    lines = tuple(Line(name=each.name, title=each.name, party=each) for each in (ours, bulk))
    return Section(name="s", title="t", engine="e", reference="bulk", measure="m", lines=lines)


def _median(seconds: float | None) -> Median:
    return Median(seconds=seconds, runs=1, processor_seconds=0, peak_bytes=0, note="")


def _unmeasured() -> dict[str, Median]:
    (section,) = [section for section in SECTIONS if section.name == "postgresql-items"]
    return {line.name: _median(None) for line in section.lines}
