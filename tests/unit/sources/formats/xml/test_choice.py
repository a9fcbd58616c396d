from __future__ import annotations

import pytest

from sources.formats.xml.choice import DEEPEST, MOST_PATHS, Outline, choose, is_named
from sources.formats.xml.outlining import outline_of
from sources.markup import Markup, Told


def outline(text: str) -> Outline:
    seen = Outline()
    markup = Markup(Told(begin=seen.begin, end=seen.end, text=seen.text), "f")
    markup.take(text.encode())
    return seen


@pytest.mark.parametrize(
    ("text", "wanted", "path"),
    [
        ("<r><p><a/></p><p><a/></p></r>", "", "r/p"),
        ("<rss><c><title/><item><a/></item><item/></c></rss>", "", "rss/c/item"),
        ("<r><m x='1'/><m x='2'/><ps><p><a/></p><p/><p/></ps></r>", "", "r/ps/p"),
        ("<r><m x='1'/><m x='2'/><ps><p><a/></p><p/><p/></ps></r>", "x", "r/m"),
        ("<os><o><l><n/></l><l/><l/></o><o/></os>", "", "os/o"),
        ("<r><p><id/><tag/><tag/></p></r>", "", "r/p"),
        ("<r><p><id/><v s='1'/><v s='2'/></p></r>", "id", "r/p"),
        ("<p><id/><name/></p>", "", "p"),
        ("<l><n>a</n><n>b</n></l>", "", "l/n"),
        ("<r><g><is><i><a/><b/></i><i/></is></g><g><is><i/></is></g></r>", "", "r/g/is/i"),
        ("<r><g n='1'><i><a/><b/></i><i/></g><g><i/></g></r>", "", "r/g"),
        ("<r><g>text<i><a/><b/></i><i/></g><g><i/></g></r>", "", "r/g"),
        ("<r><tr><td s='1'/><td/></tr><tr><td/></tr></r>", "", "r/tr"),
        ("<r><g><i><a/><b/></i><i/></g><g><i/></g></r>", "i", "r/g"),
        ("<r>" + "<g><i name='x'><a/><b/></i><i name='y'/></g>" * 2 + "</r>", "", "r/g"),
        ("<r><g><i name='x'><a/><b/></i><i name='y'/></g><g><i name='z'/></g></r>", "", "r/g/i"),
        ("<f><k href='1'/><k href='2'/><k href='3'/><e><a/></e><e/></f>", "", "f/e"),
        ("<f>" + "<k href='1'/>" * 30 + "<e><a/></e><e/></f>", "", "f/k"),
        ("<f><k x='1'/><k x='2'/><k x='3'/><e><a/></e><e/></f>", "", "f/k"),
        ("<f><k x='1'/><k x='2'/><k x='3'/><e y='1'><a>1</a></e><e><a>2</a></e></f>", "", "f/e"),
        ("<f><k x='1'/><k x='2'/><k x='3'/><e><a>1</a></e><e><a>2</a></e></f>", "", "f/k"),
        ("<f><Schema><k n='1' t=''/><k/><k/></Schema><e n='1'/><e/></f>", "", "f/e"),
        (
            "<m><table_structure><f a='1' b=''/><f/></table_structure><d><r><n/></r><r/></d></m>",
            "",
            "m/d/r",
        ),
        ("<k><s id='a' b=''/><s id='c' d=''/><p><u>#a</u></p><p><u/></p></k>", "", "k/p"),
        ("<k><s id='a' b=''/><s id='c' d=''/><p><u>a</u></p><p><u>#b</u></p></k>", "", "k/s"),
        ("<k><s id='a' b=''/><s id='c' d=''/><p><u>#a</u></p><p/></k>", "b", "k/s"),
        ("<f><METADATA><k n='1' t=''/><k/></METADATA></f>", "", "f/METADATA/k"),
        ("<f><k href='1'>t</k><k href='2'/><k/><e><a/></e><e/></f>", "", "f/k"),
        ("<r><c><t/><i><id/><n/></i></c></r>", "id n", "r/c/i"),
        ("<r><c><t/><i><id/><n/></i></c></r>", "t", "r/c"),
        ("<r><k x='1'/><k/><c><i><id/><n/></i></c></r>", "n", "r/c/i"),
        ("<r><c><t/><i><id/><n/></i></c></r>", "other", "r/c"),
        ("<r><k>t</k><a:k x='1'/><i><id/></i></r>", "", "r"),
        ("<r xmlns:a='u' xmlns:b='u'><a:k x='1'/><b:k x='1'/><i><id/></i></r>", "", "r/a:k"),
        ("<r><k x='1'/><k/><c><i><id/><a:n/></i></c></r>", "a:n", "r/c/i"),
    ],
)
def test_the_record_is_what_repeats_near_the_root(text: str, wanted: str, path: str) -> None:
    assert choose(outline(text), frozenset(wanted.split())) == tuple(path.split("/"))


@pytest.mark.parametrize(
    ("text", "path"),
    [
        ("<o i='1'><t>1</t></o>", "o"),
        ("<o><t>1</t><u><i>1</i><n>x</n></u></o>", "o"),
        ("<o><i/><ls><l>1</l><l>2</l></ls></o>", "o"),
        ("<o><a/><b/></o><x><y z='1'/><y/><y/><y/></x>", "o"),
        ("<r><p><a>1</a></p><p><a>2</a></p></r>", "r/p"),
        ("<r i='1'><p><a/><b/></p></r>", "r/p"),
        ("<r i='1'><t/><p><a/></p><p><a/></p></r>", "r/p"),
        ("<r><t/><ps><p><a/></p><p><a/></p></ps></r>", "r/ps"),
        ("<e><b><p><a/><c/></p></b></e>", "e/b"),
    ],
)
def test_documents_one_behind_the_other_are_records_if_nothing_repeats_in_them(
    text: str, path: str
) -> None:
    seen, _ = outline_of(text.encode() * 2, "f")
    assert choose(seen, frozenset()) == tuple(path.split("/"))


def test_an_empty_list_has_no_record() -> None:
    assert choose(outline("<r/>"), frozenset()) is None
    assert choose(outline("<r x='1'/>"), frozenset()) is None


def test_a_name_or_the_end_of_a_path_tells_records() -> None:
    path = ["r", "ps", "p"]
    assert [is_named(name)(path) for name in ("p", "ps/p", "/r/ps/p")] == [True] * 3
    assert [is_named(name)(path) for name in ("ps", "r/p", "/ps/p", "p/p")] == [False] * 4


def test_the_outline_of_any_document_stays_small() -> None:
    deep = outline("<r>" + "<a>" * 50_000 + "</a>" * 50_000 + "<b/></r>")
    assert (max(map(len, deep.seen)), len(deep.seen)) == (DEEPEST, DEEPEST + 1)
    assert ("r", "b") in deep.seen
    many = outline("<r>" + "".join(f"<x{n}/>" for n in range(2 * MOST_PATHS)) + "<x1/></r>")
    assert (len(many.seen), many.seen["r", "x1"].count) == (MOST_PATHS, 2)


def test_many_kinds_of_records_are_told_apart_in_one_look() -> None:
    kinds = "".join(f"<x{n}><id/></x{n}><x{n}/>" for n in range(9_000))
    assert choose(outline(f"<r>{kinds}<p id='1'><q/></p><p/></r>"), frozenset({"q"})) == ("r", "p")
