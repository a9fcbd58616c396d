"""What importmgr remembers, on SQLite or PostgreSQL: who, what, from where, and every run.

Stores speak in values and verbs; every change of a run's state is one guarded UPDATE.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from importmgr.store.audit import AuditStore
    from importmgr.store.control import RunControl
    from importmgr.store.decisions import DecisionStore
    from importmgr.store.definitions import DefinitionStore
    from importmgr.store.deliveries import DeliveryStore
    from importmgr.store.dry_runs import DryRunStore
    from importmgr.store.faults import FaultStore
    from importmgr.store.file_ledger import FileLedger
    from importmgr.store.follow_ups import FollowUpStore
    from importmgr.store.integrations import IntegrationStore
    from importmgr.store.keys import KeyStore
    from importmgr.store.pings import PingStore
    from importmgr.store.projects import ProjectStore
    from importmgr.store.promises import PromiseStore
    from importmgr.store.receivers import ReceiverStore
    from importmgr.store.rejects import RejectStore
    from importmgr.store.repairs import RepairStore
    from importmgr.store.retention import RetentionStore
    from importmgr.store.runs import RunStore
    from importmgr.store.schedules import ScheduleStore
    from importmgr.store.sights import SightStore
    from importmgr.store.watches import WatchStore


@dataclass(frozen=True, slots=True, kw_only=True)
class Stores:
    """One store per kind of thing, all on the same database."""

    audit: AuditStore
    retention: RetentionStore
    projects: ProjectStore
    keys: KeyStore
    definitions: DefinitionStore
    runs: RunStore
    faults: FaultStore
    control: RunControl
    rejects: RejectStore
    repairs: RepairStore
    dry_runs: DryRunStore
    schedules: ScheduleStore
    decisions: DecisionStore
    integrations: IntegrationStore
    files: FileLedger
    follow_ups: FollowUpStore
    sights: SightStore
    watches: WatchStore
    receivers: ReceiverStore
    promises: PromiseStore
    pings: PingStore
    deliveries: DeliveryStore
