"""What `/openapi.json` promises, held against the running service with generated requests."""

from __future__ import annotations

from typing import Any, TypeAlias

import jsonschema
import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from openapi_spec_validator import validate
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.schemas import APIOperation, BaseSchema
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from tests.acceptance.documents import catalog, idle
from tests.file_server import FileServer
from tests.service import ProjectAccess, Service

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
UNKNOWN = ("66f0c1d2e3a4b5c6d7e8f901", "imk_wrong")
Operation: TypeAlias = APIOperation[Any, Any, Any, Any]
Generated: TypeAlias = Case[Any]

EXAMPLES = 3  # requests of each operation
FEW = 1  # where nothing is looked at but the key

# What is told and what is refused at the door is the same on both kinds of database. If anything
# of a stranger's request came to a database, PostgreSQL would refuse more of it than SQLite.
on_sqlite = pytest.mark.parametrize("service", ["sqlite"], indirect=True)
on_postgresql = pytest.mark.parametrize(
    "service", [pytest.param("postgresql", marks=pytest.mark.postgres)], indirect=True
)


@pytest.fixture(scope="module")
def description(service: Service) -> dict[str, Any]:
    """The description as the service gives it."""
    return dict(requests.get(f"{service.url}/openapi.json", timeout=10).json())


@on_sqlite
def test_the_description_is_valid_openapi(description: dict[str, Any]) -> None:
    validate(description)


@on_sqlite
def test_every_example_is_valid(description: dict[str, Any]) -> None:
    examples = _examples(description)

    for schema, example in examples:
        jsonschema.Draft202012Validator({**description, **schema}).validate(example)
    assert len(examples) > 40


def _examples(node: Any) -> list[tuple[dict[str, Any], Any]]:  # noqa: ANN401 - any JSON
    """Return every example below a node with the schema it belongs to."""
    if isinstance(node, list):
        return [found for inner in node for found in _examples(inner)]
    if not isinstance(node, dict):
        return []
    found = [pair for inner in node.values() for pair in _examples(inner)]
    schema = node["schema"] if isinstance(node.get("schema"), dict) else node
    given_here = [one["value"] for one in _named(node)]
    given_here += [node["example"]] if "example" in node else []
    given_here += node["examples"] if isinstance(node.get("examples"), list) else []
    return found + [(schema, example) for example in given_here]


def _named(node: dict[str, Any]) -> list[dict[str, Any]]:
    named = node.get("examples")
    return list(named.values()) if isinstance(named, dict) and "schema" in node else []


@pytest.mark.parametrize("mode", list(GenerationMode))
def test_generated_requests_are_answered_as_documented(
    service: Service, files: FileServer, mode: GenerationMode
) -> None:
    """Right and wrong requests with a right key: no 5xx, nothing that is not documented."""
    project = service.project()
    import_id = project.create(idle(catalog(files.url("/people.csv"))))
    made = {"project_token": project.token, "import_id": import_id}
    listed = project.call("GET", "/data/v2/projects/{t}/catalogs").json()

    for operation in _operations(service):
        names = {**made, "catalog_id": listed["data"][0]["id"]}
        known = {name: names[name] for name in names if "{" + name + "}" in operation.path}
        _fuzz(operation, project, mode, known)


@on_postgresql
def test_generated_requests_with_a_wrong_key_are_401(service: Service) -> None:
    """Whatever is sent, without a right key there is one answer."""
    stranger = ProjectAccess(url=service.url, token="", auth=UNKNOWN)

    for operation in _operations(service):
        for mode in GenerationMode:
            assert _fuzz(operation, stranger, mode, {}, FEW) == {401}


def _operations(service: Service) -> list[Operation]:
    """Return every operation; those that delete what the others need come last."""
    schema: BaseSchema = schemathesis.openapi.from_url(f"{service.url}/openapi.json")
    found = [result.ok() for result in schema.get_all_operations() if isinstance(result, Ok)]
    return sorted(found, key=_deletes)


def _deletes(operation: Operation) -> tuple[bool, int]:
    return str(operation.method).upper() == "DELETE", -len(operation.path)


def _fuzz(
    operation: Operation,
    caller: ProjectAccess,
    mode: GenerationMode,
    known: dict[str, str],
    examples: int = EXAMPLES,
) -> set[int]:
    """Send generated requests of one operation and return the statuses that came back."""
    statuses: set[int] = set()

    @given(case=operation.as_strategy(mode, path_parameters=known or None))
    @settings(
        max_examples=examples,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    def send(case: Generated) -> None:
        answer = case.call(base_url=caller.url, auth=caller.auth, timeout=30)
        statuses.add(answer.status_code)
        case.validate_response(answer, checks=CHECKS)

    send()
    return statuses
