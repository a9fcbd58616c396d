from __future__ import annotations

import pytest
from marshmallow import ValidationError

from importmgr.api.dialects.bloomreach.schemas.catalogs import MAX_SEARCH, ItemsQuery


def test_filters_are_gathered_by_field() -> None:
    query = {"filter[color]": "blue", "filter[a]b]": "", "filter": "x", "filter[]": "y", "z": "1"}

    assert ItemsQuery().load(query) == {
        "count": 20,
        "skip": 0,
        "search": "",
        "values": {"color": "blue", "a]b": ""},
    }


def test_a_search_is_no_novel() -> None:
    with pytest.raises(ValidationError, match="at most 1000"):
        ItemsQuery().load({"search": "x" * (MAX_SEARCH + 1)})
