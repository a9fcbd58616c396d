from __future__ import annotations

import pytest

from tests.unit.importmgr.api.conftest import Beside, Caller, caller

LIST = "/imports/v1/{t}"
READ = "/imports/v1/{t}/66f0c1d2e3a4b5c6d7e8f901"


@pytest.fixture
def three(beside: Beside) -> Caller:
    """A caller who may list, read and delete three times a minute."""
    return caller(beside(management_requests_per_minute=3))


def test_list_read_and_delete_share_one_budget(three: Caller) -> None:
    statuses = [three.call(*call).status_code for call in (("GET", LIST), ("GET", READ))]
    statuses += [three.call("DELETE", READ).status_code, three.call("GET", LIST).status_code]

    assert statuses == [200, 404, 404, 429]


def test_other_doors_are_not_limited(three: Caller) -> None:
    for _ in range(4):
        three.call("GET", LIST)

    assert three.call("GET", f"{READ}/runs").status_code == 404
    assert three.call("POST", LIST, json={}).status_code == 400
    assert three.call("GET", "/track/v2/projects/{t}/system/time").status_code == 200


def test_keys_of_one_project_share_its_budget(beside: Beside) -> None:
    shop = beside(management_requests_per_minute=1)

    assert caller(shop).call("GET", LIST).status_code == 200
    assert caller(shop).call("GET", LIST).status_code == 429


def test_what_is_refused_before_is_not_counted(beside: Beside) -> None:
    shop = beside(management_requests_per_minute=1)
    owner, other = caller(shop), caller(shop, ("events.write",))

    for _ in range(3):
        assert other.call("GET", LIST).status_code == 403
        assert owner.call("OPTIONS", LIST).status_code == 200
        assert owner.call("GET", LIST, auth=("x", "y")).status_code == 401

    assert owner.call("GET", LIST).status_code == 200


def test_the_figures_are_told(three: Caller) -> None:
    answers = [three.call("GET", LIST) for _ in range(4)]

    assert {answer.headers["X-RateLimit-Limit"] for answer in answers} == {"3"}
    assert [answer.headers["X-RateLimit-Remaining"] for answer in answers] == ["2", "1", "0", "0"]
    assert "Retry-After" not in answers[2].headers
    assert answers[3].get_json()["success"] is False


def test_the_window_moves(small_beside: Beside) -> None:
    shop = small_beside(management_requests_per_minute=2)
    owner = caller(shop)
    owner.call("GET", LIST)
    shop.clock.move(40)
    owner.call("GET", LIST)

    refused = owner.call("GET", LIST)
    shop.clock.move(int(refused.headers["Retry-After"]))

    assert refused.status_code == 429
    assert 20 <= int(refused.headers["Retry-After"]) <= 22
    assert [owner.call("GET", LIST).status_code for _ in range(2)] == [200, 429]


def test_limits_can_be_switched_off(small_beside: Beside) -> None:
    free = caller(small_beside(management_requests_per_minute=1, rate_limits=False))

    answers = [free.call("GET", LIST) for _ in range(3)]

    assert [answer.status_code for answer in answers] == [200] * 3
    assert "X-RateLimit-Limit" not in answers[0].headers
