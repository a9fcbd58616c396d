from __future__ import annotations

import pytest

from definitions.header import Header


@pytest.mark.parametrize(
    ("name", "column"),
    [("mail", "mail"), (" mail", " mail"), ("mail ", " mail"), ("city", " city "), ("Mail", None)],
)
def test_a_column_is_found_by_its_exact_name_then_without_outer_white_space(
    name: str, column: str | None
) -> None:
    assert Header(names=(" mail", "mail", " city ")).find(name) == column


@pytest.mark.parametrize(
    ("names", "hint"),
    [
        (("Mail", "city"), ", or did you mean 'Mail'?"),
        (("e-mail", "maill"), ", or did you mean 'maill'?"),
        ((" MAIL ",), ", or did you mean ' MAIL '?"),
        (("MAIL", "Mail"), ", or did you mean 'MAIL'?"),
        (("quantity",), ""),
        ((), ""),
    ],
)
def test_a_lacking_column_is_named_with_the_nearest_one(names: tuple[str, ...], hint: str) -> None:
    said = Header(names=names).lacks("mail", "id 'email'")
    assert said == (
        f"column 'mail' (id 'email') is not in the file: add it or correct the mapping{hint}"
    )
