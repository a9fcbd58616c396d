"""People told by mail, over HTTP."""

from __future__ import annotations

from tests.product import Product
from tests.receivers import told
from tests.unit.importmgr.api.conftest import Caller

PATH = "/api/v1/projects/{t}/emails"
DOCUMENT = {"recipients": ["oncall@example.test"], "events": ["run.failed"]}


def test_who_is_mailed_is_created_read_changed_and_deleted(
    small_product: Product, small_api: Caller
) -> None:
    made = small_api.call("POST", PATH, json=DOCUMENT).get_json()["email_id"]
    at = f"{PATH}/{made}"
    (notice_id,) = told(small_product)

    read = small_api.call("GET", at).get_json()
    listed = small_api.call("GET", PATH).get_json()
    changed = small_api.call("PUT", at, json={**read["email"], "active": False})
    tested = small_api.call("POST", f"{at}/test").get_json()
    deliveries = small_api.call("GET", f"{at}/deliveries").get_json()
    again = small_api.call("POST", f"{at}/deliveries/{notice_id}/redeliver")
    deleted = small_api.call("DELETE", at)

    defaults = {"name": "", "imports": None, "active": True, "repeat_hours": 24}
    assert read["email"] == {**DOCUMENT, **defaults}
    assert listed["emails"] == [read]
    assert changed.get_json() == deleted.get_json() == {"success": True}
    assert "IMPORTMGR_SMTP_HOST" in tested["error"]
    assert [each["notice_id"] for each in deliveries["deliveries"]] == [notice_id]
    assert again.status_code == 409
    assert small_api.call("GET", at).status_code == 404
