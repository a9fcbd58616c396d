"""Definitions: stored whole or not at all, read back without a secret, run when they say `now`."""

from __future__ import annotations

from typing import Any

import pytest
import sqlalchemy as sa

from definitions.errors import InvalidError, NotFoundError
from definitions.lifecycle import Cause, RunState, StopReason
from importmgr.store.tables import definitions, metadata
from tests.acceptance.documents import catalog, changed, idle, people
from tests.product import Product
from tests.stores import ORIGIN

URL = "https://files.example.test/people.csv"
LOGIN = {"username": "importer", "password": "correct horse"}
GUARDED = idle(changed(people(URL), "source.auth", LOGIN))


def read(product: Product, import_id: str) -> dict[str, Any]:
    """Return a definition as its owner reads it."""
    return dict(product.services.definitions.read(product.project, import_id, ORIGIN).document)


def password(product: Product, import_id: str) -> str:
    """Return the password as an executor gets it."""
    stored = product.services.definitions.require(product.project, import_id, ORIGIN)
    source: Any = product.wiring.sources.definition(stored).source
    return str(source.auth.password)


def rows(product: Product) -> dict[str, int]:
    """Return how many rows each table holds."""
    with product.wiring.engine.connect() as connection:
        return {
            table.name: connection.execute(
                sa.select(sa.func.count()).select_from(table)
            ).scalar_one()
            for table in metadata.sorted_tables
        }


def test_what_is_read_can_be_sent_again_unchanged(product: Product) -> None:
    first = read(product, product.create(GUARDED))

    assert read(product, product.create(first)) == first


def test_a_password_is_read_as_a_seal_and_stored_encrypted(product: Product) -> None:
    import_id = product.create(GUARDED)

    shown = read(product, import_id)["source"]["auth"]["password"]
    with product.wiring.engine.connect() as connection:
        stored = connection.execute(sa.select(definitions)).one()
    listed = product.services.definitions.list(product.project, ORIGIN, 10, 0).items

    assert shown.startswith("sealed:v1:")
    assert password(product, import_id) == LOGIN["password"]
    for what in (shown, repr(stored), repr(listed)):
        assert LOGIN["password"] not in what


def test_a_sealed_password_opens_in_a_copy_for_another_project(product: Product) -> None:
    document = read(product, product.create(GUARDED))
    product.project = product.services.projects.create("Copy")

    assert password(product, product.create(document)) == LOGIN["password"]


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("source.import_url", "https://thief.example.test/people.csv"),
        ("source.import_url", "http://files.example.test/people.csv"),
        ("source.import_url", "https://files.example.test:8443/people.csv"),
        ("source.auth.username", "somebody"),
        ("source.auth.password", "sealed:v1:AAAA"),
    ],
)
def test_a_sealed_password_opens_nowhere_else(product: Product, path: str, value: str) -> None:
    document = changed(read(product, product.create(GUARDED)), path, value)
    before = rows(product)

    with pytest.raises(InvalidError, match="send the password itself") as caught:
        product.create(document)

    assert list(caught.value.problems) == ["source.auth.password"]
    assert rows(product) == before


def test_a_sealed_password_opens_at_another_path_of_the_same_host(product: Product) -> None:
    document = read(product, product.create(GUARDED))
    moved = changed(document, "source.import_url", "https://files.example.test/other.csv")

    assert password(product, product.create(moved)) == LOGIN["password"]


def test_an_empty_password_is_a_password(product: Product) -> None:
    import_id = product.create(changed(GUARDED, "source.auth.password", ""))

    assert password(product, import_id) == ""


def test_a_now_trigger_queues_exactly_one_run(product: Product) -> None:
    import_id = product.create(people(URL))

    (run,) = product.runs(import_id)
    assert (run.state, run.cause) == (RunState.QUEUED, Cause.CREATE)
    assert run.location is None


@pytest.mark.parametrize("document", [changed(people(URL), "active", value=False), GUARDED])
def test_inactive_and_other_triggers_queue_none(product: Product, document: Any) -> None:  # noqa: ANN401 - JSON
    assert product.runs(product.create(document)) == ()


def test_a_catalog_is_made_with_its_definition(product: Product) -> None:
    product.create(catalog(URL, "Shoes", item_id="string", title="string", price="number"))

    (made,) = product.services.catalogs.list(product.project, 10, 0).items
    assert (made.name, made.is_product_catalog) == ("Shoes", True)
    assert [(field.name, field.type) for field in made.fields] == [
        ("title", "string"),
        ("price", "number"),
    ]


def test_two_definitions_share_the_catalog_of_their_name(product: Product) -> None:
    product.create(catalog(URL, "Shoes", item_id="string", title="string"))
    product.create(catalog(URL, "Shoes", item_id="string", price="number"))

    (made,) = product.services.catalogs.list(product.project, 10, 0).items
    assert [field.name for field in made.fields] == ["title", "price"]


