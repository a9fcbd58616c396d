from __future__ import annotations

from ipaddress import ip_network

from importmgr.clock import SystemClock
from importmgr.identity import SystemIdentity
from importmgr.services.reading import expand_limits, url_settings
from importmgr.settings import Settings
from importmgr.world import World
from sources.url import NoPace

WORLD = World(clock=SystemClock(), identity=SystemIdentity())


def test_compressed_files_may_grow_as_the_settings_say() -> None:
    limits = expand_limits(Settings(max_file_bytes=7, unpack_ratio=3))

    assert (limits.max_size, limits.max_ratio) == (7, 3)


def test_addresses_are_fetched_as_the_settings_say() -> None:
    settings = Settings(
        allow_private_sources=True,
        allowed_source_networks=(ip_network("10.0.0.0/8"),),
        socks_proxy="socks5h://127.0.0.1:1080",
        max_file_bytes=7,
        source_deadline_seconds=5.0,
        source_minimum_rate=4,
        source_timeout_seconds=3.0,
    )
    found = url_settings(settings, WORLD)

    assert found.policy.allow_private is True
    assert found.policy.networks == (ip_network("10.0.0.0/8"),)
    assert found.proxy == "socks5h://127.0.0.1:1080"
    assert (found.limits.size_cap, found.limits.deadline) == (7, 5.0)
    assert (found.limits.minimum_rate, found.limits.read_timeout) == (4, 3.0)
    assert isinstance(found.pace, NoPace)
