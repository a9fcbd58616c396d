"""The whole document: BR4, BR5, BR11-BR13, and what normalising promises."""

from __future__ import annotations

import copy
import subprocess
import sys
from typing import Any

import pytest
from hypothesis import given

from definitions.errors import InvalidError
from definitions.schema import normalise, to_definition
from tests.acceptance.documents import people
from tests.unit.definitions.documents import SMALLEST, columns, document, documents, problems

REQUIRED = [
    "name",
    "trigger",
    "source",
    "destination",
    "mapping",
    "mapping.column_mapping",
    "mapping.column_mapping.id_mappings",
    "mapping.column_mapping.property_mappings",
]


def without(*paths: str) -> dict[str, Any]:
    """Return the smallest document without the parts at some paths."""
    sent = document()
    for path in paths:
        *parents, last = path.split(".")
        place = sent
        for parent in parents:
            place = place[parent]
        del place[last]
    return sent


@given(sent=documents())
def test_a_valid_document_is_accepted_and_normalising_again_changes_nothing(
    sent: dict[str, Any],
) -> None:
    normal = normalise(sent)

    assert normalise(normal) == normal
    assert to_definition(normal).name == sent["name"]


@given(sent=documents())
def test_normalising_leaves_what_was_sent_untouched(sent: dict[str, Any]) -> None:
    before = copy.deepcopy(sent)

    normalise(sent)

    assert sent == before


def test_defaults_are_written_and_optional_members_are_not_made_up() -> None:
    """BR4."""
    assert normalise(SMALLEST) == {
        "name": "People",
        "trigger": {"trigger_type": "now"},
        "active": True,
        "source": {
            "source_type": "url",
            "import_url": "https://files.example.test/people.csv",
            "use_socks_proxy": False,
        },
        "destination": {"customer_destination": {}},
        "mapping": {
            "tz_info": "UTC",
            "column_mapping": {
                "id_mappings": [{"from_column": "mail", "to_id": "email_id"}],
                "property_mappings": [
                    {"from_column": "mail", "to_column": "email", "target_type": "string"}
                ],
            },
        },
    }


@pytest.mark.parametrize("active", [True, False])
def test_active_is_kept(active: bool) -> None:
    """BR13."""
    assert normalise(document(active=active))["active"] is active


@pytest.mark.parametrize("active", ["true", 1, 0, "", []])
def test_active_has_no_other_spelling(active: object) -> None:
    [text] = problems(document(active=active))["active"]

    assert text.startswith("must be true or false, not ")


def test_null_stands_for_a_default() -> None:
    assert normalise(document(active=None))["active"] is True


@pytest.mark.parametrize("path", REQUIRED)
def test_what_is_missing_is_named_by_its_path(path: str) -> None:
    """BR12."""
    assert problems(without(path)) == {path: ["is required"]}


def test_all_problems_are_reported_at_once() -> None:
    """BR12."""
    sent = without("name", "mapping.column_mapping.id_mappings")
    sent |= {"destination": {}, "source": {"source_type": "url"}}

    assert set(problems(sent)) == {
        "name",
        "destination",
        "source.import_url",
        "mapping.column_mapping.id_mappings",
    }


def test_a_problem_within_a_field_does_not_hide_one_between_fields() -> None:
    sent = document(name="", mapping=columns(id_mappings=[]))

    assert set(problems(sent)) == {"name", "mapping.column_mapping.id_mappings"}


@pytest.mark.parametrize(
    ("sent", "kind"),
    [([], "an array"), ("x", "a string"), (None, "null"), (5, "a number"), (True, "true")],
)
def test_a_body_must_be_an_object(sent: object, kind: str) -> None:
    """BR11."""
    assert problems(sent) == {"body": [f"must be a JSON object, not {kind}"]}


@pytest.mark.parametrize("part", ["trigger", "source", "destination", "mapping"])
@pytest.mark.parametrize("value", [None, [], "x", 1])
def test_a_part_must_be_an_object(part: str, value: object) -> None:
    [text] = problems(document(**{part: value}))[part]

    assert text.startswith("must ")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("", "must not be empty"),
        ("x" * 1_001, f"must have at most 1000 characters, not 1001; got '{'x' * 60}…'"),
        (7, "must be a string, not a number; got 7"),
        ("a\0b", "must not contain the NUL character; got 'a\\x00b'"),
        ("\ud800", "must be valid Unicode, without half of a surrogate pair; got '\\ud800'"),
    ],
)
def test_a_name_must_be_a_text_that_can_be_kept(name: object, text: str) -> None:
    assert problems(document(name=name)) == {"name": [text]}


@pytest.mark.parametrize("junk", [0, {"to_column": "a"}, {"to_column": "a", "target_type": 5}])
def test_too_many_elements_are_one_problem_not_as_many(junk: object) -> None:
    sent = document(mapping=columns(property_mappings=[junk] * 10_001))

    assert problems(sent) == {
        "mapping.column_mapping.property_mappings": ["must have at most 10000 elements, not 10001"]
    }


def test_unknown_keys_are_dropped_everywhere() -> None:
    sent = document(colour="red", destination={"customer_destination": {"x": 1}, "y": None})
    sent["mapping"]["z"] = sent["source"]["z"] = sent["trigger"]["z"] = {}
    sent["mapping"]["column_mapping"]["id_mappings"][0]["type"] = "string"

    assert normalise(sent) == normalise(SMALLEST)


@given(sent=documents())
def test_no_text_of_a_problem_repeats_a_password(sent: dict[str, Any]) -> None:
    login = {"username": "a:b", "password": "hunter2hunter2"}
    url = "http://u:hunter2hunter2@h"
    sent["source"] = {"source_type": "url", "import_url": url, "auth": login}

    with pytest.raises(InvalidError) as caught:
        normalise(sent)

    assert "hunter2" not in str(caught.value)


def test_reading_documents_takes_no_column_engine() -> None:
    """Commands that only speak HTTP start faster, and Ctrl-C ends a read that waits."""
    code = "import sys, importmgr.cli.main, definitions.schema; print('polars' in sys.modules)"

    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert done.stdout == "False\n"


@pytest.mark.parametrize(
    ("path", "slip", "meant"),
    [
        ("", "brake", "brakes"),
        ("mapping.column_mapping", "timestamp_formats", "timestamp_format"),
        ("mapping.column_mapping.id_mappings.0", "sensitve", "sensitive"),
        ("mapping.column_mapping.property_mappings.0", "thousand", "thousands"),
    ],
)
def test_a_slip_of_the_pen_in_a_name_of_ours_is_refused(path: str, slip: str, meant: str) -> None:
    sent = people()
    part: Any = sent
    for step in path.split(".") if path else ():
        part = part[int(step)] if step.isdecimal() else part[step]
    part[slip] = True

    with pytest.raises(InvalidError) as caught:
        normalise(sent)

    told = f"'{slip}' is no option here; did you mean '{meant}'?"
    assert caught.value.problems == {f"{path}.{slip}".lstrip("."): [told]}
