from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import sqlalchemy as sa
from sqlalchemy import Engine

from definitions.rejects import PLAIN_FORM, RejectedFile, RejectedRow, Rejects
from destinations.keeping import ROW_COST, Keeping
from destinations.tables import run_reject_files, run_rejects

RUN = "a" * 24
NOW = datetime(2026, 3, 1, tzinfo=UTC)
FILE = RejectedFile(
    name="f.csv", number=0, identity="x", header=("a", "b"), form=PLAIN_FORM, styles={}
)
COST = ROW_COST + 2 + 2  # of a row of two bytes with a message of two


def rejects(*rows: int, file: RejectedFile = FILE, more: int = 0) -> Rejects:
    kept = tuple(row(number) for number in rows)
    return Rejects(file=file, rows=kept, count=len(rows) + more)


def row(number: int, content: bytes | None = b"\x00\xff") -> RejectedRow:
    return RejectedRow(
        row=number,
        line=number + 1,
        code="missing_key",
        column=None,
        message="no",
        faults=1,
        content=content,
        as_cells=False,
    )


def keep(engine: Engine, keeping: Keeping, *batches: Rejects) -> None:
    for batch in batches:
        with engine.begin() as connection:
            keeping.keep(connection, RUN, batch)


def stored(engine: Engine) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """Return (part, row) of the rows and (rejected, kept) of the files."""
    rows = sa.select(run_rejects.c.part, run_rejects.c.row).order_by(run_rejects.c.part, "row")
    files = sa.select(run_reject_files.c.rejected, run_reject_files.c.kept)
    with engine.begin() as connection:
        return (
            [(part, number) for part, number in connection.execute(rows)],
            [(rejected, kept) for rejected, kept in connection.execute(files.order_by("part"))],
        )


def test_rows_are_kept_with_their_bytes_and_counted(engine: Engine) -> None:
    keep(engine, Keeping(NOW, 1 << 20), rejects(1, 4), rejects(9))

    assert stored(engine) == ([(1, 1), (1, 4), (1, 9)], [(3, 3)])
    with engine.begin() as connection:
        content = connection.execute(sa.select(run_rejects.c.content)).scalars().all()
        [file] = connection.execute(sa.select(run_reject_files)).all()
    assert content == [b"\x00\xff"] * 3
    assert (file.name, file.header, file.form["delimiter"]) == ("f.csv", ["a", "b"], ",")


def test_what_is_found_out_later_of_a_file_is_added_and_never_forgotten(engine: Engine) -> None:
    nothing: dict[str, dict[str, str]] = {"numbers": {}, "dates": {}}
    found = {"numbers": {"a": "comma"}, "dates": {}}
    later = {"numbers": {}, "dates": {"b": "day first"}}

    for styles in (nothing, found, nothing, later):
        keep(engine, Keeping(NOW, 1 << 20), rejects(file=replace(FILE, styles=styles), more=1))

    with engine.begin() as connection:
        [file] = connection.execute(sa.select(run_reject_files)).all()
    assert file.styles == {"numbers": {"a": "comma"}, "dates": {"b": "day first"}}
    assert file.rejected == 4


def test_what_is_found_out_before_the_first_rejected_row_is_kept_for_it(engine: Engine) -> None:
    found = {"numbers": {"a": "comma"}, "dates": {}}
    nothing: dict[str, dict[str, str]] = {"numbers": {}, "dates": {}}

    keep(engine, Keeping(NOW, 1 << 20), rejects(file=replace(FILE, styles=found)))
    assert stored(engine) == ([], [(0, 0)])
    keep(engine, Keeping(NOW, 1 << 20), rejects(7, file=replace(FILE, styles=nothing)))

    assert stored(engine) == ([(1, 7)], [(1, 1)])
    with engine.begin() as connection:
        [file] = connection.execute(sa.select(run_reject_files)).all()
    assert (file.styles, file.form["delimiter"]) == (found, ",")


def test_what_has_no_room_is_counted_and_nothing_behind_it_is_kept(engine: Engine) -> None:
    keeping = Keeping(NOW, 2 * COST + 100)

    keep(engine, keeping, rejects(1), rejects(2, 3))
    assert not keeping.has_room
    keep(engine, keeping, rejects(more=5))
    again = Keeping(NOW, 2 * COST + 100)  # of the next attempt
    keep(engine, again, rejects(7))

    assert not keeping.has_room
    assert not again.has_room
    assert stored(engine) == ([(1, 1), (1, 2)], [(9, 2)])


def test_a_row_without_content_keeps_no_other_from_being_kept(engine: Engine) -> None:
    batch = Rejects(file=FILE, rows=(row(1), row(2, None), row(3)), count=3)

    keep(engine, Keeping(NOW, 1 << 20), batch)

    assert stored(engine) == ([(1, 1), (1, 3)], [(3, 2)])


def test_a_file_that_changed_is_another_one(engine: Engine) -> None:
    changed = RejectedFile(
        name="f.csv", number=0, identity="y", header=("a",), form=None, styles={}
    )

    keep(engine, Keeping(NOW, 1 << 20), rejects(1), rejects(1, file=changed), rejects(2))

    assert stored(engine) == ([(1, 1), (1, 2), (2, 1)], [(2, 2), (1, 1)])


def test_nothing_is_kept_where_that_is_not_wanted(engine: Engine) -> None:
    keeping = Keeping(NOW, 0)

    assert not keeping.has_room
    keep(engine, keeping, rejects(more=2))

    assert stored(engine) == ([], [(2, 0)])
