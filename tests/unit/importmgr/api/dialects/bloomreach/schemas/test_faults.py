from __future__ import annotations

import pytest

from tests.acceptance.documents import people
from tests.file_server import FileServer
from tests.product import Product
from tests.unit.importmgr.api.conftest import Caller

ROWS = "mail,name\n,A\na@example.com,B\n,C\nb@example.com,too,many\n"


def test_faults_are_answered_page_by_page(
    small_product: Product, small_api: Caller, file_server: FileServer
) -> None:
    import_id = small_product.create(people(file_server.put("/people.csv", ROWS)))
    run = small_product.settle(import_id)
    path = f"/imports/v1/{{t}}/{import_id}/runs/{run.id}/faults"

    answer = small_api.call("GET", f"{path}?limit=1&offset=1&column=mail")

    body = answer.get_json()
    assert answer.status_code == 200, body
    assert (body["total"], body["stored"], body["errors_total"]) == (2, 3, 3)
    [fault] = body["faults"]
    assert (fault["row"], fault["column"], fault["row_rejected"]) == (3, "mail", True)
    assert body["counts"][0] == {"code": "missing_key", "column": "mail", "count": 2}


@pytest.mark.parametrize("query", ["limit=0", "limit=1001", "offset=-1", "column=%00"])
def test_a_wrong_query_is_refused(small_api: Caller, query: str) -> None:
    answer = small_api.call("GET", f"/imports/v1/{{t}}/{'a' * 24}/runs/{'b' * 24}/faults?{query}")

    assert answer.status_code == 400
    assert list(answer.get_json()["errors"]) == [query.partition("=")[0]]
