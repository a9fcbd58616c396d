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
    ("names", "shown"),
    [
        ((), "the file has no columns"),
        (("a", "b c"), "the file has 'a', 'b c'"),
        (
            ("a",) * 22,
            "the file has " + ", ".join(["'a'"] * 20) + " and 2 more",
        ),
        (("x" * 61,), f"the file has '{'x' * 60}'"),
    ],
)
def test_the_columns_that_are_there_are_named(names: tuple[str, ...], shown: str) -> None:
    assert Header(names=names).shown() == shown


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
