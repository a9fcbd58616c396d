"""Ending the batch of an executor that was frozen in the middle of it, on PostgreSQL.

A process that is stopped, or whose machine is, keeps its transaction and with it the lock of what
it writes into: nobody else of the project could write until the server ends an idle transaction.
The session of a batch is known by its run and token (`destinations.bulk`). One whose lease ran out,
or that was paused or cancelled, can commit nothing any more; its transaction only stands in the
way. On SQLite the lock is the file's, and the system gives it back when the process dies.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Final

import sqlalchemy as sa

from importmgr.log import get_logger
from importmgr.store.transactions import Transaction, is_postgresql

log = get_logger(__name__)

GRACE: Final = timedelta(seconds=10)  # for a batch that is committing while its run is taken

_END = sa.text(r"""
SELECT count(pg_terminate_backend(batch.pid))
FROM (
  SELECT pid, xact_start,
    substring(application_name FROM '^importmgr run ([0-9a-f]{24}) [0-9]{1,18}$') AS run_id,
    CAST(substring(application_name FROM '^importmgr run [0-9a-f]{24} ([0-9]{1,18})$') AS bigint)
      AS token
  FROM pg_stat_activity
  WHERE datname = current_database() AND usename = current_user
) batch
WHERE batch.run_id IS NOT NULL AND batch.xact_start < clock_timestamp() - CAST(:grace AS interval)
AND NOT EXISTS (
  SELECT FROM runs WHERE runs.id = batch.run_id AND runs.token = batch.token
    AND runs.lease_until >= clock_timestamp()
)
""")


def end_frozen(transaction: Transaction, grace: timedelta = GRACE) -> int:
    """End the sessions of batches that nobody may commit; return how many there were.

    Those that began less than `grace` ago are left alone.
    """
    if not is_postgresql(transaction):
        return 0
    ended = int(transaction.execute(_END, {"grace": grace}).scalar_one())
    if ended:
        log.warning("batches of frozen executors ended", count=ended)
    return ended
