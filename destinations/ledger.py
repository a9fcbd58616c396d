"""The exactly-once core: which batches of a run are committed, and who may commit the next.

A run has one ledger row. Whoever works on the run holds a token; a later holder has a greater one.
The row changes in the transaction that writes the batch, by a statement that repeats the token: of
two executors that believe the run is theirs, only the one with the stored token can commit.
"""

from __future__ import annotations

from dataclasses import asdict, fields
from typing import Any

from sqlalchemy import Connection, Row, delete, select, update
from sqlalchemy.dialects import postgresql, sqlite

from definitions.batches import Checkpoint, Position, Tally
from definitions.errors import LostLeaseError
from destinations.tables import run_faults, run_ledger

_COUNTS = tuple(field.name for field in fields(Tally))


def open_ledger(connection: Connection, run_id: str, token: int) -> Checkpoint:
    """Let the holder of `token` go on with the run and return how far it came.

    Faults of a batch that was held back are forgotten: it will be read again.

    Raise `LostLeaseError` if a later holder, or `revoke`, was faster.
    """
    _make_row(connection, run_id)
    take = (
        update(run_ledger)
        .where(run_ledger.c.run_id == run_id, run_ledger.c.token <= token)
        .values(token=token)
        .returning(*run_ledger.c)
    )
    row = connection.execute(take).one_or_none()
    if row is None:
        raise _lost(run_id)
    reached = _checkpoint(row)
    held = (run_faults.c.run_id == run_id) & (run_faults.c.number > reached.fault_count)
    connection.execute(delete(run_faults).where(held))
    return reached


def keep_out(connection: Connection, run_id: str, token: int) -> None:
    """Let nobody take the run over until the transaction ends; raise `LostLeaseError` if it was."""
    ours = (run_ledger.c.run_id == run_id) & (run_ledger.c.token == token)
    if connection.execute(update(run_ledger).where(ours).values(token=token)).rowcount == 0:
        raise _lost(run_id)


def check_token(connection: Connection, run_id: str, token: int) -> None:
    """Raise `LostLeaseError` unless the run is still the token's, before work is put into it."""
    stored = select(run_ledger.c.token).where(run_ledger.c.run_id == run_id)
    if connection.execute(stored).scalar() != token:
        raise _lost(run_id)


def commit(connection: Connection, run_id: str, token: int, checkpoint: Checkpoint) -> None:
    """Make `checkpoint`, one batch further than the stored one, part of the transaction.

    Raise `LostLeaseError`, upon which the transaction must be rolled back, if the run is no longer
    the token's or that batch is committed already.
    """
    move = (
        update(run_ledger)
        .where(
            run_ledger.c.run_id == run_id,
            run_ledger.c.token == token,
            run_ledger.c.batches == checkpoint.batches - 1,
        )
        .values(_values(checkpoint))
    )
    if connection.execute(move).rowcount == 0:
        raise _lost(run_id)


def revoke(connection: Connection, run_id: str, token: int) -> None:
    """Refuse every commit of `token` and of those before it, from now on.

    The next holder's token must be greater than `token`.
    """
    _make_row(connection, run_id)
    connection.execute(
        update(run_ledger)
        .where(run_ledger.c.run_id == run_id, run_ledger.c.token <= token)
        .values(token=token + 1)
    )


def read_ledger(connection: Connection, run_id: str) -> Checkpoint | None:
    """Return how far the committed batches of a run reach, or None if it never began."""
    row = connection.execute(select(run_ledger).where(run_ledger.c.run_id == run_id)).one_or_none()
    return None if row is None else _checkpoint(row)


def _make_row(connection: Connection, run_id: str) -> None:
    """Let the run have a ledger row, at the start and nobody's unless there is one."""
    row = {"run_id": run_id, "token": 0, **_values(Checkpoint())}
    if connection.dialect.name == "postgresql":
        connection.execute(postgresql.insert(run_ledger).values(row).on_conflict_do_nothing())
    else:
        connection.execute(sqlite.insert(run_ledger).values(row).on_conflict_do_nothing())


def _values(checkpoint: Checkpoint) -> dict[str, Any]:
    """Spread a checkpoint over the columns."""
    position = checkpoint.position
    return {
        "file": checkpoint.file,
        "identity": checkpoint.identity,
        "byte": position and position.byte,
        "row": position and position.row,
        "line": position and position.line,
        "batches": checkpoint.batches,
        **asdict(checkpoint.tally),
        "fault_count": checkpoint.fault_count,
    }


def _checkpoint(row: Row[Any]) -> Checkpoint:
    """Gather a checkpoint from the columns."""
    at = row._mapping  # noqa: SLF001 - SQLAlchemy's public name for it
    reached = at["byte"] is not None
    return Checkpoint(
        file=at["file"],
        identity=at["identity"],
        position=Position(byte=at["byte"], row=at["row"], line=at["line"]) if reached else None,
        batches=at["batches"],
        tally=Tally(**{name: at[name] for name in _COUNTS}),
        fault_count=at["fault_count"],
    )


def _lost(run_id: str) -> LostLeaseError:
    """Say that the run is somebody else's."""
    return LostLeaseError(f"run {run_id!r} is no longer this executor's")
