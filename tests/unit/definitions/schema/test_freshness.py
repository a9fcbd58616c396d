from __future__ import annotations

import pytest

from definitions.errors import InvalidError
from definitions.schema import normalise
from tests.acceptance.documents import people


def test_a_promise_comes_back_with_its_defaults() -> None:
    normal = normalise({**people(), "freshness": {"every": "26h"}})

    assert normal["freshness"] == {"every": "26h", "min_rows": 0}
    assert normalise(normal) == normal
    assert "freshness" not in normalise(people())


@pytest.mark.parametrize(
    ("freshness", "path"),
    [
        ({"every": "often"}, "freshness.every"),
        ({"min_rows": 5}, "freshness.every"),
        ({"every": "1h", "min_rows": -1}, "freshness.min_rows"),
        ({"every": "1h", "ping_url": "ftp://a.example.test"}, "freshness.ping_url"),
        ({"every": "1h", "min_row": 5}, "freshness.min_row"),
        ("26h", "freshness"),
    ],
)
def test_what_cannot_be_promised_is_refused(freshness: object, path: str) -> None:
    with pytest.raises(InvalidError) as caught:
        normalise({**people(), "freshness": freshness})

    assert set(caught.value.problems) == {path}
