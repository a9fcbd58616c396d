from __future__ import annotations

import pytest

from importmgr.api.traffic import HEADERS
from tests.unit.importmgr.api.conftest import Caller


@pytest.mark.parametrize(
    "path", ["/healthz", "/nothing", "/imports/v1/x", "/docs", "/openapi.json"]
)
def test_every_answer_has_an_id_and_safe_headers(small_api: Caller, path: str) -> None:
    headers = small_api.client.get(path).headers

    assert len(headers["X-Request-Id"]) == 24
    assert {name: headers[name] for name in HEADERS} == HEADERS


@pytest.mark.parametrize(
    ("given", "kept"), [("abc-1._X", True), ("", False), ("a b", False), ("x" * 65, False)]
)
def test_a_plain_id_of_the_client_is_kept(small_api: Caller, given: str, kept: bool) -> None:
    answer = small_api.client.get("/healthz", headers={"X-Request-Id": given})

    assert (answer.headers["X-Request-Id"] == given) is kept


def test_requests_are_counted_by_pattern_not_by_path(small_api: Caller) -> None:
    for name in ("a", "b"):
        small_api.call("GET", f"/imports/v1/{{t}}/{name}")
    small_api.client.open("/nothing", method="BREW")

    text = small_api.client.get("/metrics").text

    route = 'route="/imports/v1/<project_token>/<import_id>"'
    assert f'importmgr_http_requests_total{{method="GET",{route},status="404"}} 2.0' in text
    assert 'importmgr_http_requests_total{method="other",route="none",status="404"} 1.0' in text
    assert small_api.token not in text
