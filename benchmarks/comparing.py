"""Every party of a section in turns, until each was measured as often as asked."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from benchmarks.measuring import BenchmarkError, SkippedError
from benchmarks.parties.base import Figure
from benchmarks.parties.peer import Peer
from benchmarks.scenarios import CLAIMS, Claim, Line, Section
from benchmarks.workshop import Workshop

MIB = 1 << 20
NONE = "-"


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """How much is measured: loads per line, all or what is quick, with or without libraries."""

    repeats: int
    quick: bool = False
    libraries: bool = True

    def repeats_of(self, line: Line) -> int:
        """Return how often a line is measured."""
        return 1 if line.once else self.repeats


@dataclass(frozen=True, slots=True, kw_only=True)
class Median:
    """What became of a line: the median of its figures, or why there is none."""

    seconds: float | None
    runs: int
    processor_seconds: float
    peak_bytes: float
    note: str

    def rate(self, rows: int) -> str:
        """Return rows of the file per second."""
        return NONE if self.seconds is None else f"{rows / self.seconds:,.0f}"


Medians = Mapping[str, Median]


def compare(
    section: Section, shop: Workshop, terms: Terms, tell: Callable[[str], None]
) -> dict[str, Median]:
    """Return the median of every line of a section; parties take turns.

    A line that cannot be measured here says why, and does not keep the others from it.
    """
    found: dict[str, list[Figure]] = {line.name: [] for line in section.lines}
    skipped: dict[str, str] = {}
    for turn in range(terms.repeats):
        for line in section.lines:
            if line.name in skipped or turn >= terms.repeats_of(line):
                continue
            try:
                figure = _measure(line, shop, terms)
            except SkippedError as exc:
                skipped[line.name] = f"not measured: {exc}"
                continue
            found[line.name].append(figure)
            tell(f"  {line.title}: {_seconds(figure.seconds)}")
    return {name: _median(figures, skipped.get(name, "")) for name, figures in found.items()}


def table(section: Section, medians: Medians, rows: int) -> list[str]:
    """Return a section as a table of Markdown."""
    reference = medians[section.reference].seconds
    lines = [
        f"### {section.title}",
        "",
        f"| | seconds | rows/s | of {section.measure} | processor, s | peak MiB | loads | |",
        "|---|--:|--:|--:|--:|--:|--:|---|",
    ]
    for line in section.lines:
        median = medians[line.name]
        ratio = _ratio(reference, median.seconds)
        peak = f"{median.peak_bytes / MIB:.0f}" if median.peak_bytes else NONE
        busy = f"{median.processor_seconds:.2f}" if median.processor_seconds else NONE
        taken = (_seconds(median.seconds), median.rate(rows), ratio)
        cells = (*taken, busy, peak, str(median.runs))
        lines.append(f"| {line.title} | {' | '.join(cells)} | {median.note} |")
    return [*lines, ""]


def claims(found: Mapping[str, Medians]) -> list[str]:
    """Return what is claimed beside what was measured, as a table of Markdown."""
    head = ("| | measured | aim | |", "|---|--:|--:|---|")
    made = (_claim(each, found[each.section]) for each in CLAIMS if each.section in found)
    return [*head, *made, ""]


def _claim(claim: Claim, medians: Medians) -> str:
    ours, other = medians[claim.line].seconds, medians[claim.than].seconds
    aim = NONE if claim.aim is None else f"{claim.aim:.2f}"
    if ours is None or other is None:
        return f"| {claim.title} | {NONE} | {aim} | not measured |"
    missed = claim.aim is not None and other / ours < claim.aim
    verdict = "" if claim.aim is None else "missed" if missed else "met"
    return f"| {claim.title} | {other / ours:.2f} | {aim} | {verdict} |"


def _measure(line: Line, shop: Workshop, terms: Terms) -> Figure:
    if terms.quick and not line.quick:
        msg = "only by `make bench`"
        raise SkippedError(msg)
    if not terms.libraries and isinstance(line.party, Peer) and line.party.library:
        msg = "asked not to"
        raise SkippedError(msg)
    return line.party.measure(shop)


def _median(figures: Sequence[Figure], why: str) -> Median:
    timed = [figure.seconds for figure in figures if figure.seconds is not None]
    notes = [figure.note for figure in figures if figure.note]
    if not figures and not why:
        msg = "a line was neither measured nor skipped"
        raise BenchmarkError(msg)
    return Median(
        seconds=statistics.median(timed) if timed else None,
        runs=len(figures),
        processor_seconds=_middle([figure.processor_seconds for figure in figures]),
        peak_bytes=_middle([figure.peak_bytes for figure in figures]),
        note=why or next(iter(notes), ""),
    )


def _middle(values: Sequence[float]) -> float:
    return statistics.median(values) if values else 0


def _ratio(reference: float | None, seconds: float | None) -> str:
    return NONE if reference is None or seconds is None else f"{reference / seconds:.2f}"


def _seconds(seconds: float | None) -> str:
    return NONE if seconds is None else f"{seconds:.2f}"
