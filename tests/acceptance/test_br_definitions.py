"""BR1 to BR13: import definitions are created, read, listed and deleted."""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import closing
from typing import Any

import pytest
import requests

from importmgr.bootstrap import build
from tests.acceptance.documents import Document, idle, people, without
from tests.service import ProjectAccess, Service

UNKNOWN = "66f0c1d2e3a4b5c6d7e8f901"


def refused(answer: requests.Response, status: int = 400) -> dict[str, Any]:
    """Return the body of a refusal, which has the shape that connectors read."""
    assert answer.status_code == status, answer.text
    assert answer.headers["Content-Type"] == "application/json"
    body: dict[str, Any] = answer.json()
    assert body["success"] is False
    assert isinstance(body["error"], str)
    assert body["error"]
    assert isinstance(body["errors"], dict)
    assert all(isinstance(texts, list) for texts in body["errors"].values())
    return body


def test_br01_create_answers_200_with_an_import_id(
    project: ProjectAccess, minimal: Document
) -> None:
    """BR1. A valid definition gets status exactly 200 and an id at the top level."""
    answer = project.call("POST", "/imports/v1/{t}", json=minimal)

    assert answer.status_code == 200
    assert answer.json()["success"] is True
    assert isinstance(answer.json()["import_id"], str)
    assert answer.json()["import_id"]


@pytest.mark.parametrize(
    "login",
    [
        {},
        {"auth": ("nobody", "nothing")},
        {"headers": {"Authorization": "Basic !!!"}},
        {"headers": {"Authorization": "Token 66f0c1d2e3a4b5c6d7e8f901"}},
        {"headers": {"Authorization": "Bearer abc"}},
    ],
)
def test_br02_unknown_callers_get_401(
    project: ProjectAccess, minimal: Document, login: Mapping[str, Any]
) -> None:
    """BR2. Missing, malformed, unknown and public credentials are 401, told as JSON."""
    url = f"{project.url}/imports/v1/{project.token}"

    answer = requests.post(url, json=minimal, timeout=10, **login)

    refused(answer, 401)
    assert answer.headers["WWW-Authenticate"].startswith("Basic realm=")


def test_br02_a_wrong_secret_gets_401(project: ProjectAccess, minimal: Document) -> None:
    """BR2. The right key id with another secret is as unknown as no key."""
    url = f"{project.url}/imports/v1/{project.token}"
    wrong = (project.auth[0], project.auth[1] + "x")

    refused(requests.post(url, json=minimal, auth=wrong, timeout=10), 401)


def test_br02_authentication_comes_before_everything(project: ProjectAccess) -> None:
    """BR2. Without credentials nobody learns what exists, is allowed, or is well formed."""
    for method, path in (
        ("POST", f"/imports/v1/{project.token}"),
        ("PUT", f"/imports/v1/{project.token}/{UNKNOWN}"),
        ("GET", "/imports/v1/nothing/at/all/here"),
        ("GET", f"/imports/v1/{project.token}?limit=abc"),
    ):
        refused(requests.request(method, project.url + path, data=b"{", timeout=10), 401)


def test_br03_keys_open_only_their_own_doors(service: Service, minimal: Document) -> None:
    """BR3. A missing permission, a foreign project and an unknown project are 403."""
    project, foreign = service.project(), service.project()
    reader = service.project(["imports.read", "imports.list"])

    refused(reader.call("POST", "/imports/v1/{t}", json=minimal), 403)
    refused(foreign.call("POST", f"/imports/v1/{project.token}", json=minimal), 403)
    refused(project.call("POST", "/imports/v1/unknown", json=minimal), 403)


def test_br04_read_fills_in_defaults(project: ProjectAccess, minimal: Document) -> None:
    """BR4. What was not sent is read back as its default."""
    import_id = project.create(minimal)

    answer = project.call("GET", f"/imports/v1/{{t}}/{import_id}")

    assert answer.status_code == 200
    assert answer.json()["success"] is True
    assert answer.json()["import"]["import_id"] == import_id
    definition = answer.json()["import"]["import_definition"]
    assert definition["name"] == minimal["name"]
    assert definition["active"] is True
    assert definition["source"]["use_socks_proxy"] is False
    assert definition["mapping"]["tz_info"] == "UTC"


