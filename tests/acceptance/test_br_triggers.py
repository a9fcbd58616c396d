"""BR14 to BR23 and BR42: what a definition may say, and what connectors say."""

from __future__ import annotations

import pytest

from tests.acceptance.documents import (
    DAILY,
    HOSTED,
    Document,
    catalog,
    changed,
    idle,
    people,
    without,
)
from tests.service import ProjectAccess

EVERY_KEY = {
    **DAILY,
    "trigger_type": "now",
    "frequency": "daily",
    "days": [],
    "from_date": None,
    "to_date": None,
}


def status(project: ProjectAccess, document: Document) -> int:
    """Send a definition and return the status."""
    answer = project.call("POST", "/imports/v1/{t}", json=document)
    assert answer.status_code == 200 or answer.json()["errors"], answer.text
    return answer.status_code


def triggered(**members: object) -> Document:
    """Return a definition whose trigger is the daily one with other members; None leaves out."""
    trigger = {**DAILY, **members}
    return changed(people(), "trigger", {k: v for k, v in trigger.items() if v is not None})


def read_trigger(project: ProjectAccess, document: Document) -> Document:
    """Create a definition and return its trigger as read back."""
    read = project.call("GET", f"/imports/v1/{{t}}/{project.create(document)}").json()
    trigger: Document = read["import"]["import_definition"]["trigger"]
    return trigger


