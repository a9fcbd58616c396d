"""Every use case; the only way into the inside for API, CLI, scheduler and executor.

`Services` holds one of each, wired by `importmgr.bootstrap`.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from importmgr.clock import Clock
    from importmgr.identity import Identity
    from importmgr.metrics import Metrics
    from importmgr.services.access import Access
    from importmgr.services.audit import Audit
    from importmgr.services.catalogs import Catalogs
    from importmgr.services.control import RunCommands
    from importmgr.services.customers import Customers
    from importmgr.services.definitions import Definitions
    from importmgr.services.dry_runs import DryRuns
    from importmgr.services.faults import Faults
    from importmgr.services.health import Health
    from importmgr.services.integrations import Integrations
    from importmgr.services.keys import Keys
    from importmgr.services.projects import Projects
    from importmgr.services.receivers import Receivers
    from importmgr.services.rejects import Rejects
    from importmgr.services.repairs import Repairs
    from importmgr.services.runs import Runs
    from importmgr.services.schedules import Schedules
    from importmgr.services.secrets import Secrets
    from importmgr.settings import Settings
    from importmgr.store.hits import DatabaseWindow


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """One of each use case's room, for whoever opens a door."""

    access: Access
    audit: Audit
    projects: Projects
    keys: Keys
    definitions: Definitions
    integrations: Integrations
    runs: Runs
    faults: Faults
    control: RunCommands
    rejects: Rejects
    repairs: Repairs
    dry_runs: DryRuns
    schedules: Schedules
    catalogs: Catalogs
    customers: Customers
    receivers: Mapping[str, Receivers]
    secrets: Secrets
    health: Health
    clock: Clock
    identity: Identity
    window: DatabaseWindow
    settings: Settings
    metrics: Metrics
