"""`python -m importmgr` is the command `importmgr`."""

from __future__ import annotations

from importmgr.cli import main

main(prog_name="importmgr")
