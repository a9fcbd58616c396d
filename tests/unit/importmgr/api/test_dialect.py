from __future__ import annotations

import pytest

from importmgr.api.dialect import dialect_of
from importmgr.api.dialects.registry import DIALECTS


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("/imports/v1", "bloomreach"),
        ("/imports/v1/x/y", "bloomreach"),
        ("/data/v1/projects", "bloomreach"),
        ("/imports/v10", None),
        ("/imports", None),
        ("/", None),
        ("", None),
    ],
)
def test_the_path_names_the_dialect(path: str, name: str | None) -> None:
    found = dialect_of(path, DIALECTS)

    assert (found.name if found else None) == name


def test_no_prefix_belongs_to_two_dialects() -> None:
    prefixes = [prefix for dialect in DIALECTS for prefix in dialect.prefixes]

    assert len(prefixes) == len(set(prefixes))
    assert all(dialect_of(prefix, DIALECTS) is not None for prefix in prefixes)
