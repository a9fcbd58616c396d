"""One of each use case, wired of a process's parts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from importmgr.metrics import Metrics
from importmgr.security.keyring import Keyring
from importmgr.security.sealing import Sealer
from importmgr.services import Services
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
from importmgr.services.receivers import receivers_of
from importmgr.services.rejects import Rejects
from importmgr.services.repairs import Repairs
from importmgr.services.runs import Runs
from importmgr.services.schedules import Schedules
from importmgr.services.secrets import Secrets
from importmgr.services.sources import Sources
from importmgr.services.storages import Storages
from importmgr.settings import Settings
from importmgr.store import Stores
from importmgr.store.database import Database
from importmgr.store.hits import DatabaseWindow, FailedLogins
from importmgr.telling.channel import Channel
from importmgr.terms import policy_of
from importmgr.world import World


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """What services are made of."""

    settings: Settings
    database: Database
    window: DatabaseWindow
    keyring: Keyring
    sealer: Sealer
    stores: Stores
    sources: Sources
    storages: Storages
    channels: Mapping[str, Channel]
    metrics: Metrics
    world: World


def services_of(parts: Parts) -> Services:
    """Return one of each service."""
    stores, sealer, world = parts.stores, parts.sealer, parts.world
    projects = Projects(stores, world=world)
    catalogs = Catalogs(parts.database, audit=stores.audit, world=world)
    policy = policy_of(parts.settings)
    definitions = Definitions(stores, catalogs=catalogs, sealer=sealer, policy=policy, world=world)
    runs = Runs(stores, definitions=definitions, sources=parts.sources, policy=policy, world=world)
    rejects = Rejects(stores.rejects, audit=stores.audit, runs=runs, definitions=definitions)
    return Services(
        access=_access(parts, projects),
        audit=Audit(stores.audit),
        projects=projects,
        keys=Keys(stores, projects=projects, pepper=parts.keyring.pepper, world=world),
        definitions=definitions,
        integrations=Integrations(stores, storages=parts.storages, sealer=sealer, world=world),
        runs=runs,
        control=RunCommands(stores, runs=runs, policy=policy, world=world),
        faults=Faults(stores.faults, runs=runs),
        rejects=rejects,
        dry_runs=DryRuns(stores, definitions=definitions, policy=policy, world=world),
        repairs=Repairs(stores, runs=runs, rejects=rejects, policy=policy, world=world),
        schedules=Schedules(stores, definitions=definitions, policy=policy, clock=world.clock),
        catalogs=catalogs,
        customers=Customers(parts.database, audit=stores.audit, world=world),
        receivers=receivers_of(stores, parts.channels, sealer, world),
        secrets=Secrets(stores, keyring=parts.keyring),
        health=Health({"database": parts.database.ping}),
        window=parts.window,
        clock=world.clock,
        identity=world.identity,
        settings=parts.settings,
        metrics=parts.metrics,
    )


def _access(parts: Parts, projects: Projects) -> Access:
    """Count failed logins in the database, whatever the number of processes."""
    return Access(
        parts.stores.keys,
        projects=projects,
        failed=FailedLogins(parts.window, parts.settings.failed_logins_per_minute),
        pepper=parts.keyring.pepper,
        clock=parts.world.clock,
    )
