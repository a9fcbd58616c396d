"""From a stored definition to the place its files come from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from definitions.address import check_url
from definitions.errors import InvalidError, LimitError, SourceRefusedError
from definitions.model import FileStorageSource, ImportDefinition, UrlSource
from definitions.schema import to_definition
from definitions.sealing import origin_of, with_password
from definitions.shown import named
from importmgr.clock import Clock
from importmgr.security.sealing import Sealer
from importmgr.services.storages import Storages, located_files
from importmgr.store.definitions import StoredDefinition
from importmgr.store.hits import MINUTE
from sources.base import AddressSource, Source
from sources.registry import SOURCES, load

if TYPE_CHECKING:
    from sources.url import Pace, UrlSourceSettings

LONGEST_WAIT = 2.0  # seconds of the five that a check may take; the rest is for the source


class Sources:
    """Opens the source of a definition, or of one run with another location."""

    def __init__(
        self, *, sealer: Sealer, url_settings: UrlSourceSettings, storages: Storages, clock: Clock
    ) -> None:
        """Take what opens passwords, what every URL source shares, and what opens storages."""
        self._sealer = sealer
        self._url_settings = url_settings
        self._storages = storages
        self._clock = clock

    def definition(self, stored: StoredDefinition) -> ImportDefinition:
        """Return the definition as a value, its password in the clear."""
        if stored.secret is None:
            return to_definition(stored.document)
        password = self._sealer.decrypt_password(stored.id, stored.secret)
        return to_definition(with_password(stored.document, password))

    def open(
        self,
        stored: StoredDefinition,
        location: str | None,
        heartbeat: Callable[[], None] = lambda: None,
        at: datetime | None = None,
    ) -> Source:
        """Return the source of the definition, or the one at `location`, ready to be used.

        Dates in its path are those of `at`, or of now. `heartbeat` is called while something is
        awaited; what it raises ends the wait. Raise `InvalidError` for a location that cannot be
        one, `SourceRefusedError` for a source that is not to be had here.
        """
        definition = self.definition(stored)
        if isinstance(definition.source, FileStorageSource):
            source = located_files(definition.source, location)
            moment = at or self._clock.now()
            return self._storages.source(stored, definition, source, moment, heartbeat)
        found = located(definition.source, location)
        return self._open_url(found, stored, self._url_settings, heartbeat)

    def open_address(
        self, stored: StoredDefinition, heartbeat: Callable[[], None]
    ) -> AddressSource:
        """Return the source of a definition whose source is a web address."""
        source = self.definition(stored).source
        if isinstance(source, FileStorageSource):
            msg = f"definition {stored.id!r} takes its files from an integration"
            raise SourceRefusedError(msg)
        return self._open_url(source, stored, self._url_settings, heartbeat)

    def open_to_check(self, stored: StoredDefinition, location: str | None) -> Source:
        """Return the same source for somebody who waits for an answer.

        It raises `LimitError` where the other one would wait for its turn.
        """
        definition = self.definition(stored)
        if isinstance(definition.source, FileStorageSource):
            return self.open(stored, location)
        settings = self._url_settings
        hasty = _HastyPace(settings.pace, settings.monotonic() + LONGEST_WAIT, settings.monotonic)
        found = located(definition.source, location)
        return self._open_url(found, stored, replace(settings, pace=hasty), lambda: None)

    def _open_url(
        self,
        source: UrlSource,
        stored: StoredDefinition,
        settings: UrlSourceSettings,
        heartbeat: Callable[[], None],
    ) -> AddressSource:
        if source.use_proxy and settings.proxy is None:
            msg = "use_socks_proxy is set, but no proxy is configured; set IMPORTMGR_SOCKS_PROXY"
            raise SourceRefusedError(msg)
        opened: AddressSource = load(SOURCES["url"])(
            source,
            project_id=stored.project_id,
            settings=settings,
            heartbeat=heartbeat,
        )
        return opened


@dataclass(frozen=True, slots=True)
class _HastyPace:
    """Keeps a pace, but does not wait for it beyond the moment `until`."""

    pace: Pace
    until: float
    monotonic: Callable[[], float]

    def wait(self, project_id: int, host: str, heartbeat: Callable[[], None]) -> None:
        """Return when one more request may go out; raise `LimitError` if that takes too long."""

        def hurry() -> None:
            heartbeat()
            if self.monotonic() >= self.until:
                msg = f"the project's request budget to {host!r} is used up; try again in a minute"
                raise LimitError(msg, retry_after=MINUTE)

        self.pace.wait(project_id, host, hurry)


def located(source: UrlSource, location: str | None) -> UrlSource:
    """Return the source at `location`, relative to the source's own address.

    The login goes along to the same origin (scheme, host and port) only.
    """
    if location is None:
        return source
    url = urljoin(source.url, location)
    if problem := _not_text(location) or check_url(url):
        raise InvalidError({"path": [named(problem, location, address=True)]})
    same_origin = origin_of(url) == origin_of(source.url)
    return replace(source, url=url, auth=source.auth if same_origin else None)


def _not_text(location: str) -> str | None:
    """Return what is wrong with characters that joining addresses would drop in silence."""
    return None if location.isprintable() else "must not contain control characters"
