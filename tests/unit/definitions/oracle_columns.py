"""What a definition says about a column, and what was found out about it, in plain words."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """What is said in the options of a mapping, and what else was found out.

    `mark` is "" where the column was looked at and nothing was proved, None where it was not;
    `first` is "day", "month" or None.
    """

    decimal: str | None = None
    thousands: str | None = None
    format: str | None = None
    separator: str | None = None
    mark: str | None = None
    first: str | None = None


PLAIN = Column()


def proved(cells: Iterable[str], readings: Callable[[str], tuple[str, ...]]) -> str | None:
    """Return the one reading that cells prove by having no other; None if there is no such one."""
    proofs = {found[0] for cell in cells if len(found := readings(cell)) == 1}
    return proofs.pop() if len(proofs) == 1 else None
