"""The HTTP API for any WSGI server, as `wsgi:app`; `importmgr serve` works off the runs."""

from __future__ import annotations

from importmgr.app import create_app
from importmgr.bootstrap import build
from importmgr.settings import Settings, environment
from importmgr.store.migrate import check

settings = Settings.from_environ(environment())
check(settings.database_url)
wiring = build(settings)
wiring.check_keys()
app = create_app(wiring.services)