def test_br05_what_is_read_can_be_created_again(project: ProjectAccess, minimal: Document) -> None:
    """BR5. A definition survives the way through read and create, bare or as read wrapped it."""
    first = project.create(minimal)
    read = project.call("GET", f"/imports/v1/{{t}}/{first}").json()
    definition = read["import"]["import_definition"]

    copies = [
        project.create(definition),
        project.create(read),
        project.create({"import_definition": definition}),
    ]

    assert len({first, *copies}) == 4
    for copied in copies:
        again = project.call("GET", f"/imports/v1/{{t}}/{copied}").json()
        assert again["import"]["import_definition"] == definition


@pytest.mark.parametrize("name", [UNKNOWN, "zzz", "%00", "%F0%9F", "..%2e", "a b", "x" * 3000])
def test_br06_unknown_imports_are_404(project: ProjectAccess, name: str) -> None:
    """BR6. Whatever does not name an import is not found; it is never a bad request."""
    refused(project.call("GET", f"/imports/v1/{{t}}/{name}"), 404)
    refused(project.call("DELETE", f"/imports/v1/{{t}}/{name}"), 404)


def test_br07_delete_answers_200_once(project: ProjectAccess, minimal: Document) -> None:
    """BR7. Deleting is 200 with an object; afterwards the import is not found."""
    path = f"/imports/v1/{{t}}/{project.create(minimal)}"

    answer = project.call("DELETE", path)

    assert answer.status_code == 200
    assert answer.json() == {"success": True}
    refused(project.call("GET", path), 404)
    refused(project.call("DELETE", path), 404)


@pytest.mark.parametrize("method", ["PUT", "PATCH"])
def test_br08_update_is_405(project: ProjectAccess, minimal: Document, method: str) -> None:
    """BR8. There is no update; the answer says so and names the methods there are."""
    path = f"/imports/v1/{{t}}/{project.create(minimal)}"

    answer = project.call(method, path, json=minimal)

    assert "update is not implemented" in refused(answer, 405)["error"]
    assert set(answer.headers["Allow"].split(", ")) == {"DELETE", "GET", "HEAD", "OPTIONS"}


def test_br09_list_is_an_array_with_its_figures_in_headers(project: ProjectAccess) -> None:
    """BR9. Pages are plain arrays in the order of creation."""
    made = [project.create({**idle(people()), "name": f"import {n}"}) for n in range(12)]

    first = project.call("GET", "/imports/v1/{t}")
    rest = project.call("GET", "/imports/v1/{t}?limit=5&offset=10")

    assert first.status_code == 200
    assert [row["import_id"] for row in first.json()] == made[:10]
    assert [row["import_definition"]["name"] for row in rest.json()] == ["import 10", "import 11"]
    assert first.headers["X-Total-Count"] == rest.headers["X-Total-Count"] == "12"
    assert (rest.headers["X-Limit"], rest.headers["X-Offset"]) == ("5", "10")
    assert 'limit=10&offset=10>; rel="next"' in first.headers["Link"]
    assert 'limit=5&offset=5>; rel="prev"' in rest.headers["Link"]


def test_br09_following_the_links_shows_everything_once(project: ProjectAccess) -> None:
    """BR9. The links of the pages lead through all of the list."""
    made = [project.create({**idle(people()), "name": f"import {n}"}) for n in range(7)]

    seen, url = [], f"{project.url}/imports/v1/{project.token}?limit=3"
    while url:
        answer = requests.get(url, auth=project.auth, timeout=10)
        seen += [row["import_id"] for row in answer.json()]
        url = answer.links.get("next", {}).get("url", "")

    assert seen == made


@pytest.mark.parametrize(
    "query", ["limit=0", "limit=51", "limit=abc", "limit=1.5", "limit=", "limit=1_0", "offset=-1"]
)
def test_br10_pages_out_of_range_are_400(project: ProjectAccess, query: str) -> None:
    """BR10. Figures out of range are refused, not bent."""
    name = query.partition("=")[0]

    assert list(refused(project.call("GET", f"/imports/v1/{{t}}?{query}"))["errors"]) == [name]


