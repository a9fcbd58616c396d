from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from tests.product import Product
from tests.unit.importmgr.api.conftest import Caller


def test_a_living_process_says_so(small_api: Caller) -> None:
    assert small_api.client.get("/healthz").get_json() == {"status": "ok"}


def test_a_ready_service_says_so(api: Caller) -> None:
    answer = api.client.get("/readyz")

    assert (answer.status_code, answer.get_json()["status"]) == (200, "ready")


def test_a_service_without_its_database_is_not_ready(
    small_product: Product, small_api: Caller
) -> None:
    path = sa.make_url(small_product.wiring.settings.database_url).database
    small_product.close()
    Path(str(path)).unlink()
    Path(str(path)).mkdir()  # a folder cannot be opened as a database

    answer = small_api.client.get("/readyz")

    assert answer.status_code == 503
    assert answer.get_json()["status"] == "not ready"
    assert answer.get_json()["checks"]["database"] != "ok"


def test_figures_are_in_the_text_format(small_api: Caller) -> None:
    answer = small_api.client.get("/metrics")

    assert answer.content_type.startswith("text/plain; version=0.0.4")
    assert "# TYPE importmgr_runs_total counter" in answer.text
