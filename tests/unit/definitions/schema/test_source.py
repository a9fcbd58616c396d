"""The source: BR19, BR20."""

from __future__ import annotations

from typing import Any

import pytest

from definitions.schema import normalise
from tests.unit.definitions.documents import document, problems

URL: dict[str, Any] = {"source_type": "url", "import_url": "https://files.example.test/p.csv"}
FILES: dict[str, Any] = {
    "source_type": "filestorage",
    "integration_id": "5f3c1a2b4d5e6f708192a3b4",
    "path": "*.csv",
    "file_selection": "all",
}


def echo(source: object) -> dict[str, Any]:
    """Return a source as it is read back."""
    found: dict[str, Any] = normalise(document(source=source))["source"]
    return found


def refused(source: object) -> dict[str, list[str]]:
    """Return what is wrong with a source."""
    return problems(document(source=source))


def test_a_url_source_needs_its_url() -> None:
    """BR19."""
    assert refused({"source_type": "url"}) == {"source.import_url": ["is required"]}


@pytest.mark.parametrize("url", ["ftp://x", "x.csv", "", "//host/x", "http://", "http:///x"])
def test_a_url_must_be_absolute_http(url: str) -> None:
    """BR19."""
    assert set(refused(URL | {"import_url": url})) == {"source.import_url"}


def test_a_login_may_be_null_or_absent() -> None:
    """BR19."""
    assert echo(URL | {"auth": None})["auth"] is None
    assert "auth" not in echo(URL)


@pytest.mark.parametrize(
    ("auth", "path"),
    [
        ({"username": "u"}, "source.auth.password"),
        ({"password": "p"}, "source.auth.username"),
        ({"username": "u", "password": None}, "source.auth.password"),
        ({"username": "u", "password": 5}, "source.auth.password"),
        ({"username": "u:v", "password": "p"}, "source.auth.username"),
        ("u:p", "source.auth"),
        ([], "source.auth"),
    ],
)
def test_a_login_needs_name_and_password(auth: object, path: str) -> None:
    """BR19."""
    assert set(refused(URL | {"auth": auth})) == {path}


def test_a_login_in_the_url_is_refused_without_repeating_it() -> None:
    [text] = refused(URL | {"import_url": "https://ann:hunter2@h/x"})["source.import_url"]

    remedy = "give it in source.auth instead"
    assert text == f"must not contain a login before the host; {remedy}; got 'https://…'"


@pytest.mark.parametrize("proxy", ["yes", 1])
def test_the_proxy_flag_is_true_or_false(proxy: object) -> None:
    assert set(refused(URL | {"use_socks_proxy": proxy})) == {"source.use_socks_proxy"}


@pytest.mark.parametrize("selection", ["all", "last_mod", "last_alpha", "not_imported"])
def test_every_way_to_select_files_is_accepted(selection: str) -> None:
    """BR20."""
    sent = FILES | {"file_selection": selection}

    assert echo(sent) == sent


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("integration_id", "5f3c1a2b4d5e6f708192a3b"),
        ("path", ""),
        ("file_selection", "newest"),
        ("path", "../x.csv"),
        ("path", "a/../x.csv"),
        ("path", "a\\..\\x.csv"),
        ("parent_path", "/out/.."),
        ("path", None),
        ("parent_path", 5),
    ],
)
def test_a_file_storage_source_is_checked(member: str, value: object) -> None:
    """BR20."""
    assert set(refused(FILES | {member: value})) == {f"source.{member}"}


def test_two_dots_within_a_file_name_are_no_way_out() -> None:
    assert echo(FILES | {"path": "a..b.csv"})["path"] == "a..b.csv"


def test_a_null_parent_path_is_read_back() -> None:
    assert echo(FILES | {"parent_path": None})["parent_path"] is None


@pytest.mark.parametrize("word", ["URL", "sftp", "", None, 5, []])
def test_the_type_is_one_of_two_words(word: object) -> None:
    assert set(refused(URL | {"source_type": word})) == {"source.source_type"}


def test_a_source_without_a_type_misses_it() -> None:
    assert refused({}) == {"source.source_type": ["is required"]}


@pytest.mark.parametrize(
    ("member", "value"),
    [
        ("after_success", {"action": "delete"}),
        ("after_failure", {"action": "keep"}),
        ("marker", ".done"),
        ("stable_for", 0),
        ("changed_when", "content"),
    ],
)
def test_what_only_files_of_a_storage_can_have_is_refused_beside_an_address(
    member: str, value: object
) -> None:
    text = "is for files of a storage; leave it out where source_type is 'url'"
    assert refused(URL | {member: value}) == {f"source.{member}": [text]}
    assert member not in echo(URL | {member: None})


@pytest.mark.parametrize(
    ("slip", "meant"),
    [
        ("after_sucess", "after_success"),
        ("afterFailure", "after_failure"),
        ("stablefor", "stable_for"),
        ("markers", "marker"),
    ],
)
def test_a_slip_of_the_pen_in_a_name_of_ours_is_refused(slip: str, meant: str) -> None:
    problem = {f"source.{slip}": [f"'{slip}' is no option here; did you mean '{meant}'?"]}

    assert refused(FILES | {slip: None}) == problem
    assert refused(URL | {slip: None}) == problem


def test_other_names_that_nobody_knows_are_dropped_as_the_contract_has_it() -> None:
    assert "file_format" not in echo(FILES | {"file_format": "csv"})


def test_a_name_that_is_no_option_of_a_format_is_refused() -> None:
    text = "'delimeter' is no option here; did you mean 'delimiter'?"
    sent = URL | {"format": {"delimeter": ";"}}

    assert refused(sent) == {"source.format.delimeter": [text]}
