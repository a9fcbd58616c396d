"""Running the service: a process that has some of its roles, or all of them."""

# tested by: tests/integration/test_serve.py
from __future__ import annotations

import fcntl
import gc
import os
import signal
import socket
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, Any

from definitions.errors import SettingsError
from importmgr.app import create_app, create_status_app
from importmgr.bootstrap import Wiring, build
from importmgr.executing.pool import ExecutorPool
from importmgr.http_server import address_of, listen
from importmgr.log import get_logger
from importmgr.scheduling.housekeeping import start_housekeeping
from importmgr.scheduling.pulse import open_pulse
from importmgr.security.private_files import private_files
from importmgr.setting_values import Role
from importmgr.store.migrate import check, upgrade

if TYPE_CHECKING:
    from importmgr.settings import Settings

log = get_logger(__name__)

CHORES_PER_LEASE = 4
ANSWER_SECONDS = 1  # for requests that are being answered when the service stops
EMBEDDED_OWNER = "embedded"
LOOK_UP_SECONDS = 0.5
PRIVATE = 0o700  # customer data is nobody else's business


def serve(settings: Settings, on_ready: Callable[[str], None]) -> int:
    """Run the service until SIGTERM or SIGINT and return the exit code 0.

    `on_ready` is called with the service's address once it accepts requests. Raise
    `SettingsError` when the service must not start: a newer database, a second service on the same
    data folder, an address in use.
    """
    _make_folder(settings.data_dir)
    signals = _catch_signals()
    with private_files(), alone(settings):
        _migrate(settings)
        wiring = build(settings)
        try:
            wiring.check_keys()
            _run(wiring, signals, on_ready)
        finally:
            wiring.close()
    return 0


def _run(wiring: Wiring, signals: SimpleQueue[int], on_ready: Callable[[str], None]) -> None:
    """Do what the roles ask for until a signal comes, then end in order."""
    settings, roles = wiring.settings, wiring.settings.roles
    is_api = Role.API in roles
    server = listen((create_app if is_api else create_status_app)(wiring.services), settings)
    meanwhile: list[Callable[[], None]] = []
    with ExitStack() as ending:  # what began last ends first
        if Role.EXECUTOR in roles:
            _execute(wiring, ending)
        ending.callback(_close, server)
        if roles != (Role.API,):
            _keep_house(wiring, ending)
        if Role.TICKER in roles:
            meanwhile.append(_tick(wiring, ending))
        threading.Thread(target=server.run, name="http", daemon=True).start()
        gc.freeze()  # what was imported stays, and need not be searched for garbage again and again
        on_ready(address_of(settings.host, server))
        log.info("serving", roles=roles)
        log.info("stopping", signal=_await(signals, meanwhile))
    log.info("stopped")


def _execute(wiring: Wiring, ending: ExitStack) -> None:
    """Begin to work off runs; at the end those that are under way may finish a batch."""
    settings, owner = wiring.settings, _owner(wiring)
    if settings.embedded and settings.executors:
        wiring.stores.runs.requeue_owned(owner)  # we are alone, so their executor is dead
    pool = ExecutorPool(wiring.executor(owner), settings.executors)
    wiring.services.health.add("executors", pool.check)
    ending.callback(pool.stop, settings.shutdown_seconds)
    pool.start()
    if not settings.embedded:
        listener = wiring.listener()
        ending.callback(listener.stop)
        listener.start()
    log.info("executing", owner=owner, executors=settings.executors)


def _owner(wiring: Wiring) -> str:
    """Return a name that no other process on the database has, and that people can find."""
    if wiring.settings.embedded:
        return EMBEDDED_OWNER
    return f"{socket.gethostname()}:{os.getpid()}:{wiring.world.identity.hex24()[:8]}"


def _keep_house(wiring: Wiring, ending: ExitStack) -> None:
    """Begin the chores: an executor has its own spool, and any process may reap."""
    every = timedelta(seconds=wiring.settings.lease_seconds / CHORES_PER_LEASE)
    housekeeping = start_housekeeping(wiring.chores(), every)
    ending.callback(housekeeping.shutdown, wait=False)


def _tick(wiring: Wiring, ending: ExitStack) -> Callable[[], None]:
    """Begin to fire, to look for files and to tell; return what has to be called now and then."""
    ticker, watchers, couriers = wiring.ticker(), wiring.watchers(), wiring.couriers()
    wiring.services.health.add("ticker", ticker.check)
    wiring.services.health.add("watchers", watchers.check)
    wiring.services.health.add("couriers", couriers.check)
    ending.callback(couriers.stop)
    ending.callback(watchers.stop)
    ending.callback(ticker.stop)
    ticker.start()
    watchers.start()
    couriers.start()
    pulse = open_pulse(wiring.settings, ticker.check, wiring.services.metrics)
    if pulse is not None:
        ending.callback(pulse.stop)
        pulse.start()
    return ticker.keep_time


def _close(server: Any) -> None:  # noqa: ANN401 - waitress has no types
    """Answer what has been asked, and nothing more."""
    server.task_dispatcher.shutdown(cancel_pending=True, timeout=ANSWER_SECONDS)
    server.close()


def _await(signals: SimpleQueue[int], meanwhile: Sequence[Callable[[], None]]) -> int:
    """Return the first signal, looking up now and then: one may come just before a wait begins."""
    while True:
        with suppress(Empty):
            return signals.get(timeout=LOOK_UP_SECONDS)
        for each in meanwhile:
            each()


def _make_folder(folder: Path) -> None:
    """Let the data folder exist."""
    try:
        folder.mkdir(mode=PRIVATE, parents=True, exist_ok=True)
    except OSError as exc:
        msg = f"no data folder {str(folder)!r}: {exc.strerror}; set IMPORTMGR_DATA_DIR"
        raise SettingsError(msg) from exc


def _migrate(settings: Settings) -> None:
    """Bring the embedded database up to date by itself; only check any other."""
    if settings.embedded:
        upgrade(settings.database_url)
    check(settings.database_url)


def _catch_signals() -> SimpleQueue[int]:
    """Return a queue that gets SIGTERM and SIGINT; an Event would hang when two come at once."""
    signals: SimpleQueue[int] = SimpleQueue()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda received, _: signals.put(received))
    return signals


@contextmanager
def alone(settings: Settings) -> Iterator[None]:
    """Hold the data folder of an embedded database, so that only one service works on it."""
    if not settings.embedded:
        yield
        return
    with (settings.data_dir / "service.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as exc:
            msg = (
                f"another importmgr works on the data folder {str(settings.data_dir)!r}; "
                "stop it or set IMPORTMGR_DATA_DIR"
            )
            raise SettingsError(msg) from exc
        yield
