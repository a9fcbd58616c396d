from __future__ import annotations

import polars as pl
import pytest

from definitions.profile import Profile
from definitions.profile_document import column_document, share_of


def test_a_column_is_told_as_json() -> None:
    profile = Profile(("zip", "price"))
    profile.add(pl.DataFrame({"zip": ["007", "", "12"], "price": ["1.5", "20", ""]}))

    columns = [column_document(column) for column in profile.columns]

    assert (columns[0]["name"], columns[0]["leading_zeros"], columns[0]["filled"]) == ("zip", 1, 2)
    assert columns[1]["numbers"] == {"lowest": "1.5", "highest": "20"}
    assert columns[1]["suggested_type"] == "number"
    assert columns[1]["fill"] == share_of(2, 3)


@pytest.mark.parametrize(
    ("part", "whole", "share"), [(0, 0, 0.0), (1, 3, 0.333333), (9_999_999, 10_000_000, 0.999999)]
)
def test_a_share_is_one_only_for_all(part: int, whole: int, share: float) -> None:
    assert share_of(part, whole) == share
