"""What may stop a run for being unlike what its owner expects, decided without any database.

A brake acts once in a run. It does nothing (`allow`), says so (`warn`), lets the run wait for a
person (`pause`) or ends it (`fail`).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import median
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from definitions.batches import Tally

Figures: TypeAlias = Mapping[str, Any]

MOST_NAMED = 20  # columns in a sentence


class BrakeKind(StrEnum):
    """What a brake looks at."""

    EMPTY_FILE = "empty_file"
    MISSING_COLUMN = "missing_column"
    NEW_COLUMNS = "new_columns"
    MAX_REJECTED = "max_rejected"
    ROW_COUNT = "row_count"


class BrakeAction(StrEnum):
    """What a brake does when it acts."""

    ALLOW = "allow"
    WARN = "warn"
    PAUSE = "pause"
    FAIL = "fail"


@dataclass(frozen=True, slots=True, kw_only=True)
class MaxRejected:
    """Acts when more than `rows` rows are rejected, or more than `share` of `after` or more.

    Of a whole run the share counts even if it has fewer rows than `after`.
    """

    action: BrakeAction = BrakeAction.WARN
    share: float = 0.5
    rows: int | None = None
    after: int = 1_000


@dataclass(frozen=True, slots=True, kw_only=True)
class RowCount:
    """Acts when a run has less than `least` or more than `most` times the rows of earlier ones.

    That is the median of the last `runs` that completed, of which there must be `after`.
    """

    action: BrakeAction = BrakeAction.WARN
    least: float = 0.2
    most: float = 5.0
    runs: int = 10
    after: int = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Brakes:
    """The brakes of a definition. Unless somebody says so, none of them stops a run."""

    empty_file: BrakeAction = BrakeAction.WARN
    missing_column: BrakeAction = BrakeAction.WARN
    new_columns: BrakeAction = BrakeAction.WARN
    max_rejected: MaxRejected = MaxRejected()
    row_count: RowCount = RowCount()


@dataclass(frozen=True, slots=True, kw_only=True)
class History:
    """What earlier runs that completed were like, the newest first; `columns` of the newest."""

    row_counts: tuple[int, ...] = ()
    columns: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Braking:
    """A brake that acts: what it does, why in a sentence, and the figures that made it."""

    kind: BrakeKind
    action: BrakeAction
    text: str
    figures: Figures


def brakes_of(document: Mapping[str, Any], action: BrakeAction = BrakeAction.WARN) -> Brakes:
    """Return the brakes of a normalised document; what is absent or null is as by default.

    A brake without an action of its own does `action`.
    """
    given = _known(document.get("brakes"))
    names = (BrakeKind.EMPTY_FILE, BrakeKind.MISSING_COLUMN, BrakeKind.NEW_COLUMNS)
    return Brakes(
        max_rejected=MaxRejected(**_with_action(given.get("max_rejected"), action)),
        row_count=RowCount(**_with_action(given.get("row_count"), action)),
        **{name.value: BrakeAction(given.get(name, action)) for name in names},
    )


def empty_file(brakes: Brakes, file: str, read: int) -> Braking | None:
    """Look at the number of rows of a whole file."""
    if read:
        return None
    return _braking(BrakeKind.EMPTY_FILE, brakes.empty_file, f"{file} has no rows", {"file": file})


def missing_columns(brakes: Brakes, warnings: Sequence[str]) -> Braking | None:
    """Look at what a mapping says of the columns that a file lacks."""
    if not warnings or brakes.missing_column is BrakeAction.WARN:  # they are warnings already
        return None
    text = "; ".join(warnings)
    return _braking(BrakeKind.MISSING_COLUMN, brakes.missing_column, text, {"count": len(warnings)})


def new_columns(
    brakes: Brakes, header: Sequence[str], known: Iterable[str], history: History
) -> Braking | None:
    """Look for columns that are not mapped and that the last run's files did not have."""
    if history.columns is None:
        return None
    new = [name for name in header if name not in {*known, *history.columns}]
    if not new:
        return None
    named = ", ".join(repr(name) for name in new[:MOST_NAMED])
    text = f"columns that were not there before and are not mapped: {named}"
    return _braking(BrakeKind.NEW_COLUMNS, brakes.new_columns, text, {"columns": new[:MOST_NAMED]})


def max_rejected(brakes: Brakes, tally: Tally, *, whole: bool) -> Braking | None:
    """Look at the rejected rows among those read so far, or, if that is the `whole`, of the run."""
    limit = brakes.max_rejected
    over_rows = limit.rows is not None and tally.rejected > limit.rows
    enough = whole or tally.read >= limit.after
    over_share = enough and tally.rejected > limit.share * tally.read
    if not over_rows and not over_share:
        return None
    allowed = f"more than {limit.rows}" if over_rows else f"more than {limit.share:.0%}"
    text = f"{tally.rejected} of {tally.read} rows rejected, {allowed}"
    figures: dict[str, Any] = {"rejected": tally.rejected, "read": tally.read}
    figures |= {"most_rows": limit.rows} if over_rows else {"most_share": limit.share}
    return _braking(BrakeKind.MAX_REJECTED, limit.action, text, figures)


def row_count(brakes: Brakes, history: History, read: int, *, whole: bool) -> Braking | None:
    """Look at the number of rows read so far, or, if that is the `whole`, of the run."""
    limit = brakes.row_count
    if len(history.row_counts) < limit.after:
        return None
    usual = median(history.row_counts)
    if read > limit.most * usual:
        far, bound = f"more than {limit.most:g} times", {"most": limit.most}
    elif whole and read < limit.least * usual:
        far, bound = f"less than {limit.least:g} times", {"least": limit.least}
    else:
        return None
    at_least = "" if whole else "at least "
    text = (
        f"{at_least}{read} rows are {far} the {usual:g} that the last {len(history.row_counts)} "
        "runs had (median)"
    )
    figures = {"read": read, "median": usual, "runs": len(history.row_counts), **bound}
    return _braking(BrakeKind.ROW_COUNT, limit.action, text, figures)


def _braking(kind: BrakeKind, action: BrakeAction, text: str, figures: Figures) -> Braking | None:
    if action is BrakeAction.ALLOW:
        return None
    return Braking(kind=kind, action=action, text=text, figures=figures)


def _known(given: Mapping[str, Any] | None) -> dict[str, Any]:
    return {name: value for name, value in (given or {}).items() if value is not None}


def _with_action(given: Mapping[str, Any] | None, action: BrakeAction) -> dict[str, Any]:
    known = _known(given)
    return {**known, "action": BrakeAction(known.get("action", action))}
