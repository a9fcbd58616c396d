"""What is not shown of a definition's files: the cells of columns that its mapping calls sensitive.

If one column is, so are those that nobody maps, as nobody said that they are not, and every row
that cannot be parted into its cells. An empty cell stays empty: there is nothing to hide.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from definitions.errors import FormatError
from definitions.header import Header
from definitions.model import IdMapping, PropertyMapping

if TYPE_CHECKING:
    from definitions import model
    from definitions.faults import Fault
    from definitions.rejects import CorrectedRows

MASK = "(masked)"
CHANGED = "(masked, another one)"
_OF_CELLS = ("numbers", "times")  # of the profile of a column


@dataclass(frozen=True, slots=True, kw_only=True)
class Masking:
    """What of one file is masked, if it `applies`.

    `columns` are those of the file; `shown` the ids and properties whose values may be seen.
    """

    applies: bool = False
    columns: frozenset[str] = frozenset()
    shown: frozenset[str] = frozenset()

    def faults(self, found: Sequence[Fault]) -> Sequence[Fault]:
        """Return faults without the cells and rows they are about."""
        return tuple(map(self._fault, found)) if self.applies else found

    def cells(self, header: Sequence[str], cells: Sequence[str]) -> list[str]:
        """Return the cells of a row in the order of the header; one word if they do not fit it."""
        if not self.applies:
            return list(cells)
        if len(header) != len(cells):
            return [MASK]
        pairs = zip(header, cells, strict=True)
        return [MASK if cell and name in self.columns else cell for name, cell in pairs]

    def values(
        self, found: Mapping[str, Any] | None, before: Mapping[str, Any] | None = None
    ) -> Mapping[str, Any] | None:
        """Return ids or properties; of a masked one only whether it is another than `before`."""
        if found is None or not self.applies:
            return found
        known = found if before is None else before
        return {
            name: value if name in self.shown else MASK if known.get(name) == value else CHANGED
            for name, value in found.items()
        }

    def profile(self, column: Mapping[str, Any]) -> Mapping[str, Any]:
        """Return the profile of a column without its cells."""
        if not self.applies or column["name"] not in self.columns:
            return column
        return {**column, **dict.fromkeys(_OF_CELLS), "samples": []}

    def _fault(self, fault: Fault) -> Fault:
        is_masked = fault.column is None or fault.column in self.columns
        return replace(fault, value=MASK) if fault.value and is_masked else fault


NOTHING_MASKED = Masking()


def masking_of(mapping: model.Mapping, header: Sequence[str]) -> Masking:
    """Return what is masked of a file with that header."""
    mapped: list[IdMapping | PropertyMapping] = [*mapping.ids, *mapping.properties]
    sensitive = [each for each in mapped if each.sensitive]
    if not sensitive:
        return NOTHING_MASKED
    plain = [each for each in mapped if not each.sensitive]
    seen = _columns(header, [*(each.from_column for each in plain), mapping.timestamp_column])
    hidden = _columns(header, [each.from_column for each in sensitive])
    return Masking(
        applies=True,
        columns=frozenset(header) - (seen - hidden),
        shown=frozenset(map(_target, plain)) - frozenset(map(_target, sensitive)),
    )


def refuse_masked(corrected: CorrectedRows, masking: Masking) -> None:
    """Raise `FormatError` if a row that was handed in still has a mask in the place of a cell."""
    for name in corrected.frame.columns:
        if name not in masking.columns:
            continue
        spots = (corrected.frame[name].str.strip_chars() == MASK).arg_true()
        if len(spots):
            msg = (
                f"row {corrected.rows[spots[0]]} has {MASK!r} in column {name!r}, which is no cell "
                "of its file: correct the rows that `runs rejects --unmasked` hands out"
            )
            raise FormatError(msg)


def _columns(header: Sequence[str], names: Iterable[str | None]) -> frozenset[str]:
    """Return the columns of the file that are meant."""
    known = Header(names=tuple(header))
    found = {known.find(name) for name in names if name is not None}
    return frozenset(name for name in found if name is not None)


def _target(mapped: IdMapping | PropertyMapping) -> str:
    return mapped.to_id if isinstance(mapped, IdMapping) else mapped.to_column
