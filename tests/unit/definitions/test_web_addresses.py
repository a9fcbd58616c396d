from __future__ import annotations

import re

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from definitions.web_addresses import web_addresses
from tests.unit.definitions.cells import column

ADDRESS = re.compile(r"(?i:https?)://[^\s/?#][^\s]*")  # of texts without control characters
PIECES = st.sampled_from(
    ["http", "https", "HTTPS", "://", "/", "?", "#", "a", ".cz", '"', "\\", " ", "é", "\u3000", "s"]
)


@given(texts=st.lists(st.lists(PIECES, max_size=5).map("".join)))
def test_what_is_seen_by_the_bytes_is_what_the_rule_says(texts: list[str]) -> None:
    found = web_addresses(column(*texts))

    assert [None if text is None else orjson.loads(f'"{text}"') for text in found] == [
        text if ADDRESS.fullmatch(text) else None for text in texts
    ]


@pytest.mark.parametrize("odd", ["\0", "\x1f", "\x7f", "\x85", "\u2028", "\n"])
def test_no_address_holds_a_control_character_or_a_line_end(odd: str) -> None:
    found = web_addresses(column(f"http://x{odd}y", f"http://{odd}", "http://x.cz/"))

    assert found.to_list() == [None, None, "http://x.cz/"]


@pytest.mark.timeout(20)
def test_a_long_text_that_is_no_address_after_all_is_soon_refused() -> None:
    text = "http://" + "a" * 1_000_000 + " b"

    assert web_addresses(column(text)).to_list() == [None]
