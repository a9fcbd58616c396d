"""The tables of the page: party by figure, class by party, and where another party is better."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from benchmarks.polluted.catalogue import CLASSES
from benchmarks.polluted.filing import Case
from benchmarks.polluted.scoring import Score

OURS = "importmgr"
NONE = "-"
CLEARLY = 0.02  # of a score of 10
PERCENT = 100
HEAD = "| | success | header | records | cells | score | wholly right, % |"
ARGUABLE = (
    "A careful person could argue about {:,} more files, which count in this table and in the list "
    "above it only."
)

Found = Sequence[Score] | str  # or why there is none
Finds = Mapping[str, Found]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Worse:
    """A pollution at which another party is better."""

    title: str
    ours: float
    best: float
    party: str


def lines(cases: Sequence[Case], auto: Finds, given: Finds) -> list[str]:
    """Return all tables as Markdown."""
    sure = [place for place, case in enumerate(cases) if not case.is_arguable]
    rest = [place for place, case in enumerate(cases) if case.is_arguable]
    return [
        sentence(cases, auto, given),
        "",
        _counts(cases, len(sure)),
        "",
        *_parties("Without options", auto, sure),
        *_parties("With the right options", given, sure),
        *_classes("By class, without options: score", cases, auto, sure),
        *_classes("By class, with the right options: score", cases, given, sure),
        *_elsewhere(cases, auto, given),
        *_parties("Arguable files, without options", auto, rest),
        ARGUABLE.format(len(rest)),
        "",
    ]


def sentence(cases: Sequence[Case], auto: Finds, given: Finds) -> str:
    """Return in one line what of the figures is shown in the README."""
    sure = [place for place, case in enumerate(cases) if not case.is_arguable]

    def right(found: Found) -> str:
        return NONE if isinstance(found, str) else f"{_share(found, sure):.1f} %"

    others = ", ".join(f"{name} {right(got)}" for name, got in auto.items() if name != OURS)
    return (
        f"- Of {len(sure):,} polluted CSV files importmgr reads {right(auto[OURS])} wholly right "
        f"without options ({others}), and {right(given[OURS])} with the right ones"
    )


def _counts(cases: Sequence[Case], sure: int) -> str:
    tables, pollutions = ({getattr(case, name) for case in cases} for name in ("base", "pollution"))
    return (
        f"{len(cases):,} files: {len(tables)} tables, {len(pollutions)} pollutions; of {sure:,} "
        "files the right reading is sure. Success is the share of files that were read at all; "
        "header, records and cells are F1; the score is Pollock's, from 0 to 10; wholly right are "
        "files with a score of 10."
    )


def _parties(title: str, finds: Finds, places: Sequence[int]) -> list[str]:
    rows = [_party(name, found, places) for name, found in finds.items()]
    return [f"### {title}", "", HEAD, "|---|--:|--:|--:|--:|--:|--:|", *rows, ""]


def _party(name: str, found: Found, places: Sequence[int]) -> str:
    if isinstance(found, str) or not places:
        why = found if isinstance(found, str) else "no files"
        return f"| {name} | {' | '.join([NONE] * 5)} | {why} |"
    some = [found[place] for place in places]
    shares: tuple[Callable[[Score], float], ...] = (
        lambda score: score.success,
        lambda score: score.header.f1,
        lambda score: score.records.f1,
        lambda score: score.cells.f1,
    )
    values = [f"{sum(map(share, some)) / len(some):.4f}" for share in shares]
    total = f"{_mean(found, places):.3f}"
    return f"| {name} | {' | '.join(values)} | {total} | {_share(found, places):.1f} |"


def _classes(title: str, cases: Sequence[Case], finds: Finds, places: Sequence[int]) -> list[str]:
    """Return a row for each class of pollutions, the best party of each in bold letters."""
    made = [
        f"### {title}",
        "",
        f"| class | files | {' | '.join(finds)} |",
        f"|---|{'--:|' * (len(finds) + 1)}",
    ]
    for kind in CLASSES:
        some = [place for place in places if cases[place].kind == kind]
        if some:
            made.append(f"| {kind} | {len(some)} | {' | '.join(_marked(finds, some))} |")
    return [*made, ""]


def _marked(finds: Finds, places: Sequence[int]) -> list[str]:
    means = {
        name: None if isinstance(found, str) else round(_mean(found, places), 2)
        for name, found in finds.items()
    }
    best = max((mean for mean in means.values() if mean is not None), default=0)
    return [
        NONE if mean is None else f"**{mean:.2f}**" if mean == best else f"{mean:.2f}"
        for mean in means.values()
    ]


def _elsewhere(cases: Sequence[Case], auto: Finds, given: Finds) -> list[str]:
    """Return the pollutions at which another party is better, whether or not one can argue."""
    made = ["### Where another party is better", "", "| pollution | options | importmgr | best | |"]
    made.append("|---|---|--:|--:|---|")
    for mode, finds in (("none", auto), ("given", given)):
        made += [
            f"| {worse.title} | {mode} | {worse.ours:.2f} | {worse.best:.2f} | {worse.party} |"
            for worse in _worse(cases, finds)
        ]
    return [*made, ""]


def _worse(cases: Sequence[Case], finds: Finds) -> list[_Worse]:
    """Return the pollutions at which another party is clearly better, the worst first."""
    scored = {name: found for name, found in finds.items() if not isinstance(found, str)}
    groups: dict[str, list[int]] = {}
    for place, case in enumerate(cases):
        title = f"{case.pollution} (arguable)" if case.is_arguable else case.pollution
        groups.setdefault(title, []).append(place)
    found = []
    for title, places in groups.items():
        means = {name: _mean(scores, places) for name, scores in scored.items()}
        party = max(means, key=lambda name: means[name])
        if means[party] > means[OURS] + CLEARLY:
            found.append(_Worse(title=title, ours=means[OURS], best=means[party], party=party))
    return sorted(found, key=lambda worse: worse.ours - worse.best)


def _mean(scores: Sequence[Score], places: Sequence[int]) -> float:
    return sum(scores[place].total for place in places) / len(places)


def _share(scores: Sequence[Score], places: Sequence[int]) -> float:
    """Return how many of a hundred files are wholly right."""
    return PERCENT * sum(scores[place].is_perfect for place in places) / len(places)
