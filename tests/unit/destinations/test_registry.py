from __future__ import annotations

import typing

import pytest

from definitions.model import (
    CatalogDestination,
    CustomerDestination,
    Destination,
    EventDestination,
)
from destinations.registry import DESTINATIONS, kind_of


@pytest.mark.parametrize(
    ("target", "name"),
    [
        (CustomerDestination(), "customers"),
        (EventDestination(event_type=None, triggers=False), "events"),
        (CatalogDestination(name="x", type=None, associated_catalog_id=None), "catalogs"),
    ],
)
def test_every_destination_of_a_definition_has_its_kind(target: Destination, name: str) -> None:
    assert kind_of(target) is DESTINATIONS[name]


def test_no_destination_of_a_definition_is_forgotten() -> None:
    assert {kind.target for kind in DESTINATIONS.values()} == set(typing.get_args(Destination))
