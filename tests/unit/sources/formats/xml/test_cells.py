from __future__ import annotations

from xml.etree import ElementTree as ET

import pytest

from sources.formats.xml.cells import Node, Shape, cells_of, shape_of


def node(text: str) -> Node:
    return from_element(ET.fromstring(text))  # noqa: S314 - our own texts


def from_element(element: ET.Element) -> Node:
    texts = [element.text or "", *(child.tail or "" for child in element)]
    children = [from_element(child) for child in element]
    for place, child in enumerate(children, 1):
        child.place = place
    return Node(element.tag, dict(element.attrib), children, texts)


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ("<p><a>1</a><b> x </b><c/></p>", {"a": "1", "b": " x ", "c": ""}),
        ("<p i='1'><a j='2'>t</a></p>", {"i": "1", "a.j": "2", "a": "t"}),
        ("<p><a><b><c>1</c></b></a></p>", {"a.b.c": "1"}),
        ("<p a='1'><a>2</a></p>", {"@a": "1", "a": "2"}),
        ("<p>text<a> </a></p>", {"p": "text", "a": ""}),
        ("<p><t>1</t><a/><t>2</t></p>", {"t": '["1","2"]', "a": ""}),
        (
            "<p><t k='1'>x</t><t><u>1</u><u>2</u></t></p>",
            {"t": '[{"k":"1","t":"x"},{"u":["1","2"]}]'},
        ),
        ("<p>t</p>", {"p": "t"}),
        (
            "<p><a.b>1</a.b><a><b>2</b><b_2>3</b_2></a></p>",
            {"a.b": "1", "a.b_3": "2", "a.b_2": "3"},
        ),
        ("<p><a><b>2</b></a><a.b>1</a.b></p>", {"a.b_2": "2", "a.b": "1"}),
        (
            "<p><a><b c='1'/><b.c/></a><a.b c='2'>3</a.b></p>",
            {"a.b.c_3": "1", "a.b.c": "", "a.b.c_2": "2", "a.b": "3"},
        ),
        ("<p p='1'>t<q/></p>", {"p": "1", "p_2": "t", "q": ""}),
        ("<p>t<p>u</p></p>", {"p": "t", "p_2": "u"}),
        ("<p><t>a <b>big</b> house</t></p>", {"t": "a big house", "t.b": "big"}),
        ("<p><t><i>E. coli</i> in water</t></p>", {"t": "E. coli in water", "t.i": "E. coli"}),
        ("<p><t>5<c>EUR</c> </t></p>", {"t": "5 ", "t.c": "EUR"}),
        (
            "<p>a<b>b<c>c</c>d<c> e</c></b>f</p>",
            {"p": "abcd ef", "b": "bd", "b.c": '["c"," e"]'},
        ),
        ("<p><t>a<b>b</b>c</t><t>d</t></p>", {"t": '[{"t":"abc","b":"b"},"d"]'}),
        (
            "<o><p>t<p>u</p></p><p p='1'>v</p></o>",
            {"p": '[{"p_2":"t","p":"u"},{"p":"1","p_2":"v"}]'},
        ),
    ],
)
def test_a_record_becomes_cells(text: str, cells: dict[str, str]) -> None:
    assert cells_of(node(text), Shape()) == cells


def test_what_was_seen_once_holds_for_all_records() -> None:
    shape = shape_of([node("<p a='1'><a>2</a><o><t/><t/></o></p>"), node("<p/>")])
    assert shape == Shape(lists=frozenset({"o.t"}), marked=frozenset({"a"}))
    later = node("<p a='1'><o><t>x</t></o></p>")
    assert cells_of(later, shape) == {"@a": "1", "o.t": '["x"]'}


def test_elements_are_called_by_their_places() -> None:
    rows = [node("<p i='1'><c><d>1</d></c><c><d>x</d><d>y</d></c></p>"), node("<p><c/><c/></p>")]
    shape = shape_of(rows, names=("id", "n"))
    assert [cells_of(row, shape) for row in rows] == [
        {"i": "1", "id": "1", "n.d": '["x","y"]'},
        {"id": "", "n": ""},
    ]


def test_elements_that_differ_in_their_prefixes_are_different_cells_in_every_record() -> None:
    title, other = Node("title", {}, texts=["t"]), Node("i:title", {}, texts=["o"])
    group = Node("g", {}, [other, Node("i:id", {}, texts=["1"])])
    several = Node("l", {}, [other])
    shape = shape_of([Node("p", {}, [title, other]), Node("p", {}, [other])])
    assert cells_of(Node("p", {}, [other, title]), shape) == {"i:title": "o", "title": "t"}
    assert cells_of(Node("i:p", {}, [other]), shape) == {"i:title": "o"}
    assert cells_of(Node("p", {}, [group]), shape) == {"g.i:title": "o", "g.id": "1"}
    assert cells_of(Node("p", {}, [several, several]), shape) == {
        "l": '[{"i:title":"o"},{"i:title":"o"}]'
    }
    assert cells_of(Node("p", {}, [other]), Shape()) == {"title": "o"}


def test_a_name_that_an_attribute_gives_has_no_prefix() -> None:
    def row() -> Node:
        fields = [Node("f", {"n": name}, texts=[name]) for name in ("dc:id", "id", "x:y")]
        return Node("p", {}, fields)

    shape = shape_of([row()], naming="n")
    assert cells_of(row(), shape) == {"dc:id": "dc:id", "id": "id", "x:y": "x:y"}
