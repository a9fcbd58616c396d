"""Evidence that a file may be read wrongly as a whole."""

from __future__ import annotations

from collections.abc import Mapping

DOUBTS = (
    "absent",
    "characters",
    "fixed_width",
    "left_out",
    "names",
    "not_used",
    "open_quotes",
    "surplus",
)


def doubts_in(evidence: Mapping[str, str]) -> tuple[str, ...]:
    """Return what a person should look at before trusting the rows of a file."""
    return tuple(evidence[name] for name in DOUBTS if name in evidence)


def told_of(file: str, evidence: Mapping[str, str]) -> tuple[str, ...]:
    """Return the same for a run, which may have several files."""
    return tuple(f"{file}: {doubt}" for doubt in doubts_in(evidence))
