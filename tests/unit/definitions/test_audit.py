from __future__ import annotations

import pytest

from definitions.audit import summary, without_query
from tests.acceptance.documents import catalog, changed, people


def test_a_summary_tells_what_a_definition_is_for_and_no_login() -> None:
    auth = {"username": "crm", "password": ""}
    document = changed(people("https://a.example/p.csv?token=geheim"), "source.auth", auth)

    assert summary(document) == {
        "name": "People",
        "trigger": {"trigger_type": "now"},
        "destination": {"customer_destination": {}},
        "source": {"source_type": "url", "import_url": "https://a.example/p.csv"},
    }


def test_a_summary_of_files_tells_which_and_not_the_mapping() -> None:
    source = {
        "source_type": "filestorage",
        "integration_id": "5f3c1a2b4d5e6f708192a3b4",
        "path": "*.csv",
        "file_selection": "all",
        "marker": None,
    }
    told = summary(changed(catalog("https://a.example"), "source", source))

    assert told["source"] == {name: source[name] for name in source if name != "marker"}
    assert "mapping" not in told


@pytest.mark.parametrize("rest", ["", "?sig=x", "#x", "?sig=x#y", "#y?sig=x"])
def test_an_address_ends_where_a_token_may_begin(rest: str) -> None:
    assert without_query(f"https://a.example/p.csv{rest}") == "https://a.example/p.csv"
