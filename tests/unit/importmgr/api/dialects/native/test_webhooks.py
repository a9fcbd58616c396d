"""Webhooks over HTTP, and what is asked for and told there."""

from __future__ import annotations

from tests.api_server import ApiServer
from tests.product import Product
from tests.receivers import told
from tests.stores import NOW
from tests.unit.importmgr.api.conftest import Caller, caller

PATH = "/api/v1/projects/{t}/webhooks"
DOCUMENT = {"url": "https://hooks.example.test/a", "events": ["run.failed"]}


def create(api: Caller, url: str = DOCUMENT["url"]) -> str:  # type: ignore[assignment] # a text
    answer = api.call("POST", PATH, json={**DOCUMENT, "url": url})
    assert answer.status_code == 200, answer.text
    return str(answer.get_json()["webhook_id"])


def test_a_webhook_is_created_read_changed_and_deleted(api: Caller) -> None:
    made = api.call("POST", PATH, json=DOCUMENT).get_json()
    at = f"{PATH}/{made['webhook_id']}"

    read = api.call("GET", at).get_json()
    listed = api.call("GET", PATH).get_json()
    changed = api.call("PUT", at, json={**read["webhook"], "active": False})
    again = api.call("GET", at).get_json()
    deleted = api.call("DELETE", at)

    assert made["secret"].startswith("whsec_")
    assert made["previous_secret_until"] is None
    assert read["webhook"] == {**DOCUMENT, "name": "", "imports": None, "active": True}
    assert (read["disabled"], read["failures"], read["created"]) == (None, 0, NOW.timestamp())
    assert (listed["webhooks"], listed["total"]) == ([read], 1)
    assert changed.get_json() == deleted.get_json() == {"success": True}
    assert again["webhook"]["active"] is False
    assert api.call("GET", at).status_code == 404


def test_a_secret_is_never_shown_again(small_api: Caller) -> None:
    made = small_api.call("POST", PATH, json=DOCUMENT).get_json()
    at = f"{PATH}/{made['webhook_id']}"

    new = small_api.call("POST", f"{at}/rotate-secret").get_json()

    assert new["secret"] != made["secret"]
    assert new["previous_secret_until"] == NOW.timestamp() + 86400
    shown = small_api.call("GET", at).text
    assert made["secret"] not in shown
    assert new["secret"] not in shown


def test_every_problem_is_told_at_once(small_api: Caller) -> None:
    answer = small_api.call("POST", PATH, json={"events": ["run.faild"]})

    assert answer.status_code == 400
    assert set(answer.get_json()["errors"]) == {"url", "events.0"}


def test_a_test_tells_how_it_went(small_api: Caller, api_server: ApiServer) -> None:
    api_server.answer("no", 503)
    made = create(small_api, api_server.url)

    tested = small_api.call("POST", f"{PATH}/{made}/test").get_json()

    assert (tested["ok"], tested["status"], tested["answer"]) == (False, 503, "no")


def test_deliveries_are_listed_by_state_and_sent_once_more(
    small_product: Product, small_api: Caller
) -> None:
    made = create(small_api)
    at = f"{PATH}/{made}/deliveries"
    (notice_id,) = told(small_product)

    listed = small_api.call("GET", at).get_json()
    failed = small_api.call("GET", f"{at}?state=failed").get_json()
    wrong = small_api.call("GET", f"{at}?state=lost")
    again = small_api.call("POST", f"{at}/{notice_id}/redeliver")
    unknown = small_api.call("POST", f"{at}/msg_2/redeliver")

    (item,) = listed["deliveries"]
    assert (item["notice_id"], item["type"], item["state"]) == (
        notice_id,
        "run.failed",
        "pending",
    )
    assert (item["tries"], item["attempt"]) == ([], 0)
    assert failed["total"] == 0
    assert wrong.status_code == 400
    assert again.get_json() == {"success": True}
    assert unknown.status_code == 404


def test_permissions_are_asked_for(small_product: Product) -> None:
    reader = caller(small_product, ("notices.read",))
    stranger = caller(small_product, ("imports.list",))

    assert reader.call("GET", PATH).status_code == 200
    assert reader.call("POST", PATH, json=DOCUMENT).status_code == 403
    assert stranger.call("GET", PATH).status_code == 403
