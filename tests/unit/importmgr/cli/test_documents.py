from __future__ import annotations

import io

import pytest

from definitions.errors import RequestError
from importmgr.cli.documents import read_document


def test_a_document_is_a_json_object() -> None:
    assert read_document(io.StringIO('{"name": "People"}')) == {"name": "People"}


@pytest.mark.parametrize(("text", "why"), [("{", "is not JSON"), ("[]", "must hold a JSON object")])
def test_anything_else_is_refused(text: str, why: str) -> None:
    file = io.StringIO(text)
    file.name = "definition.json"

    with pytest.raises(RequestError, match=f"definition.json {why}"):
        read_document(file)
