from __future__ import annotations

from sources.formats.xml.attributes import INSTANCE, SCHEMA, Attributes


def test_attributes_about_the_document_are_no_data() -> None:
    told = Attributes()
    usual = {"xmlns": "urn:x", "xmlns:b": "urn:b", "xsi:nil": "true", "xsi:type": "xsd:int"}
    assert told.data_of({**usual, "xsi:schemaLocation": "a b"}) == {}
    assert told.data_of({"a": "1", "b:c": "2"}) == {"a": "1", "c": "2"}
    assert told.data_of({"xsi:type": "b:Dog", "nil": "true"}) == {"type": "b:Dog", "nil": "true"}


def test_prefixes_mean_what_the_document_says() -> None:
    told = Attributes()
    assert told.data_of({"i:nil": "true"}) == {"nil": "true"}
    assert told.data_of({"xmlns:i": INSTANCE, "xmlns:s": SCHEMA, "i:nil": "true"}) == {}
    assert told.data_of({"i:type": "s:int", "type": "s:int"}) == {"type": "s:int"}


def test_none_of_two_attributes_that_differ_in_their_prefixes_is_lost() -> None:
    told = Attributes()
    assert told.data_of({"xml:id": "e1", "id": "5"}) == {"id_2": "e1", "id": "5"}
    assert told.data_of({"id": "5", "xml:id": "e1"}) == {"id": "5", "id_2": "e1"}
    assert told.data_of({"a:id": "1", "b:id": "2", "id_2": "3"}) == {
        "id": "1",
        "id_3": "2",
        "id_2": "3",
    }