def test_one_active_definition_too_many_is_refused_and_leaves_nothing(product: Product) -> None:
    few = product.beside(max_active_definitions=2)
    for _ in range(2):
        few.create(people(URL))
    before = rows(few)

    with pytest.raises(InvalidError, match="2 active definitions") as caught:
        few.create(catalog(URL))

    assert list(caught.value.problems) == ["active"]
    assert rows(few) == before
    few.create(changed(people(URL), "active", value=False))
    few.close()


def test_a_first_run_that_cannot_be_queued_takes_definition_and_catalog_with_it(
    product: Product, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object, **__: object) -> None:
        msg = "no"
        raise RuntimeError(msg)

    before = rows(product)
    monkeypatch.setattr("importmgr.store.runs.queue", refuse)

    with pytest.raises(RuntimeError):
        product.create(catalog(URL))

    assert rows(product) == before


def test_every_problem_is_named_at_once_and_nothing_is_stored(product: Product) -> None:
    document = changed(changed(people("ftp://x"), "name", ""), "trigger", {"trigger_type": "soon"})
    before = rows(product)

    with pytest.raises(InvalidError) as caught:
        product.create(document)

    assert set(caught.value.problems) == {"name", "source.import_url", "trigger.trigger_type"}
    assert rows(product) == before


def test_a_format_that_is_not_there_is_refused_with_the_nearest(product: Product) -> None:
    with pytest.raises(InvalidError) as caught:
        product.create(changed(people(), "source.format", {"type": "cvs"}))

    assert caught.value.problems["source.format.type"][0].endswith("did you mean 'csv'?")


def test_a_file_storage_is_refused_without_its_integration(product: Product) -> None:
    source = {
        "source_type": "filestorage",
        "integration_id": "5f3c1a2b4d5e6f708192a3b4",
        "path": "*.csv",
        "file_selection": "all",
    }

    with pytest.raises(InvalidError, match="no integration '5f3c1a2b4d5e6f708192a3b4'"):
        product.create(changed(people(URL), "source", source))


def test_definitions_are_listed_in_the_order_of_creation(product: Product) -> None:
    made = []
    for _ in range(3):
        made.append(product.create(idle(people(URL))))
        product.clock.move(1)

    page = product.services.definitions.list(product.project, ORIGIN, 2, 1)

    assert [view.id for view in page.items] == made[1:]
    assert page.total == 3


def test_a_deleted_definition_is_gone_its_runs_cancelled_and_its_password_forgotten(
    product: Product,
) -> None:
    import_id = product.create(changed(people(URL), "source.auth", LOGIN))
    (run,) = product.runs(import_id)

    product.services.definitions.delete(product.project, import_id, ORIGIN)

    cancelled = product.wiring.stores.runs.get(import_id, run.id)
    assert cancelled is not None
    assert (cancelled.state, cancelled.stop_reason) == (
        RunState.CANCELLED,
        StopReason.DEFINITION_DELETED,
    )
    assert list(product.wiring.stores.definitions.secrets()) == []
    for gone in (product.services.definitions.read, product.services.definitions.delete):
        with pytest.raises(NotFoundError, match=f"no import {import_id!r}"):
            gone(product.project, import_id, ORIGIN)


def test_a_definition_of_another_project_or_dialect_is_not_found(product: Product) -> None:
    import_id = product.create(idle(people(URL)))
    other = product.services.projects.create("Other")

    for project, origin in ((other, ORIGIN), (product.project, "native")):
        with pytest.raises(NotFoundError, match=f"no import {import_id!r}"):
            product.services.definitions.read(project, import_id, origin)
        assert product.services.definitions.list(project, origin, 10, 0).total == 0


def test_a_password_whose_key_is_gone_hides_no_definition(
    product: Product, caplog: pytest.LogCaptureFixture
) -> None:
    fine = product.create(idle(people(URL)))
    lost = product.create(changed(GUARDED, "active", value=False))
    _spoil(product)

    page = product.services.definitions.list(product.project, ORIGIN, 10, 0)

    shown = {view.id: dict(view.document) for view in page.items}
    assert set(shown) == {fine, lost}
    assert shown[lost] == read(product, lost)
    assert shown[lost]["source"]["auth"]["password"] == "sealed:v1:unreadable"
    assert "password unreadable" in caplog.text
    assert lost in caplog.text


def test_a_definition_whose_password_is_gone_is_no_copy_of_itself(product: Product) -> None:
    lost = product.create(changed(GUARDED, "active", value=False))
    _spoil(product)
    document = read(product, lost)

    with pytest.raises(InvalidError, match=r"could not be read .* send the password itself") as no:
        product.create(document)

    assert list(no.value.problems) == ["source.auth.password"]


def _spoil(product: Product) -> None:
    """Let no stored password be readable any more."""
    with product.wiring.engine.begin() as connection:
        connection.execute(
            sa.update(definitions)
            .values(secret=b"\0" * 64)
            .where(definitions.c.secret.is_not(None))
        )
