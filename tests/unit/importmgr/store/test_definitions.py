from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta

import pytest

from definitions.errors import InvalidError
from importmgr.store.transactions import Transaction
from tests.stores import NOW, ORIGIN, Stores, definition, new_id, new_run


def test_a_definition_comes_back_as_it_was_stored(stores: Stores) -> None:
    project = stores.project()
    document = {"name": "Küche ✓", "active": True, "auth": None, "list": [1, 2.5, {"a": None}]}
    made = replace(definition(project), document=document, secret=b"\0\xffcipher")

    stores.definitions.add(made, max_active=1)

    assert stores.definitions.get(project.id, made.id, ORIGIN) == made


def test_a_definition_is_seen_by_its_project_and_through_its_origin_only(stores: Stores) -> None:
    made, other = stores.definition(), stores.project()

    assert stores.definitions.get(other.id, made.id, ORIGIN) is None
    assert stores.definitions.get(made.project_id, made.id, "native") is None
    assert stores.definitions.list(made.project_id, "native", 10, 0) == ([], 0)


@pytest.mark.parametrize("strange", ["zzz", "a\0b", "\udfff"])
def test_a_strange_id_is_just_not_there(stores: Stores, strange: str) -> None:
    project = stores.project()

    assert stores.definitions.get(project.id, strange, ORIGIN) is None
    assert stores.definitions.delete(project.id, strange, ORIGIN, NOW) is False


def test_definitions_are_listed_in_the_order_of_creation(stores: Stores) -> None:
    project = stores.project()
    moments = [NOW + timedelta(seconds=number) for number in (3, 1, 2, 1)]
    made = [replace(definition(project), created_at=moment) for moment in moments]
    for one in made:
        stores.definitions.add(one, max_active=100)

    page, total = stores.definitions.list(project.id, ORIGIN, 2, 1)

    ordered = sorted(made, key=lambda one: (one.created_at, one.id))
    assert total == 4
    assert page == ordered[1:3]


def test_ten_simultaneous_creates_do_not_pass_the_cap(stores: Stores) -> None:
    project = stores.project()
    for _ in range(20):
        stores.definition(project)

    def create(_: int) -> bool:
        try:
            stores.definitions.add(definition(project), max_active=25)
        except InvalidError:
            return False
        return True

    with ThreadPoolExecutor(10) as pool:
        outcomes = list(pool.map(create, range(10)))

    assert outcomes.count(True) == 5
    assert stores.definitions.list(project.id, ORIGIN, 1, 0)[1] == 25


def test_the_cap_counts_active_definitions_of_the_project_only(stores: Stores) -> None:
    project = stores.project()
    stores.definition()
    stores.definition(project, active=False)
    stores.definitions.add(definition(project), max_active=1)
    stores.definitions.add(definition(project, active=False), max_active=1)

    with pytest.raises(InvalidError) as refused:
        stores.definitions.add(definition(project), max_active=1)

    assert list(refused.value.problems) == ["active"]
    assert "delete one, or send active false" in str(refused.value)


def test_deleting_one_makes_room(stores: Stores) -> None:
    project = stores.project()
    first = definition(project)
    stores.definitions.add(first, max_active=1)

    assert stores.definitions.delete(project.id, first.id, ORIGIN, NOW) is True

    stores.definitions.add(definition(project), max_active=1)


def test_what_is_done_along_with_a_create_happens_with_it_or_not_at_all(stores: Stores) -> None:
    project = stores.project()
    made = definition(project)
    run = new_run(made)

    def queue_and_break(transaction: Transaction) -> None:
        stores.runs.queue(transaction, run, max_waiting=1)
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        stores.definitions.add(made, max_active=1, also=queue_and_break)
    assert stores.definitions.get(project.id, made.id, ORIGIN) is None
    assert stores.runs.get(made.id, run.id) is None

    stores.definitions.add(
        made, max_active=1, also=lambda t: void(stores.runs.queue(t, run, max_waiting=1))
    )
    assert stores.runs.get(made.id, run.id) is not None


def test_a_deleted_definition_is_gone_and_so_is_its_password(stores: Stores) -> None:
    made = stores.definition(secret=b"cipher")

    assert stores.definitions.delete(made.project_id, made.id, ORIGIN, NOW) is True

    assert stores.definitions.get(made.project_id, made.id, ORIGIN) is None
    assert stores.definitions.list(made.project_id, ORIGIN, 10, 0) == ([], 0)
    assert list(stores.definitions.secrets()) == []
    assert stores.definitions.delete(made.project_id, made.id, ORIGIN, NOW) is False


def test_another_project_cannot_delete_it(stores: Stores) -> None:
    made, other = stores.definition(), stores.project()

    assert stores.definitions.delete(other.id, made.id, ORIGIN, NOW) is False
    assert stores.definitions.delete(made.project_id, made.id, "native", NOW) is False
    assert stores.definitions.get(made.project_id, made.id, ORIGIN) == made


def test_a_secret_is_replaced_only_if_it_is_still_the_old_one(stores: Stores) -> None:
    made = stores.definition(secret=b"old")
    stores.definition()

    assert list(stores.definitions.secrets()) == [(made.id, b"old")]
    assert stores.definitions.replace_secret(made.id, b"other", b"new") is False
    assert stores.definitions.replace_secret(made.id, b"old", b"new") is True
    assert stores.definitions.replace_secret(new_id(), b"old", b"new") is False
    assert list(stores.definitions.secrets()) == [(made.id, b"new")]


def test_the_secret_does_not_show(stores: Stores) -> None:
    assert "cipher" not in repr(stores.definition(secret=b"cipher"))


def void(_: object) -> None:
    """Return nothing."""
