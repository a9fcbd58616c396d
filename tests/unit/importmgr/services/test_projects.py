from __future__ import annotations

import pytest

from definitions.errors import InvalidError, NotFoundError
from importmgr.services.projects import MAX_NAME
from tests.product import Product


def test_a_project_is_found_by_its_token_and_listed_in_order(product: Product) -> None:
    projects = product.services.projects
    made = projects.create("  Second  ")

    assert made.name == "Second"
    assert projects.require(made.token) == made == projects.by_id(made.id)
    assert projects.list() == [product.project, made]


@pytest.mark.parametrize("name", ["", " \t", "x" * (MAX_NAME + 1)])
def test_a_useless_name_is_refused(product: Product, name: str) -> None:
    with pytest.raises(InvalidError, match="must have 1 to 200 characters"):
        product.services.projects.create(name)

    assert product.services.projects.list() == [product.project]


def test_an_unknown_token_is_not_found_and_the_remedy_named(product: Product) -> None:
    with pytest.raises(NotFoundError, match=r"no project 'nope'; `importmgr project list`"):
        product.services.projects.require("nope")
