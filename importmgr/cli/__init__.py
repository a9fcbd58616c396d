"""The command line, thin over services (local commands) or over the client (remote commands)."""

from __future__ import annotations

from importmgr.cli.main import main

__all__ = ["main"]
