"""All stores of one database."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import Engine

from importmgr.clock import Clock
from importmgr.store import Stores
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
from importmgr.store.runs import MOST_RUNNING, RunStore
from importmgr.store.schedules import ScheduleStore
from importmgr.store.sights import SightStore
from importmgr.store.watches import WatchStore


def open_stores(
    engine: Engine, clock: Clock, watch_every: timedelta, most_running: int = MOST_RUNNING
) -> Stores:
    """Return one of each store; places are looked at for new files once in `watch_every`.

    A project has at most `most_running` runs in hand at a time, unless it says otherwise.
    """
    return Stores(
        audit=AuditStore(engine, clock),
        retention=RetentionStore(engine),
        projects=ProjectStore(engine),
        keys=KeyStore(engine),
        definitions=DefinitionStore(engine),
        runs=RunStore(engine, clock, most_running),
        faults=FaultStore(engine),
        control=RunControl(engine, clock),
        rejects=RejectStore(engine),
        repairs=RepairStore(engine),
        dry_runs=DryRunStore(engine),
        schedules=ScheduleStore(engine, clock),
        decisions=DecisionStore(engine),
        integrations=IntegrationStore(engine),
        files=FileLedger(engine),
        follow_ups=FollowUpStore(engine, clock),
        sights=SightStore(engine),
        watches=WatchStore(engine, clock, watch_every),
        receivers=ReceiverStore(engine),
        promises=PromiseStore(engine, clock),
        pings=PingStore(engine, clock),
        deliveries=DeliveryStore(engine, clock),
    )