def test_br14_trigger_types(project: ProjectAccess) -> None:
    """BR14. An unknown type needs a frequency; `now` ignores every key of a schedule."""
    assert status(project, changed(people(), "trigger", {"trigger_type": "sometimes"})) == 400
    assert status(project, idle(people())) == 200
    assert read_trigger(project, changed(people(), "trigger", EVERY_KEY)) == {"trigger_type": "now"}


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        ({}, 200),
        ({"times": [{"hour": 24, "minute": 0}]}, 400),
        ({"times": [{"hour": 2, "minute": 60}]}, 400),
        ({"times": [{"hour": True, "minute": 0}]}, 400),
        ({"times": [{"hour": n // 2, "minute": n % 2 * 30} for n in range(48)]}, 200),
        ({"times": [{"hour": n // 3, "minute": n % 3 * 20} for n in range(49)]}, 400),
        ({"times": []}, 400),
    ],
)
def test_br15_daily_schedules(project: ProjectAccess, members: Document, expected: int) -> None:
    """BR15. Daily needs one to 48 times that a clock can show."""
    assert status(project, triggered(**members)) == expected


@pytest.mark.parametrize(
    ("minutes", "expected"), [([0, 30], 200), (None, 400), ([], 400), ([60], 400)]
)
def test_br16_hourly_schedules(
    project: ProjectAccess, minutes: list[int] | None, expected: int
) -> None:
    """BR16. Hourly needs minutes and no times."""
    document = without(triggered(frequency="hourly", minutes=minutes), "trigger.times")

    assert status(project, document) == expected


@pytest.mark.parametrize(
    ("members", "expected"),
    [
        ({"frequency": "weekly", "days": ["monday", "thursday"]}, 200),
        ({"frequency": "weekly", "days": ["Monday", 3]}, 200),
        ({"frequency": "weekly", "days": ["someday"]}, 400),
        ({"frequency": "monthly", "days": [1, 31]}, 200),
        ({"frequency": "monthly", "days": [0]}, 400),
        ({"frequency": "monthly", "days": [32]}, 400),
        ({"timezone": "Mars/Base"}, 400),
        ({"timezone": None}, 400),
    ],
)
def test_br17_days_and_zones(project: ProjectAccess, members: Document, expected: int) -> None:
    """BR17. Days fit the frequency, zones exist."""
    assert status(project, triggered(**members)) == expected


@pytest.mark.parametrize(
    ("dates", "expected"),
    [
        ({"from_date": 1767225600, "to_date": 1798761600.5}, 200),
        ({"from_date": 1798761600.5, "to_date": 1767225600}, 400),
        ({"from_date": "2026-01-01"}, 400),
    ],
)
def test_br18_bounds(project: ProjectAccess, dates: Document, expected: int) -> None:
    """BR18. Bounds are epoch seconds, the first not after the last."""
    assert status(project, triggered(**dates)) == expected


def test_br19_url_sources(project: ProjectAccess) -> None:
    """BR19. A url source needs an http address; a login needs both of its parts."""
    document = idle(people())

    assert status(project, without(document, "source.import_url")) == 400
    assert status(project, changed(document, "source.auth", None)) == 200
    assert status(project, changed(document, "source.auth", {"username": "u"})) == 400
    assert status(project, changed(document, "source.import_url", "ftp://x")) == 400


@pytest.mark.parametrize(
    ("member", "value"),
    [("integration_id", "x" * 23), ("path", ""), ("file_selection", "newest"), ("path", "../a")],
)
def test_br20_file_storages_are_checked(project: ProjectAccess, member: str, value: str) -> None:
    """BR20. Each wrong member of a file storage is named."""
    answer = project.call("POST", "/imports/v1/{t}", json=stored(**{member: value}))

    assert answer.status_code == 400
    assert f"source.{member}" in answer.json()["errors"]


@pytest.mark.parametrize("selection", ["all", "last_mod", "last_alpha", "not_imported"])
def test_br20_every_selection_is_known(project: ProjectAccess, selection: str) -> None:
    """BR20. The only thing wrong with a well-formed file storage is its unknown integration."""
    answer = project.call("POST", "/imports/v1/{t}", json=stored(file_selection=selection))

    assert answer.status_code == 400
    assert list(answer.json()["errors"]) == ["source.integration_id"]


def stored(**members: str) -> Document:
    """Return a definition of files of a stored connection."""
    source = {
        "source_type": "filestorage",
        "integration_id": "5f3c1a2b4d5e6f708192a3b4",
        "path": "*.csv",
        "file_selection": "all",
    }
    return changed(idle(people()), "source", {**source, **members})


@pytest.mark.parametrize(
    ("destination", "expected"),
    [
        ({}, 400),
        ({"customer_destination": {}, "event_destination": {}}, 400),
        ({"customer_destination": {}}, 200),
        ({"customer_destination": []}, 200),
        ({"catalog_destination": {}}, 400),
        (
            {
                "catalog_destination": {
                    "catalog_name": "c",
                    "catalog_attributes": {"catalog_type": "other"},
                }
            },
            400,
        ),
    ],
)
def test_br21_destinations(project: ProjectAccess, destination: Document, expected: int) -> None:
    """BR21. Exactly one of the three, with its own members."""
    assert status(project, changed(idle(people()), "destination", destination)) == expected


def test_br21_variants_need_no_product_catalog(project: ProjectAccess) -> None:
    """BR21. The associated catalog of variants may be left out."""
    path = "destination.catalog_destination.catalog_attributes"

    assert (
        status(project, changed(idle(catalog(HOSTED)), path, {"catalog_type": "variants"})) == 200
    )


def test_br22_connectors_are_understood(project: ProjectAccess) -> None:
    """BR22. Bodies as the official connectors send them."""
    magento = idle(catalog(HOSTED))
    magento["timestamp_column"] = None
    magento["source"]["auth"] = None
    for mapping in magento["mapping"]["column_mapping"]["property_mappings"]:
        mapping["indexed"] = None
    commercetools = idle(catalog(HOSTED))
    commercetools["mapping"]["column_mapping"] = {
        "id_mappings": [{"from_column": "id", "to_id": "registered", "type": "text"}],
        "property_mappings": [
            {"from_column": "item_id", "to_column": "item_id", "type": "text"},
            {"from_column": "price", "to_column": "price", "type": "number"},
        ],
    }

    assert status(project, magento) == 200
    assert status(project, commercetools) == 200


def test_br23_customers_need_an_id(project: ProjectAccess) -> None:
    """BR23. Customers without any id mapping could never be found again."""
    document = changed(people(), "mapping.column_mapping.id_mappings", [])

    assert status(project, document) == 400


@pytest.mark.parametrize(("searchable", "expected"), [(20, 200), (21, 400)])
def test_br42_at_most_20_searchable_fields(
    project: ProjectAccess, searchable: int, expected: int
) -> None:
    """BR42. The twenty-first searchable mapping of a catalog is too many."""
    names = ["item_id", *(f"field_{n}" for n in range(1, searchable))]
    mappings = [{"from_column": n, "to_column": n, "searchable": True} for n in names]
    document = changed(idle(catalog(HOSTED)), "mapping.column_mapping.property_mappings", mappings)

    assert status(project, document) == expected
