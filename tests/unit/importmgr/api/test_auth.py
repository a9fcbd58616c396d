from __future__ import annotations

import base64

import pytest
from flask import Flask

from definitions.errors import UnauthenticatedError
from importmgr.api.auth import basic_login
from tests.acceptance.documents import idle, people
from tests.product import Product
from tests.unit.importmgr.api.conftest import Caller, caller

ID = "66f0c1d2e3a4b5c6d7e8f901"


def login(header: str | None) -> tuple[str, str]:
    headers = {} if header is None else {"Authorization": header}
    with Flask(__name__).test_request_context("/", headers=headers) as context:
        return basic_login(context.request)


def basic(pair: str) -> str:
    return f"Basic {base64.b64encode(pair.encode()).decode()}"


def test_key_and_secret_are_read() -> None:
    assert login(basic("key:secret:with:colons")) == ("key", "secret:with:colons")
    assert login(basic("key:secret").replace("Basic", "bASIC")) == ("key", "secret")


@pytest.mark.parametrize(
    "header",
    [
        *(None, "", "Basic", "Basic !", "Token abc", "Bearer abc", "Basic /w=="),
        *(basic("key"), basic("key:"), basic(":secret"), basic("k\0:s"), basic("k:s\0")),
    ],
)
def test_anything_else_is_no_login(header: str | None) -> None:
    with pytest.raises(UnauthenticatedError):
        login(header)


def test_a_right_key_opens_its_project(api: Caller) -> None:
    assert api.call("GET", "/imports/v1/{t}").status_code == 200
    assert api.call("GET", "/track/v2/projects/{t}/system/time").status_code == 200


def test_a_door_asks_for_its_permission(small_product: Product) -> None:
    reader = caller(small_product, ("imports.list",))

    assert reader.call("GET", "/imports/v1/{t}").status_code == 200
    assert reader.call("POST", "/imports/v1/{t}", json={}).status_code == 403
    assert reader.call("GET", "/track/v2/projects/{t}/system/time").status_code == 200


def test_another_project_is_forbidden_whether_it_exists_or_not(
    small_product: Product, small_api: Caller
) -> None:
    other = small_product.services.projects.create("Other")

    answers = [
        small_api.call("GET", path)
        for path in (
            f"/imports/v1/{other.token}",
            "/imports/v1/none",
            "/imports/v1/a%00b",
            f"/track/v2/projects/{other.token}/system/time",
        )
    ]

    assert [answer.status_code for answer in answers] == [403] * 4


@pytest.mark.parametrize("path", ["/imports/v1/{t}/%00", "/data/v2/projects/{t}/catalogs/x%00y"])
def test_names_that_no_database_can_hold_are_not_found(api: Caller, path: str) -> None:
    assert api.call("GET", path).status_code == 404


def test_nothing_below_a_prefix_answers_strangers(small_api: Caller) -> None:
    for method, path in (
        ("GET", "/data/v2/x"),
        ("PUT", "/imports/v1/{t}"),
        ("OPTIONS", "/track/v2"),
    ):
        assert small_api.call(method, path, auth=(ID, "wrong")).status_code == 401


def test_every_door_of_every_dialect_is_guarded(small_api: Caller) -> None:
    app = small_api.client.application
    guarded = [
        rule
        for rule in app.url_map.iter_rules()
        if rule.endpoint.partition(".")[0] in app.blueprints
    ]

    for rule in guarded:
        assert "project_token" in rule.arguments
        path = rule.rule.replace("<", "").replace(">", "")
        for method in (rule.methods or set()) - {"HEAD"}:
            assert small_api.call(method, path, auth=(ID, "x")).status_code in {401, 429}
    assert len(guarded) > 20


@pytest.mark.parametrize("comes_from", ["cross-site", "same-site"])
def test_a_page_of_another_site_changes_nothing(small_api: Caller, comes_from: str) -> None:
    sent = {"headers": {"Sec-Fetch-Site": comes_from}}

    refused = small_api.call("POST", "/imports/v1/{t}", json=idle(people()), **sent)
    read = small_api.call("GET", "/imports/v1/{t}", **sent)

    assert (refused.status_code, read.status_code) == (403, 200)
    assert f"a page of another site sent this ({comes_from!r})" in refused.get_data(as_text=True)
    assert read.get_json() == []


@pytest.mark.parametrize("comes_from", ["same-origin", "none"])
def test_our_own_pages_and_people_change_what_they_may(small_api: Caller, comes_from: str) -> None:
    headers = {"Sec-Fetch-Site": comes_from}

    made = small_api.call("POST", "/imports/v1/{t}", json=idle(people()), headers=headers)

    assert made.status_code == 200
