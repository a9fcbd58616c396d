from __future__ import annotations

from contextlib import closing

from importmgr.app import create_app, create_status_app
from tests.product import Product


def test_a_slash_at_the_end_needs_no_redirect(small_product: Product) -> None:
    client = create_app(small_product.services).test_client()

    assert client.get("/healthz/").status_code == 200
    assert client.get("//healthz").status_code == 404


def test_the_body_limit_is_the_setting(small_product: Product) -> None:
    with closing(small_product.beside(max_body_bytes=1234)) as other:
        app = create_app(other.services)

    assert app.config["MAX_CONTENT_LENGTH"] == 1234


def test_forwarded_addresses_count_only_behind_trusted_proxies(small_product: Product) -> None:
    headers = {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Host": "shop.example"}
    key = small_product.services.keys.create(small_product.project.token, "t", ["imports.list"])
    path = f"/imports/v1/{small_product.project.token}?limit=1&offset=1"
    links = {}
    for hops in (0, 1):
        with closing(small_product.beside(trusted_proxies=hops)) as other:
            client = create_app(other.services).test_client()
            answer = client.get(path, headers=headers, auth=(key.key_id, key.secret))
        links[hops] = answer.headers["Link"]

    assert "shop.example" not in links[0]
    assert "http://shop.example/imports" in links[1]


def test_two_applications_do_not_share_limits_or_doors(small_product: Product) -> None:
    first, second = (create_app(small_product.services) for _ in range(2))

    assert first.view_functions.keys() == second.view_functions.keys()
    assert first.extensions["limiter"].isdisjoint(second.extensions["limiter"])


def test_a_process_that_answers_operators_only_has_no_other_address(
    small_product: Product,
) -> None:
    client = create_status_app(small_product.services).test_client()

    answers = {path: client.get(path) for path in ("/healthz", "/readyz", "/metrics", "/docs")}

    assert [answer.status_code for answer in answers.values()] == [200, 200, 200, 404]
    assert answers["/readyz"].json == {"status": "ready", "checks": {"database": "ok"}}
    assert answers["/docs"].json is not None
