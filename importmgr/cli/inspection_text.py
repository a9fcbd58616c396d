"""What was seen in a file, for a person."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

import click

from importmgr.cli.text import cut, one_line, plural, show_table, terminal_width

if TYPE_CHECKING:
    from definitions.faults import Fault
    from definitions.profile import ColumnProfile
    from importmgr.services.inspection import Inspection

COLUMNS = ("", "column", "filled", "distinct", "type", "what is in it")
REJECTED = "which an import leaves out unless malformed_rows says otherwise"
FAULTS = ("row", "line", "value", "what is wrong")
MOST_FAULTS = 20
LONGEST_SAMPLE = 30
WORTH_TELLING = 0.9  # of a column's cells
IMPLIED = {"date": ("datetime", "timestamp"), "datetime": ("timestamp",), "list": ("json",)}
NARROWEST_CELL = 10  # characters of a shown row's cell, below which columns are left out


def show(seen: Inspection) -> None:
    """Print what a file is, what is in its columns, its first rows and what is wrong in it."""
    click.secho(one_line(seen.name), bold=True)
    click.echo(f"format   {seen.format}, {seen.size:,} bytes")
    for part, found in seen.evidence.items():
        click.echo(one_line(f"         {part.replace('_', ' ')}: {found}"))
    click.echo(f"columns  {_columns(seen)}")
    click.echo(f"rows     {_rows(seen)}\n")
    show_table(COLUMNS, map(_column, seen.columns), none="no columns")
    if seen.rows:
        _show_rows(seen)
    if seen.fault_count:
        first = f", the first {MOST_FAULTS}" if seen.fault_count > MOST_FAULTS else ""
        click.echo(f"\n{plural(seen.fault_count, 'malformed row')}, {REJECTED}{first}:")
        show_table(FAULTS, map(_fault, seen.faults[:MOST_FAULTS]), none="")


def fault_lines(name: str, faults: Sequence[Fault], count: int) -> Iterator[str]:
    """Yield a line for each of the first malformed rows of a file, and how many more there are."""
    for fault in faults[:MOST_FAULTS]:
        yield one_line(f"{name}: row {fault.row}, line {fault.line}: {_reason(fault)}")
    if count > MOST_FAULTS:
        yield one_line(f"{name}: {plural(count - MOST_FAULTS, 'more malformed row')}")


def _columns(seen: Inspection) -> str:
    by = "" if seen.named else ", numbered, as nothing names them"
    return f"{len(seen.header):,}{by}"


def _rows(seen: Inspection) -> str:
    if seen.is_whole:
        return f"{seen.rows_read:,}, which is all"
    return f"the first {seen.rows_read:,} were looked at; --all looks at all"


def _column(column: ColumnProfile) -> tuple[object, ...]:
    if column.distinct is None:
        distinct = f"over {column.most_distinct:,}"
    else:
        distinct = f"{column.distinct:,}"
    return (
        column.position,
        column.name,
        _percent(column.filled, column.rows),
        distinct,
        _type(column),
        "; ".join(_content(column)),
    )


def _type(column: ColumnProfile) -> str:
    """Return the suggested type, with how many of the cells are of it unless all are."""
    cells = column.types.get(column.suggested, 0)
    if cells == column.filled:
        return str(column.suggested)
    return f"{column.suggested} {_percent(cells, column.filled)}"


def _content(column: ColumnProfile) -> Iterator[str]:
    """Yield what there is to say about a column's cells."""
    if column.range is not None:
        yield f"{column.range.lowest} to {column.range.highest}"
    yield from _other_types(column)
    yield from _oddities(column)
    if column.samples:
        samples = ", ".join(cut(sample, LONGEST_SAMPLE) for sample in column.samples)
        yield f"such as {samples}"


def _other_types(column: ColumnProfile) -> Iterator[str]:
    """Yield the candidates beside the suggested one that tell something."""
    told = {"string", str(column.suggested), *IMPLIED.get(str(column.suggested), ())}
    others = [
        f"{kind} {_percent(cells, column.filled)}"
        for kind, cells in column.types.items()
        if str(kind) not in told and cells >= column.filled * WORTH_TELLING
    ]
    if others:
        yield f"also {' and '.join(others)}"


def _oddities(column: ColumnProfile) -> Iterator[str]:
    if column.leading_zeros:
        yield f"{plural(column.leading_zeros, 'cell')} with leading zeros: map it as string"
    if column.plus_signs:
        yield f"{plural(column.plus_signs, 'cell')} with a plus sign: map it as string"
    if column.date_order is not None:
        yield f"{plural(column.day_and_month, 'date')} of day and month, {column.date_order}"
    if column.padded:
        yield f"{plural(column.padded, 'cell')} with outer spaces"
    if column.nul:
        yield f"{plural(column.nul, 'cell')} with a NUL character"
    if column.longest > LONGEST_SAMPLE:
        yield f"up to {plural(column.longest, 'character')}"


def _show_rows(seen: Inspection) -> None:
    most = max(terminal_width() // NARROWEST_CELL - 1, 1)
    shown = seen.header[:most]
    left_out = len(seen.header) - len(shown)
    more = f", the first {plural(most, 'column')} of {len(seen.header):,}" if left_out else ""
    click.echo(f"\nthe first {plural(len(seen.rows), 'row')}{more}:")
    rows: Iterable[tuple[object, ...]] = ((row.row, *row.cells[:most]) for row in seen.rows)
    show_table(("row", *map(one_line, shown)), rows, none="")


def _fault(fault: Fault) -> tuple[object, ...]:
    return fault.row, fault.line, fault.value, _reason(fault)


def _reason(fault: Fault) -> str:
    return f"{fault.message} (left out here too)" if fault.rejects_row else fault.message


def _percent(part: int, whole: int) -> str:
    """Return a share in percent; 100 % only if it is all, 0 % only if it is nothing."""
    if part in {0, whole}:
        return "100 %" if part else "0 %"
    return f"{min(max(100 * part / whole, 0.1), 99.9):.1f} %"