def test_br10_the_largest_page_is_200(project: ProjectAccess) -> None:
    """BR10. Fifty is still allowed."""
    assert project.call("GET", "/imports/v1/{t}?limit=50").json() == []


@pytest.mark.parametrize(
    "body",
    [
        *("[]", '"x"', "", "{", "null", "1", "NaN", '{"name": NaN}', '{"name": 1e999}'),
        *("[" * 5000, '{"a":' * 5000, '{"name": "\\ud800"}', '{"name": "a\\u0000b"}'),
        *(b"\xff\xfe", b'{"name": "\xff"}'),
    ],
)
def test_br11_bodies_that_are_no_object_are_400(project: ProjectAccess, body: str | bytes) -> None:
    """BR11. A body that is no JSON object, or holds what cannot be stored, is refused."""
    headers = {"Content-Type": "application/json"}

    refused(project.call("POST", "/imports/v1/{t}", data=body, headers=headers))


@pytest.mark.parametrize(
    "content_type", ["text/plain", "application/x-www-form-urlencoded", "", "nonsense"]
)
def test_br11_the_content_type_does_not_matter(project: ProjectAccess, content_type: str) -> None:
    """BR11. Clients that call their JSON something else are understood."""
    headers = {"Content-Type": content_type}
    body = b'{"name": "x"}'

    answer = project.call("POST", "/imports/v1/{t}", data=body, headers=headers)

    assert "trigger" in refused(answer)["errors"]


@pytest.mark.parametrize("chunked", [False, True])
def test_br11_a_body_over_the_limit_is_413(project: ProjectAccess, chunked: bool) -> None:
    """BR11. One mebibyte is the limit, also for a body that does not tell its length."""
    body = b'{"name": "%s"}' % (b"x" * (1 << 20))
    sent = iter([body[:1000], body[1000:]]) if chunked else body

    refused(project.call("POST", "/imports/v1/{t}", data=sent), 413)


@pytest.mark.parametrize(
    "path",
    [
        *("name", "trigger", "source", "destination", "mapping", "mapping.column_mapping"),
        "mapping.column_mapping.id_mappings",
        "mapping.column_mapping.property_mappings",
    ],
)
def test_br12_every_missing_member_is_named(project: ProjectAccess, path: str) -> None:
    """BR12. The errors have a key that names the path of what is missing."""
    answer = project.call("POST", "/imports/v1/{t}", json=without(people(), path))

    assert path in refused(answer)["errors"]


def test_br12_all_problems_are_told_at_once(project: ProjectAccess) -> None:
    """BR12. Two missing members are both reported."""
    document = without(without(people(), "name"), "destination")

    errors = refused(project.call("POST", "/imports/v1/{t}", json=document))["errors"]

    assert {"name", "destination"} <= set(errors)


@pytest.mark.parametrize(("sent", "read"), [(None, True), (False, False), (True, True)])
def test_br13_active_is_true_unless_it_is_sent(
    project: ProjectAccess, sent: bool | None, read: bool
) -> None:
    """BR13. What was sent for `active` is read back; not sent means true."""
    document = idle(people())
    import_id = project.create(document if sent is None else {**document, "active": sent})

    answer = project.call("GET", f"/imports/v1/{{t}}/{import_id}").json()

    assert answer["import"]["import_definition"]["active"] is read


def test_br41_definitions_of_other_dialects_do_not_appear(
    service: Service, project: ProjectAccess
) -> None:
    """BR41. What was made elsewhere is not listed, read, run or deleted here."""
    with closing(build(service.settings)) as wiring:
        owner = wiring.services.projects.require(project.token)
        other = wiring.services.definitions.create(owner, idle(people()), "native")
    mine = project.create(idle(people()))

    assert [row["import_id"] for row in project.call("GET", "/imports/v1/{t}").json()] == [mine]
    assert project.call("GET", "/imports/v1/{t}").headers["X-Total-Count"] == "1"
    for method, path in (("GET", ""), ("DELETE", ""), ("POST", "/run"), ("GET", "/runs")):
        refused(project.call(method, f"/imports/v1/{{t}}/{other}{path}"), 404)
