"""From a stored definition to the place its files come from."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from definitions.address import check_url
from definitions.errors import InvalidError, SourceRefusedError
from definitions.model import FileStorageSource, ImportDefinition, UrlSource
from definitions.schema import to_definition
from definitions.sealing import origin_of, with_password
from importmgr.security.sealing import Sealer
from importmgr.store.definitions import StoredDefinition
from sources.base import Source
from sources.registry import SOURCES, load

if TYPE_CHECKING:
    from sources.url import UrlSourceSettings


class Sources:
    """Opens the source of a definition, or of one run with another location."""

    def __init__(self, *, sealer: Sealer, url_settings: UrlSourceSettings) -> None:
        """Take what opens passwords and what every URL source shares."""
        self._sealer = sealer
        self._url_settings = url_settings

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
    ) -> Source:
        """Return the source of the definition, or the one at `location`, ready to be used.

        `heartbeat` is called while something is awaited; what it raises ends the wait. Raise
        `InvalidError` for a location that cannot be one, `SourceRefusedError` for a source that
        is not to be had here.
        """
        source = self.definition(stored).source
        if isinstance(source, FileStorageSource):
            msg = f"there is no integration {source.integration_id!r} in this project"
            raise SourceRefusedError(msg)
        if source.use_proxy and self._url_settings.proxy is None:
            msg = "use_socks_proxy is set, but no proxy is configured; set IMPORTMGR_SOCKS_PROXY"
            raise SourceRefusedError(msg)
        opened: Source = load(SOURCES["url"])(
            located(source, location),
            project_id=stored.project_id,
            settings=self._url_settings,
            heartbeat=heartbeat,
        )
        return opened


def located(source: UrlSource, location: str | None) -> UrlSource:
    """Return the source at `location`, relative to the source's own address.

    The login goes along to the same origin (scheme, host and port) only.
    """
    if location is None:
        return source
    url = urljoin(source.url, location)
    if problem := _not_text(location) or check_url(url):
        raise InvalidError({"path": [problem]})
    same_origin = origin_of(url) == origin_of(source.url)
    return replace(source, url=url, auth=source.auth if same_origin else None)


def _not_text(location: str) -> str | None:
    """Return what is wrong with characters that joining addresses would drop in silence."""
    return None if location.isprintable() else "must not contain control characters"
