"""Every dialect this service speaks."""

from __future__ import annotations

from importmgr.api.dialect import Dialect
from importmgr.api.dialects.bloomreach.dialect import BLOOMREACH
from importmgr.api.dialects.native.dialect import NATIVE

DIALECTS: tuple[Dialect, ...] = (BLOOMREACH, NATIVE)
