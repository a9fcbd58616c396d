from __future__ import annotations

import pytest

from sources.columns import unique_names


@pytest.mark.parametrize(
    ("names", "unique"),
    [
        (["id", "mail"], ("id", "mail")),
        (["id", "", ""], ("id", "column_2", "column_3")),
        (["mail", "mail", "mail_2"], ("mail", "mail_3", "mail_2")),
        (["", "column_1"], ("column_1_2", "column_1")),
    ],
)
def test_every_column_gets_a_name_of_its_own(names: list[str], unique: tuple[str, ...]) -> None:
    assert unique_names(names) == unique
