"""A Python client of the HTTP API; it knows an address and a key, and nothing of the inside.

Whatever goes wrong is an error of `definitions.errors`.
"""

from __future__ import annotations

from importmgr.client.audit import AuditEntry
from importmgr.client.calls import Client
from importmgr.client.door import Patience
from importmgr.client.dry_runs import DryRun
from importmgr.client.faults import FaultCount, FaultSummary
from importmgr.client.receiver_values import Delivery, Receiver, ReceiverTest, WebhookSecret
from importmgr.client.rejects import RejectFile, RepairDone
from importmgr.client.values import (
    Catalog,
    Created,
    Customer,
    Decision,
    Definition,
    Event,
    Integration,
    Item,
    NextRun,
    RowCounts,
    Run,
    RunFault,
    Schedule,
    StorageReport,
)

__all__ = [
    "AuditEntry",
    "Catalog",
    "Client",
    "Created",
    "Customer",
    "Decision",
    "Definition",
    "Delivery",
    "DryRun",
    "Event",
    "FaultCount",
    "FaultSummary",
    "Integration",
    "Item",
    "NextRun",
    "Patience",
    "Receiver",
    "ReceiverTest",
    "RejectFile",
    "RepairDone",
    "RowCounts",
    "Run",
    "RunFault",
    "Schedule",
    "StorageReport",
    "WebhookSecret",
]
