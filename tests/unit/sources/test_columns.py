from __future__ import annotations

import pytest

from sources.columns import renamed_columns, told_renamed, unique_names


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


def test_names_that_were_changed_are_told() -> None:
    names = ["", "mail", "mail"]
    renamed = renamed_columns(names, unique_names(names))
    assert renamed == {"column_1": "", "mail_2": "mail"}
    assert told_renamed(renamed) == {"renamed_columns": "'' -> 'column_1', 'mail' -> 'mail_2'"}
    assert told_renamed({}) == {}
