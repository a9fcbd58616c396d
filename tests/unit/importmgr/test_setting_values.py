from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from importmgr import setting_values as values


@pytest.mark.parametrize(
    ("reader", "text", "expected"),
    [
        (values.text, " a ", "a"),
        (values.optional_text, "", None),
        (values.optional_text, "x", "x"),
        (values.folder, "/srv/x", Path("/srv/x")),
        (values.database_url, "", ""),
        (values.database_url, "sqlite:///x.db", "sqlite:///x.db"),
        (values.boolean, "TRUE", True),
        (values.boolean, "off", False),
        (values.count, "0", 0),
        (values.positive, "7", 7),
        (values.port, "65535", 65535),
        (values.seconds, "0.5", 0.5),
        (values.size, "4194304", 4 << 20),
        (values.size, "4 MiB", 4 << 20),
        (values.networks, "", ()),
        (values.roles, "executor, API", (values.Role.API, values.Role.EXECUTOR)),
        (values.roles, "all,api", values.EVERY_ROLE),
        (values.log_level, "DEBUG", "debug"),
        (values.log_format, "json", "json"),
    ],
)
def test_a_text_becomes_a_value(
    reader: Callable[[str], object], text: str, expected: object
) -> None:
    assert reader(text) == expected


@pytest.mark.parametrize(
    ("reader", "text", "remedy"),
    [
        (values.text, " ", "must not be empty"),
        (values.database_url, "mysql://x", "sqlite:///"),
        (values.boolean, "ja", "true or false"),
        (values.count, "-1", "0 or more"),
        (values.count, "1.5", "whole number"),
        (values.count, "²", "whole number"),
        (values.positive, "0", "1 or more"),
        (values.port, "65536", "0 to 65535"),
        (values.seconds, "0", "above 0"),
        (values.seconds, "nan", "above 0"),
        (values.seconds, "inf", "above 0"),
        (values.seconds, "soon", "number of seconds"),
        (values.size, "0", "bytes above 0"),
        (values.size, "4MB", "4MiB"),
        (values.networks, "10.0.0.1/8", "10.0.0.0/8"),
        (values.roles, "", "must be all, or some of"),
        (values.roles, "api,cook", "api, ticker and executor"),
        (values.log_level, "loud", "debug, info, warning or error"),
        (values.log_format, "xml", "text or json"),
    ],
)
def test_a_wrong_text_is_refused_with_the_remedy(
    reader: Callable[[str], object], text: str, remedy: str
) -> None:
    with pytest.raises(ValueError, match=remedy):
        reader(text)


@given(st.integers(1, 1 << 50))
def test_a_shown_size_reads_back_as_itself(number: int) -> None:
    assert values.size(values.size_text(number)) == number


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("postgresql://u:geheim@h:5432/d", "postgresql://u:***@h:5432/d"),
        ("postgresql://u@h/d", "postgresql://u@h/d"),
        ("postgresql://u:ge@heim@h/d", "postgresql://u:***@h/d"),
        ("postgresql://h/d?user=u&password=geheim", "postgresql://h/d?***"),
        ("postgresql://h/d?sslmode=require", "postgresql://h/d?sslmode=require"),
        ("sqlite:////srv/x.db", "sqlite:////srv/x.db"),
    ],
)
def test_the_password_of_a_database_is_masked(url: str, shown: str) -> None:
    assert values.masked_url(url) == shown


def test_a_secret_shows_only_whether_it_is_set() -> None:
    assert (values.hidden("geheim"), values.hidden(None)) == ("***", "-")
