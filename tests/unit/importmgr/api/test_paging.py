from __future__ import annotations

from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.http import parse_options_header

from importmgr.api.paging import page_headers


def headers(query: str, **figures: int) -> dict[str, str]:
    with Flask(__name__).test_request_context(f"/list?{query}") as context:
        return page_headers(context.request, **figures)


def test_the_figures_are_told() -> None:
    told = headers("", limit=10, offset=0, total=3)

    assert told == {"X-Total-Count": "3", "X-Limit": "10", "X-Offset": "0"}


def test_a_middle_page_has_both_neighbours_and_keeps_the_query() -> None:
    link = headers("x=1&limit=5&offset=3", limit=5, offset=3, total=20)["Link"]

    assert link == (
        '<http://localhost/list?x=1&limit=5&offset=8>; rel="next", '
        '<http://localhost/list?x=1&limit=5&offset=0>; rel="prev"'
    )


@given(limit=st.integers(1, 50), offset=st.integers(0, 200), total=st.integers(0, 200))
def test_there_is_a_next_page_just_when_something_is_left(
    limit: int, offset: int, total: int
) -> None:
    links = headers("", limit=limit, offset=offset, total=total).get("Link", "")
    relations = {
        parse_options_header(one.strip())[1]["rel"] for one in links.split(",") if one.strip()
    }

    assert ("next" in relations) is (offset + limit < total)
    assert ("prev" in relations) is (offset > 0)
