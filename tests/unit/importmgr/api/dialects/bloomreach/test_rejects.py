from __future__ import annotations

import pytest

from tests.acceptance.documents import people
from tests.file_server import FileServer
from tests.product import Product
from tests.unit.importmgr.api.conftest import Beside, Caller, caller


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
    assert file == {
        "file": 1,
        "rejected": 1,
        "kept": 1,
        "repaired": 0,
        "discarded": 0,
        "open": 1,
        "masked": False,
    }


@pytest.mark.parametrize("query", ["as=xml", "file=0", "file=9"])
def test_what_cannot_be_handed_out_is_refused(small_api: Caller, path: str, query: str) -> None:
    answer = small_api.call("GET", f"{path}?{query}")

    assert answer.status_code == 400
    assert list(answer.get_json()["errors"]) == [query.partition("=")[0]]


def test_rows_are_for_those_who_may_see_them(small_product: Product, path: str) -> None:
    reader = caller(small_product, ("imports.read",))

    assert reader.call("GET", path).status_code == 403
    assert reader.call("GET", f"{path}/files").status_code == 200
    masked_only = caller(small_product, ("rejects.read",))
    assert masked_only.call("GET", f"{path}/unmasked").status_code == 403


def test_corrected_rows_are_taken_back_and_told_of(
    small_product: Product, small_api: Caller, path: str
) -> None:
    content = small_api.call("GET", path).get_data().replace(b",,=A", b",a@example.com,A")

    started = small_api.call("POST", path, data=content, content_type="text/csv").get_json()

    import_id = path.split("/")[4]
    assert small_product.settle(import_id).id == started["run_id"]
    [told] = small_api.call("GET", path.replace("rejects", "repairs")).get_json()["repairs"]
    assert (told["run_id"], told["rows_loaded"], told["rows_failed"]) == (started["run_id"], 1, 0)
    assert told["asked_by"] == small_api.auth[0]
    first = small_api.call("GET", path.removesuffix("/rejects")).get_json()["run"]
    assert (first["run_id"], first["rows_created"], first["rows_failed"]) == (
        started["repairs"],
        2,
        0,
    )


def test_a_file_that_is_too_large_is_refused_before_it_is_queued(
    small_beside: Beside, path: str, small_api: Caller
) -> None:
    modest = caller(small_beside(kept_rejects_bytes=1000))
    target = path.replace("{t}", small_api.token)

    answer = modest.call("POST", target, data=b"x" * 1001, auth=small_api.auth)

    assert answer.status_code == 413
