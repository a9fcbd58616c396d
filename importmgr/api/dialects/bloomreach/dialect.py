"""The whole face in one value."""

from __future__ import annotations

from importmgr.api.auth import basic_login
from importmgr.api.dialect import Dialect
from importmgr.api.dialects.bloomreach.catalogs import catalogs
from importmgr.api.dialects.bloomreach.control import control
from importmgr.api.dialects.bloomreach.customers import customers
from importmgr.api.dialects.bloomreach.dry_runs import dry_runs
from importmgr.api.dialects.bloomreach.errors import render
from importmgr.api.dialects.bloomreach.imports import imports
from importmgr.api.dialects.bloomreach.items import items
from importmgr.api.dialects.bloomreach.origin import ORIGIN
from importmgr.api.dialects.bloomreach.rejects import rejects
from importmgr.api.dialects.bloomreach.runs import runs
from importmgr.api.dialects.bloomreach.schedules import schedules
from importmgr.api.dialects.bloomreach.tracking import tracking

BLOOMREACH = Dialect(
    name=ORIGIN,
    prefixes=("/imports/v1", "/data/v1", "/data/v2", "/track/v2"),
    login=basic_login,
    render=render,
    blueprints=(
        imports,
        runs,
        control,
        schedules,
        catalogs,
        items,
        customers,
        tracking,
        rejects,
        dry_runs,
    ),
)
