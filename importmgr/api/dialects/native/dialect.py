"""The whole face in one value."""

from __future__ import annotations

from importmgr.api.auth import basic_login
from importmgr.api.dialect import Dialect
from importmgr.api.dialects.native.audit import audit
from importmgr.api.dialects.native.errors import DOCS, render
from importmgr.api.dialects.native.integrations import integrations
from importmgr.api.dialects.native.receivers import receiver_blueprints

NATIVE = Dialect(
    name=DOCS.dialect,
    prefixes=("/api/v1",),
    login=basic_login,
    render=render,
    blueprints=(integrations, *receiver_blueprints(), audit),
)
