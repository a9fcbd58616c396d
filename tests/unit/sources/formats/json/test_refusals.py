from __future__ import annotations

import pytest

from definitions.errors import FormatError
from sources.formats.json.refusals import refuse_error_answer, refuse_other_text


@pytest.mark.parametrize(
    ("start", "message"),
    [
        (b"", "is empty"),
        (b"<!DOCTYPE html><html>", "looks like an HTML page, not JSON"),
        (b"id;name", "is no JSON records; it begins with 'id;name'"),
    ],
)
def test_other_text_is_refused(start: bytes, message: str) -> None:
    with pytest.raises(FormatError, match=message):
        refuse_other_text(start, "f")
    refuse_other_text(b"[1]", "f")


def test_an_object_that_tells_of_an_error_is_refused_unless_its_names_are_wanted() -> None:
    refuse_error_answer("f", b"{}", {"message", "id"}, frozenset())
    refuse_error_answer("f", b"{}", {"message", "status"}, frozenset({"status"}))
    with pytest.raises(FormatError, match="'f' looks like an error answer"):
        refuse_error_answer("f", b"{}", {"message", "status"}, frozenset())


@pytest.mark.parametrize("empty", [b"[]", b"null", b"false", b'""', b"0", b"{}"])
def test_an_error_that_is_none_tells_of_none(empty: bytes) -> None:
    text = b'{"Error": %b, "result": {"id": 1}}' % empty
    refuse_error_answer("f", text, {"Error", "result.id"}, frozenset())
    with pytest.raises(FormatError, match="'f' looks like an error answer"):
        refuse_error_answer("f", text.replace(empty, b'["x"]'), {"Error"}, frozenset())
    with pytest.raises(FormatError, match="'f' looks like an error answer"):
        refuse_error_answer("f", text[:-1], {"Error"}, frozenset())
