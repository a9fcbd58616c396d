from __future__ import annotations

import pytest

from definitions.errors import PermanentError
from tests.stores import NOW, Stores


def test_a_project_is_found_by_its_token_and_its_id(stores: Stores) -> None:
    made = stores.projects.add("prj-alpha", "Alpha", NOW)

    assert (made.token, made.name, made.created_at) == ("prj-alpha", "Alpha", NOW)
    assert stores.projects.by_token("prj-alpha") == made
    assert stores.projects.by_id(made.id) == made


@pytest.mark.parametrize("token", ["prj-beta", "", "a\0b", "\ud800"])
def test_an_unknown_token_is_nobodys(stores: Stores, token: str) -> None:
    stores.projects.add("prj-alpha", "Alpha", NOW)

    assert stores.projects.by_token(token) is None


def test_projects_are_listed_in_the_order_of_creation(stores: Stores) -> None:
    tokens = ["c", "a", "b"]
    made = [stores.projects.add(token, token, NOW) for token in tokens]

    assert stores.projects.list() == made


def test_a_token_belongs_to_one_project(stores: Stores) -> None:
    stores.projects.add("prj-alpha", "Alpha", NOW)

    with pytest.raises(PermanentError):
        stores.projects.add("prj-alpha", "Another", NOW)
