from __future__ import annotations

import pytest

from tests.acceptance.documents import people
from tests.file_server import FileServer
from tests.product import Product
from tests.unit.importmgr.api.conftest import Caller, caller


@pytest.fixture
def path(small_product: Product, file_server: FileServer) -> str:
    """The address of a run with one rejected row."""
    url = file_server.put("/people.csv", "mail,name\n,=A\nb@example.com,B\n")
    import_id = small_product.create(people(url))
    run = small_product.settle(import_id)
    return f"/imports/v1/{{t}}/{import_id}/runs/{run.id}/rejects"


def test_rejected_rows_are_handed_out_as_a_file(small_api: Caller, path: str) -> None:
    original = small_api.call("GET", path)
    spreadsheet = small_api.call("GET", f"{path}?as=spreadsheet&file=1")

    assert original.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert original.headers["Content-Disposition"].endswith('-1.csv"')
    assert original.get_data().splitlines()[1].endswith(b"fill 'mail',,=A")
    assert spreadsheet.get_data().splitlines()[1].endswith(b",spreadsheet,,'=A")


def test_files_with_rejected_rows_are_listed(small_api: Caller, path: str) -> None:
    [file] = small_api.call("GET", f"{path}/files").get_json()["files"]

    assert file.pop("name").endswith("/people.csv")
    assert file == {"file": 1, "rejected": 1, "kept": 1, "repaired": 0, "open": 1}


@pytest.mark.parametrize("query", ["as=xml", "file=0", "file=9"])
def test_what_cannot_be_handed_out_is_refused(small_api: Caller, path: str, query: str) -> None:
    answer = small_api.call("GET", f"{path}?{query}")

    assert answer.status_code == 400
    assert list(answer.get_json()["errors"]) == [query.partition("=")[0]]


def test_rows_are_for_those_who_may_see_them(small_product: Product, path: str) -> None:
    reader = caller(small_product, ("imports.read",))

    assert reader.call("GET", path).status_code == 403
    assert reader.call("GET", f"{path}/files").status_code == 200
